import { decodeHTMLStrict } from "entities";

/** Titles, names and other lines of plain text. Feeds often escape them twice, "Q&amp;amp;A": what is left of that is decoded, and line breaks are spaces. */
export function line(text: string | undefined): string | undefined {
  const plain = text && decodeHTMLStrict(text).replace(/\s+/g, " ").trim();
  return plain === "" ? undefined : plain;
}

/** In characters; what is longer is a text, and no name in it is looked for. */
const LONGEST = 300;

/** Who a line names: feeds write "me@example.com (My Name)" and "My Name <me@example.com>" where a name belongs. An address alone is all there is. */
export function author(text: string | undefined): string | undefined {
  const plain = line(text);
  if (plain === undefined || plain.length > LONGEST) return plain;
  const [, behind] = /^(?:mailto:)?\S+@\S+\s*\(([^()]+)\)$/.exec(plain) ?? [];
  const [, before] = /^([^<>@]+?)\s*[<(][^<>()\s]+@[^<>()\s]+[>)]$/.exec(plain) ?? [];
  return (behind ?? before)?.trim() || plain;
}
