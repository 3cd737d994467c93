/** What went wrong, in the order in which a reader meets it: opening, decoding, JSON, meaning. */
export type FormatErrorCode =
  /** The file cannot be read: missing, a directory, no permission. */
  | "JB240"
  /** The file holds nothing. */
  | "JB241"
  /** The bytes are no text of their encoding: binary, a NUL, half a surrogate pair, an encoding that is not known. */
  | "JB242"
  /** The text is not well-formed (JSON, XML, a table), or ends in the middle. */
  | "JB243"
  /** Too much: a line, a document or its nesting is beyond the limit. */
  | "JB244"
  /** Well-formed, but no format or kind of document that is understood. */
  | "JB245"
  /** A record that does not fit the schema. */
  | "JB246"
  /** Packed data (gzip, xz, zstd) that is damaged, ends early, or unpacks to more than can be meant. */
  | "JB247"
  /** XML that declares entities of its own: they are never expanded. */
  | "JB248"
  /** A mapping that cannot be used: it is missing, not well-formed, or does not fit the input. */
  | "JB249";

export type Fault = {
  code: FormatErrorCode;
  file: string;
  /** 1-based line of the file, for formats of one record a line. */
  line?: number;
  /** JSON pointer: inside the document, or inside the record of `line`. */
  pointer?: string;
  reason: string;
  /** What the person at the keyboard can do about it. */
  hint: string;
};

/** A file that cannot be taken, and why. The message reads `file:line: reason`. */
export class FormatError extends Error {
  readonly code: FormatErrorCode;
  readonly file: string;
  readonly line: number | undefined;
  readonly pointer: string | undefined;
  readonly reason: string;
  readonly hint: string;

  constructor(fault: Fault) {
    super(`${place(fault)}: ${fault.reason}`);
    this.name = "FormatError";
    this.code = fault.code;
    this.file = fault.file;
    this.line = fault.line;
    this.pointer = fault.pointer;
    this.reason = fault.reason;
    this.hint = fault.hint;
  }
}

function place({ file, line, pointer }: Fault): string {
  return `${file}${line === undefined ? "" : `:${line}`}${pointer ? `#${pointer}` : ""}`;
}
