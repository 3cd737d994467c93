import {
  bufferInput,
  type CatalogRecord,
  type Format,
  FormatError,
  fileInput,
  type Item,
  loadMapping,
  readItems,
} from "../../formats/index.ts";

export type Read = {
  items: Item[];
  records: CatalogRecord[];
  /** "place: text" of each. */
  warnings: string[];
  /** The code and message of each that was refused in its place. */
  refused: string[];
  /** What ended the reading. */
  error?: FormatError;
};

/** All that an input yields, by a mapping when one is given, also when it ends in an error. A text that is a path to a file is read. */
export async function read(
  format: Format,
  content: string | Buffer,
  mapping?: object | string,
): Promise<Read> {
  const isPath = typeof content === "string" && content.startsWith("/") && !content.includes("\n");
  const input = isPath ? fileInput(content) : bufferInput(Buffer.from(content), "delivery");
  const all: Read = { items: [], records: [], warnings: [], refused: [] };
  try {
    const options = mapping === undefined ? {} : { mapping: loadMapping(mapping) };
    for await (const item of readItems(format, input, options)) {
      all.items.push(item);
      if ("record" in item) all.records.push(item.record);
      if ("warning" in item) all.warnings.push(`${item.pointer}: ${item.warning}`);
      if ("refused" in item) all.refused.push(`${item.refused.code} ${item.refused.message}`);
    }
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    all.error = error;
  }
  return all;
}

/** How many records there are of each kind and scope. */
export function countsOf(records: readonly CatalogRecord[]): { [what: string]: number } {
  const counts: { [what: string]: number } = {};
  for (const { kind, scope = "full" } of records) {
    counts[`${kind} ${scope}`] = (counts[`${kind} ${scope}`] ?? 0) + 1;
  }
  return counts;
}
