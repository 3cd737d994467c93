import { FormatError } from "./error.ts";
import type { Input } from "./input.ts";
import { parseJson } from "./json.ts";
import type { CatalogRecord, Format, Head, Item } from "./record.ts";
import { readLines } from "./text.ts";

/** A line may be at most this long, in bytes. */
export const LINE_LIMIT = 16 * 1024 * 1024;

/** Our own shape: one record a line, UTF-8, any number of lines. */
export const ndjson: Format = { name: "ndjson", title: "NDJSON records", detect, parse };

/** Only our records have the key "kind" on their top level. */
function detect({ keys }: Head): string | undefined {
  return keys?.includes("kind") ? "" : undefined;
}

async function* parse(input: Input): AsyncGenerator<Item> {
  let empty = true;
  for await (const each of readLines(input, LINE_LIMIT)) {
    const pointer = `line ${each.line}`;
    if ("fault" in each) {
      empty = false;
      yield { pointer, refused: each.fault };
      continue;
    }
    if (each.text.trim() === "") continue;
    empty = false;
    const parsed = parseJson(each.text);
    if ("value" in parsed) yield { pointer, record: parsed.value as CatalogRecord };
    else {
      const hint = "each line holds one whole JSON object: no line breaks inside it, no [ ] around";
      const { line } = each;
      const { reason } = parsed;
      yield {
        pointer,
        refused: new FormatError({ code: "JB243", file: input.name, line, reason, hint }),
      };
    }
  }
  if (!empty) return;
  const hint = "a delivery has at least one record";
  throw new FormatError({
    code: "JB241",
    file: input.name,
    reason: "the file holds no record",
    hint,
  });
}
