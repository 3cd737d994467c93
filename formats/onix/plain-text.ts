import { decodeHTML } from "entities";
import type { XmlElement } from "../xml.ts";

/** Elements of XHTML that begin a line of their own. */
const BLOCKS = /^(?:address|blockquote|br|dd|div|dl|dt|h[1-6]|hr|li|ol|p|pre|table|td|th|tr|ul)$/i;
const BLOCK_TAG =
  /<\/?(?:address|blockquote|br|dd|div|dl|dt|h[1-6]|hr|li|ol|p|pre|table|td|th|tr|ul)\b[^<>]*>/gi;
const TAG = /<\/?[a-z][^<>]*>|<!--[^<>]*-->/gi;

/** List 34: HTML, XML, XHTML. */
const MARKUP_FORMATS = ["02", "03", "05"];

/**
 * The text of an element that holds text, XHTML, or HTML inside a CDATA section or escaped, as plain text: a line for each paragraph,
 * white space as single spaces, no tags. `format` is the code of list 34 when there is one. Undefined when nothing is left.
 */
export function plainText(element: XmlElement, format?: string): string | undefined {
  const given = lines(element);
  // Whoever escapes the markup often states a format without markup.
  const isNested = element.content.some((each) => typeof each !== "string");
  const isMarkup = !isNested && (MARKUP_FORMATS.includes(format ?? "") || given.search(TAG) >= 0);
  const text = isMarkup ? decodeHTML(given.replace(BLOCK_TAG, "\n").replace(TAG, "")) : given;
  const plain = text
    .split("\n")
    .map((line) => line.replace(/\s+/g, " ").trim())
    .filter((line) => line !== "")
    .join("\n");
  return plain === "" ? undefined : plain;
}

/** What stands inside an element, line breaks only where a block begins or ends. */
function lines(element: XmlElement): string {
  return element.content
    .map((each) => {
      if (typeof each === "string") return each.replace(/\s+/g, " ");
      return BLOCKS.test(each.name) ? `\n${lines(each)}\n` : lines(each);
    })
    .join("");
}
