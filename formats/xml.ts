import { SaxesParser, type SaxesTagNS } from "saxes";
import { FormatError } from "./error.ts";
import type { Input } from "./input.ts";
import { readHead } from "./input.ts";
import { decoded, isEncoding, markedEncoding } from "./text.ts";

/** An element with all it contains. Names and attributes are local: without their prefix. */
export type XmlElement = {
  name: string;
  /** Its namespace, "" for none. */
  uri: string;
  attributes: { [name: string]: string };
  content: (XmlElement | string)[];
  /** 1-based line on which it begins. */
  line: number;
  /** Its XPath in the document, with the place among its siblings of the same name: /a/b[2]. */
  path: string;
};

/** What stands around the elements: the first element of a document, without its content. */
export type XmlRoot = { name: string; uri: string; attributes: { [name: string]: string } };

export type XmlOptions = {
  /**
   * Which elements are wanted, by their path of local names from the root, such as ["releases", "release"]. What is
   * not inside one of them is passed over. An element inside a wanted one is part of it.
   */
  take(path: readonly string[]): boolean;
  /** Entities beside the five of XML, as { eacute: "é" }. */
  entities?: { [name: string]: string };
  /** The encoding when neither the bytes nor the XML declaration say one. */
  encoding?: string;
  /** Characters of one wanted element, and of anything between two tags; 64 Mi unless told otherwise. */
  limit?: number;
};

/** Real documents nest less than 30 levels. */
const DEPTH_LIMIT = 100;
const MEBI = 1024 * 1024;
const ELEMENT_LIMIT = 64 * MEBI;

/**
 * The wanted elements of an XML document, in its order, one at a time: memory holds one of them. Strict XML 1.0 with
 * namespaces. A DTD is never fetched and its entities are never defined: a document that declares any is
 * refused. Errors: JB243 not well-formed or cut short, JB244 too deep or too large, JB248 entities declared.
 */
export async function* readElements(input: Input, options: XmlOptions): AsyncGenerator<XmlElement> {
  const parser = new SaxesParser({ xmlns: true, position: true });
  const ready: XmlElement[] = [];
  const names: string[] = [];
  /** How many children of each name there were; most elements have none. */
  const counts: (Map<string, number> | undefined)[] = [undefined];
  const paths: string[] = [""];
  /** The wanted element that is open and those open inside it. */
  const open: XmlElement[] = [];
  const { limit = ELEMENT_LIMIT } = options;
  let size = 0;
  let quiet = 0;

  const refuse = (code: "JB243" | "JB244" | "JB248", reason: string, hint: string): never => {
    throw new FormatError({ code, file: input.name, line: parser.line, reason, hint });
  };
  const heard = () => {
    quiet = 0;
  };
  const grow = (characters: number) => {
    size += characters;
    if (size > limit) {
      refuse(
        "JB244",
        `an element is larger than ${limit / MEBI} MiB`,
        "no record of a catalog is; split the document",
      );
    }
  };

  if (options.entities) Object.assign(parser.ENTITIES, options.entities);
  parser.on("error", (error) => {
    const reason = error.message.replace(/^\d+:\d+: /, "").replace(/\.$/, "");
    refuse(
      "JB243",
      `not well-formed XML: ${reason}`,
      "deliver the document as it was produced; it may have been cut short or damaged",
    );
  });
  parser.on("doctype", (doctype) => {
    heard();
    if (/<!ENTITY/i.test(doctype)) {
      refuse(
        "JB248",
        "the document declares entities of its own",
        "remove the DTD: entities are never expanded",
      );
    }
  });
  parser.on("opentag", (tag: SaxesTagNS) => {
    heard();
    if (names.length >= DEPTH_LIMIT) {
      refuse(
        "JB244",
        `nested deeper than ${DEPTH_LIMIT} levels`,
        "no catalog document is; this file was made to do harm or is damaged",
      );
    }
    const last = counts.length - 1;
    const siblings = counts[last] ?? new Map<string, number>();
    counts[last] = siblings;
    const nth = (siblings.get(tag.local) ?? 0) + 1;
    siblings.set(tag.local, nth);
    names.push(tag.local);
    counts.push(undefined);
    const path = `${paths.at(-1)}/${tag.local}${names.length === 1 ? "" : `[${nth}]`}`;
    paths.push(path);
    if (open.length === 0 && !options.take(names)) return;
    const element: XmlElement = {
      name: tag.local,
      uri: tag.uri,
      attributes: attributesOf(tag),
      content: [],
      line: parser.line,
      path,
    };
    if (open.length === 0) size = 0;
    else open.at(-1)?.content.push(element);
    grow(100 + 20 * Object.keys(tag.attributes).length);
    open.push(element);
  });
  const text = (piece: string) => {
    heard();
    const element = open.at(-1);
    if (!element) return;
    grow(piece.length);
    if (typeof element.content.at(-1) === "string")
      element.content.push((element.content.pop() as string) + piece);
    else element.content.push(piece);
  };
  parser.on("text", text);
  parser.on("cdata", text);
  parser.on("comment", heard);
  parser.on("processinginstruction", heard);
  parser.on("closetag", () => {
    heard();
    names.pop();
    counts.pop();
    paths.pop();
    const element = open.pop();
    if (element && open.length === 0) ready.push(element);
  });

  const encoding = await declaredEncoding(input, options.encoding);
  for await (const piece of decoded(input.name, input.open(), encoding)) {
    quiet += piece.length;
    if (quiet > limit) {
      refuse(
        "JB244",
        `more than ${limit / MEBI} MiB without a tag`,
        "no record of a catalog is that long",
      );
    }
    parser.write(piece);
    yield* ready.splice(0);
  }
  parser.close();
  yield* ready.splice(0);
}

/** The first element of a document whose beginning is `text`; undefined when it is no XML or does not show one. */
export function rootOf(text: string): XmlRoot | undefined {
  if (!/^\uFEFF?\s*</.test(text)) return undefined;
  const parser = new SaxesParser({ xmlns: true });
  let root: XmlRoot | undefined;
  const found = new Error("found");
  parser.on("opentag", (tag) => {
    root = { name: tag.local, uri: tag.uri, attributes: attributesOf(tag) };
    throw found;
  });
  parser.on("error", (error) => {
    throw error;
  });
  try {
    parser.write(text.trimStart());
  } catch {
    // Found, or no XML.
  }
  return root;
}

/** The elements of that name directly inside one; all of them without a name. */
export function childrenOf(element: XmlElement, name?: string): XmlElement[] {
  return element.content.filter(
    (each): each is XmlElement =>
      typeof each !== "string" && (name === undefined || each.name === name),
  );
}

/** The first element at a path of names below one: childOf(release, "ReferenceTitle", "TitleText"). */
export function childOf(
  element: XmlElement | undefined,
  ...path: string[]
): XmlElement | undefined {
  let at = element;
  for (const name of path) at = at && childrenOf(at, name)[0];
  return at;
}

/** All text inside an element, in its order, white space at both ends removed; undefined when there is none. */
export function textOf(element: XmlElement | undefined): string | undefined {
  const text = element && allText(element).trim();
  return text === "" ? undefined : text;
}

/** That text in one line: white space inside it is single spaces. Undefined when there is none. */
export function lineOf(element: XmlElement | undefined): string | undefined {
  return textOf(element)?.replace(/\s+/g, " ");
}

function allText(element: XmlElement): string {
  return element.content.map((each) => (typeof each === "string" ? each : allText(each))).join("");
}

function attributesOf(tag: SaxesTagNS): { [name: string]: string } {
  const attributes: { [name: string]: string } = Object.create(null);
  for (const attribute of Object.values(tag.attributes)) {
    if (attribute.prefix !== "xmlns" && attribute.name !== "xmlns")
      attributes[attribute.local] = attribute.value;
  }
  return attributes;
}

/** The encoding of the XML declaration, when the bytes before it do not tell another (XML 1.0, appendix F). */
async function declaredEncoding(input: Input, fallback = "utf-8"): Promise<string> {
  const head = await readHead(input, 512);
  const marked = markedEncoding(head);
  if (marked) return marked.encoding;
  if (head.subarray(0, 4).equals(Buffer.from([0x3c, 0, 0x3f, 0]))) return "utf-16le";
  if (head.subarray(0, 4).equals(Buffer.from([0, 0x3c, 0, 0x3f]))) return "utf-16be";
  const [, declared] =
    /^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._:-]+)["']/.exec(head.toString("latin1")) ?? [];
  if (declared === undefined) return fallback;
  if (isEncoding(declared)) return declared;
  throw new FormatError({
    code: "JB242",
    file: input.name,
    reason: `declares the unknown encoding "${declared.slice(0, 40)}"`,
    hint: "convert the file to UTF-8, for example with iconv",
  });
}
