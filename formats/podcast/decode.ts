import iconv from "iconv-lite";
import { FormatError } from "../error.ts";
import { isEncoding, markedEncoding } from "../text.ts";

/** The text of a feed and what was wrong with how it was encoded. */
export type Decoded = { text: string; warnings: string[] };

/** What XML without a mark looks like in encodings of more than one byte: "<" and an ASCII character. Four bytes before two. */
const PATTERNS: [fits: (bytes: Uint8Array) => boolean, encoding: string][] = [
  [([a, b, c, d]) => a === 0x3c && b === 0 && c === 0 && d === 0, "utf-32le"],
  [([a, b, c, d]) => a === 0 && b === 0 && c === 0 && d === 0x3c, "utf-32be"],
  [([a, b, c, d]) => a === 0x3c && b === 0 && c !== 0 && d === 0, "utf-16le"],
  [([a, b, c, d]) => a === 0 && b === 0x3c && c === 0 && d !== 0, "utf-16be"],
];

/**
 * The bytes of a feed as text: by the byte order mark, else by the pattern of its first bytes, else as the XML declaration says,
 * else as UTF-8. Where the bytes do not agree with that, they are read as a careful reader would and a warning says so: Windows-1252
 * for single bytes among Latin letters, U+FFFD for damage in UTF-8. ISO 8859-1 and ASCII are read as Windows-1252, as browsers do.
 * JB242: a NUL; or bytes that are no UTF-8, no Latin text, and declare nothing.
 */
export function decodeFeed(bytes: Buffer, file: string): Decoded {
  const warnings: string[] = [];
  const mark = markedEncoding(bytes);
  const body = bytes.subarray(mark?.markBytes ?? 0);
  const pattern = mark?.encoding ?? PATTERNS.find(([fits]) => fits(body))?.[1];
  const declared = declaredEncoding(body);
  let text: string;
  if (pattern !== undefined && pattern !== "utf-8") text = iconv.decode(body, pattern);
  else if (pattern === "utf-8" || declared === undefined || isUnicode(declared)) {
    if (declared !== undefined && /^u(?:cs|tf)[-_]?(?:16|32|2|4)/i.test(declared) && !mark) {
      warnings.push(`declares the encoding ${declared}, but is not: read as UTF-8`);
    }
    text = unicode(body, file, mark !== undefined, declared, warnings);
  } else if (/^(?:iso-?8859-?1|latin-?1|us-ascii|ascii)$/i.test(declared)) {
    text = iconv.decode(body, "windows-1252");
  } else if (isEncoding(declared)) {
    text = iconv.decode(body, declared);
    if (text.includes("\uFFFD")) {
      warnings.push(`holds bytes that mean nothing in ${declared}: they are U+FFFD now`);
    }
  } else {
    warnings.push(`declares the unknown encoding "${declared.slice(0, 40)}"`);
    text = unicode(body, file, false, undefined, warnings);
  }
  if (text.includes("\0")) {
    throw new FormatError({
      code: "JB242",
      file,
      reason: "holds a NUL character",
      hint: "this is a binary file, or it was damaged on its way",
    });
  }
  return { text: text.replace(/^\uFEFF/, ""), warnings };
}

function isUnicode(declared: string): boolean {
  return /^(?:utf[-_]?(?:8|7|16|32)(?:[-_]?[bl]e)?|u[-_]?(?:8|16)|ucs[-_]?[24]|iso-10646-ucs-[24])$/i.test(
    declared,
  );
}

/** The encoding in the XML declaration, wherever in the first bytes it stands. */
function declaredEncoding(bytes: Buffer): string | undefined {
  const head = bytes.subarray(0, 4096).toString("latin1");
  return /<\?xml[^>]*?\sencoding\s*=\s*["']([^"'>]*)["']/i.exec(head)?.[1]?.trim() || undefined;
}

/** Text that should be UTF-8, or says nothing. */
function unicode(
  bytes: Buffer,
  file: string,
  isMarked: boolean,
  declared: string | undefined,
  warnings: string[],
): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    // Not UTF-8 throughout.
  }
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  const { good, bad } = tally(text);
  if (isMarked || good > bad) {
    warnings.push(`holds ${bad} bytes or more that are no UTF-8: they are U+FFFD now`);
    return text;
  }
  if (longestRun(bytes) > LATIN_RUN) {
    const says = declared
      ? `declares ${declared.slice(0, 40)}, which it is not`
      : "declares no encoding";
    throw new FormatError({
      code: "JB242",
      file,
      reason: `the text is not UTF-8 and ${says}: in which encoding it is cannot be known`,
      hint: "convert it to UTF-8, for example with iconv, or let its XML declaration name the encoding",
    });
  }
  warnings.push("is not UTF-8: read as Windows-1252");
  return iconv.decode(bytes, "windows-1252");
}

/** Latin text has two or three letters with accents or quotation marks side by side, other scripts have words of them. */
const LATIN_RUN = 3;

function longestRun(bytes: Buffer): number {
  let longest = 0;
  let run = 0;
  for (const byte of bytes) {
    run = byte < 0x80 ? 0 : run + 1;
    if (run > longest) longest = run;
  }
  return longest;
}

function tally(text: string): { good: number; bad: number } {
  let good = 0;
  let bad = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0xfffd) bad += 1;
    else if (code >= 0x80) good += 1;
  }
  return { good, bad };
}
