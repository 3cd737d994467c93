import { discogs } from "../../formats/discogs.ts";
import { bufferInput, readItems } from "../../formats/index.ts";
import type { CatalogRecord, Item } from "../../formats/record.ts";

/** All that the dump of these elements yields. */
export async function itemsIn(root: string, ...elements: string[]): Promise<Item[]> {
  const document = `<${root}>\n${elements.join("\n")}\n</${root}>`;
  const items: Item[] = [];
  for await (const item of readItems(discogs, bufferInput(Buffer.from(document), root))) {
    items.push(item);
  }
  return items;
}

/** The records of it that are of that kind, those in passing left out; fails when something is refused. */
export async function recordsIn<K extends CatalogRecord["kind"]>(
  kind: K,
  root: string,
  ...elements: string[]
): Promise<Extract<CatalogRecord, { kind: K }>[]> {
  return (await itemsIn(root, ...elements)).flatMap((item) => {
    if ("refused" in item) throw item.refused;
    const isWanted = "record" in item && item.record.kind === kind;
    return isWanted && item.record.scope !== "mention"
      ? [item.record as Extract<CatalogRecord, { kind: K }>]
      : [];
  });
}

/** An artist of a credit, as every list of them writes it. */
export function by(id: number, name: string, more: { [key: string]: string } = {}): string {
  const { anv = "", join = "", role = "", tracks = "" } = more;
  return (
    `<artist><id>${id}</id><name>${name}</name><anv>${anv}</anv><join>${join}</join>` +
    `<role>${role}</role><tracks>${tracks}</tracks></artist>`
  );
}

export function track(position: string, title: string, more = ""): string {
  return `<track><position>${position}</position><title>${title}</title>${more}</track>`;
}

export function release(
  facts: { tracks?: string; formats?: string; more?: string; artists?: string } = {},
): string {
  const { tracks = "", formats = '<format name="CD" qty="1" text=""/>', more = "" } = facts;
  const { artists = by(5, "Ann (2)") } = facts;
  return (
    `<release id="7" status="Accepted"><artists>${artists}</artists><title>T</title>` +
    `<formats>${formats}</formats>${more}<tracklist>${tracks}</tracklist></release>`
  );
}
