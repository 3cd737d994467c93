import { readMaster } from "./discogs/master.ts";
import { readArtist, readLabel } from "./discogs/party.ts";
import { numberOf, type Reading } from "./discogs/reading.ts";
import { readRelease } from "./discogs/release.ts";
import { FormatError } from "./error.ts";
import type { Input } from "./input.ts";
import type { Format, Head, Item } from "./record.ts";
import { childOf, readElements, textOf, type XmlElement } from "./xml.ts";

/**
 * The monthly dumps of Discogs: one XML document of all artists, labels, masters or releases. Each of them becomes a
 * full record, and what it names a mention before it.
 * https://data.discogs.com
 */
export const discogs: Format = {
  name: "discogs",
  title: "Discogs monthly dump (XML)",
  source: "discogs",
  detect,
  parse,
};

type Dump = {
  element: string;
  idOf(element: XmlElement): string | undefined;
  read(reading: Reading, id: string): void;
};

const idInside = (element: XmlElement) => textOf(childOf(element, "id"));
const idBeside = ({ attributes }: XmlElement) => attributes.id;

/** By the root element. */
const DUMPS: { [root: string]: Dump } = {
  artists: { element: "artist", idOf: idInside, read: readArtist },
  labels: { element: "label", idOf: idInside, read: readLabel },
  masters: { element: "master", idOf: idBeside, read: readMaster },
  releases: { element: "release", idOf: idBeside, read: readRelease },
};

function detect({ root, text }: Head): string | undefined {
  const dump = root && root.uri === "" && Object.hasOwn(DUMPS, root.name) && DUMPS[root.name];
  if (!dump) return undefined;
  const [, rest = ""] = text.split(new RegExp(`<${root.name}[^>]*>`));
  const isEmpty = rest.trim() === "" || rest.trimStart().startsWith("</");
  return isEmpty || new RegExp(`^\\s*(?:<!--[^]*?-->\\s*)*<${dump.element}[\\s>/]`).test(rest)
    ? ""
    : undefined;
}

async function* parse(input: Input): AsyncGenerator<Item> {
  const isNew = notJustSaid();
  let isEmpty = true;
  const take = (path: readonly string[]) =>
    path.length === 2 && path[1] === DUMPS[path[0] as string]?.element;
  for await (const element of readElements(input, { take })) {
    isEmpty = false;
    const items = read(element, input.name);
    for (const item of items) if (isNew(item)) yield item;
  }
  if (!isEmpty) return;
  throw new FormatError({
    code: "JB241",
    file: input.name,
    reason: "the dump holds nothing",
    hint: "transfer the file again and compare its checksum",
  });
}

function read(element: XmlElement, file: string): Item[] {
  const { idOf, read } = DUMPS[`${element.name}s`] as Dump;
  const refuse = (reason: string, hint: string): Item[] => {
    const { path: pointer, line } = element;
    return [
      { pointer, refused: new FormatError({ code: "JB245", file, line, pointer, reason, hint }) },
    ];
  };
  const given = idOf(element)?.trim();
  const id = numberOf(given);
  if (!id) {
    const found = given ? `has the id ${JSON.stringify(given.slice(0, 40))}` : "has no id";
    return refuse(
      `the ${element.name} ${found}: Discogs numbers everything from 1`,
      "deliver the dump as Discogs published it",
    );
  }
  const { status = "Accepted" } = element.attributes;
  if (status !== "Accepted") {
    return refuse(
      `the release ${id} is not accepted: its status is ${JSON.stringify(status.slice(0, 40))}`,
      "nothing is to be done: what Discogs has not accepted is no part of the catalog",
    );
  }
  const reading: Reading = { element, items: [] };
  read(reading, id);
  return reading.items;
}

const REMEMBERED = 20_000;

/** Passes over mentions that were made a short while ago: the same artists come again and again, and what is remembered stays bounded. */
function notJustSaid(): (item: Item) => boolean {
  const said = new Set<string>();
  return (item) => {
    if (!("record" in item) || item.record.scope !== "mention") return true;
    const key = JSON.stringify(item.record);
    if (said.has(key)) return false;
    if (said.size >= REMEMBERED) said.clear();
    said.add(key);
    return true;
  };
}
