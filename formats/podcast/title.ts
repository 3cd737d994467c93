import { decodeHTMLStrict } from "entities";

/** Titles, names and other lines of plain text. Feeds often escape them twice, "Q&amp;amp;A": what is left of that is decoded, elements of HTML are their text, and line breaks are spaces. */
export function line(text: string | undefined): string | undefined {
  const plain = text && withoutMarkup(decodeHTMLStrict(text)).replace(/\s+/g, " ").trim();
  return plain === "" ? undefined : plain;
}

/** In characters; what is longer is a text, and neither a name nor markup in it is looked for. */
const LONGEST = 300;

const ELEMENT = /<(p|div|span|h[1-6]|b|i|u|em|strong|small|font|a)(?:\s[^<>]*)?>(.*?)<\/\1\s*>/gis;
/** How deep elements are looked for in each other. */
const DEPTH = 3;

/** Without the tags of HTML elements that are whole: a title that only speaks of <p> keeps it. */
function withoutMarkup(text: string): string {
  let plain = text;
  if (text.length <= LONGEST) {
    for (let depth = 0; depth < DEPTH; depth += 1) plain = plain.replace(ELEMENT, "$2");
  }
  return plain;
}

/** Who a line names: feeds write "me@example.com (My Name)" and "My Name <me@example.com>" where a name belongs. An address alone is all there is. */
export function author(text: string | undefined): string | undefined {
  const plain = line(text);
  if (plain === undefined || plain.length > LONGEST) return plain;
  const [, behind] = /^(?:mailto:)?\S+@\S+\s*\(([^()]+)\)$/.exec(plain) ?? [];
  const [, before] = /^([^<>@]+?)\s*[<(][^<>()\s]+@[^<>()\s]+[>)]$/.exec(plain) ?? [];
  return (behind ?? before)?.trim() || plain;
}
