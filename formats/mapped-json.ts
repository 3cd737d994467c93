import { FormatError } from "./error.ts";
import { type Input, readHead } from "./input.ts";
import { nesting, parseJson } from "./json.ts";
import type { RowReader } from "./mapping/records.ts";
import { atPointer } from "./mapping/rule.ts";
import { rowReader, unusableMapping } from "./mapping.ts";
import type { Format, Head, Item, ParseOptions } from "./record.ts";
import { headText, readLines, readText } from "./text.ts";

/** A line may be at most this long, in bytes. */
const LINE_LIMIT = 16 * 1024 * 1024;
/** A document may be at most this long, in bytes. */
const DOCUMENT_LIMIT = 64 * 1024 * 1024;
const NESTING_LIMIT = 100;

/**
 * JSON of any shape by a mapping: an object a line (NDJSON), or a document whose rows are the elements of an array, or
 * the document itself.
 */
export const mappedJson: Format = {
  name: "mapped-json",
  title: "JSON of any shape, by a mapping",
  detect: () => undefined,
  fits: ({ text }: Head) => (/^\s*[[{]/.test(text.replace(/^\uFEFF/, "")) ? "" : undefined),
  parse,
};

async function* parse(input: Input, { mapping }: ParseOptions): AsyncGenerator<Item> {
  if (!mapping)
    throw unusableMapping(
      input.name,
      "",
      "there is none, and this format needs one: give its source a mapping (docs/reference/sources.md)",
    );
  const reader = rowReader(mapping);
  const told = new Map<string, string>();
  const rows = mapping.json?.rows;
  let isEmpty = true;
  const all =
    rows === undefined && (await isLines(input))
      ? lineRows(input)
      : documentRows(input, rows ?? "");
  for await (const row of all) {
    isEmpty = false;
    if ("fault" in row) yield { pointer: row.pointer, refused: row.fault };
    else yield* itemsOf(input, row, reader, told);
  }
  if (!isEmpty || rows !== undefined) return;
  throw refused(input, "JB241", "the file holds no row");
}

type Row = { pointer: string; value: unknown } | { pointer: string; fault: FormatError };

/** One object a line: the first line is whole JSON and no array. */
async function isLines(input: Input): Promise<boolean> {
  const head = headText(await readHead(input, 1024 * 1024))
    .replace(/^\uFEFF/, "")
    .trimStart();
  const [first = ""] = head.split("\n", 1);
  return first.startsWith("{") && "value" in parseJson(first);
}

async function* lineRows(input: Input): AsyncGenerator<Row> {
  for await (const each of readLines(input, LINE_LIMIT)) {
    const pointer = `line ${each.line}`;
    if ("fault" in each) yield { pointer, fault: each.fault };
    else if (each.text.trim() !== "") {
      const parsed = parseJson(each.text);
      if ("value" in parsed) yield { pointer, value: parsed.value };
      else yield { pointer, fault: refused(input, "JB243", parsed.reason, each.line) };
    }
  }
}

async function* documentRows(input: Input, rows: string): AsyncGenerator<Row> {
  const text = await readText(input, DOCUMENT_LIMIT);
  if (text.trim() === "") throw refused(input, "JB241", "the file is empty");
  if (nesting(text) > NESTING_LIMIT) {
    throw refused(input, "JB244", `nested deeper than ${NESTING_LIMIT} levels`);
  }
  const parsed = parseJson(text);
  if ("reason" in parsed) throw refused(input, "JB243", parsed.reason);
  const found = atPointer(parsed.value, rows);
  if (found === undefined) {
    throw unusableMapping(input.name, "/json/rows", `the document has nothing at ${rows}`);
  }
  if (!Array.isArray(found)) yield { pointer: rows, value: found };
  else for (const [index, value] of found.entries()) yield { pointer: `${rows}/${index}`, value };
}

function* itemsOf(
  input: Input,
  row: { pointer: string; value: unknown },
  reader: RowReader,
  told: Map<string, string>,
): Generator<Item> {
  const { pointer, value } = row;
  const [, line] = /^line (\d+)$/.exec(pointer) ?? [];
  const fault = (reason: string) =>
    refused(input, "JB246", reason, line === undefined ? undefined : Number(line), pointer);
  if (typeof value !== "object" || value === null) {
    yield { pointer, refused: fault("a row is an object") };
    return;
  }
  for (const item of reader.read((from) => read(value, from), told)) {
    yield "refused" in item ? { pointer, refused: fault(item.refused) } : { pointer, ...item };
  }
}

/** A key of the row by its name, or a JSON pointer into it. */
function read(row: object, from: string): unknown {
  return atPointer(
    row,
    from.startsWith("/") ? from : `/${from.replaceAll("~", "~0").replaceAll("/", "~1")}`,
  );
}

function refused(
  { name: file }: Input,
  code: "JB241" | "JB243" | "JB244" | "JB246",
  reason: string,
  line?: number,
  pointer?: string,
): FormatError {
  return new FormatError({
    code,
    file,
    reason,
    hint: "correct the document, or the mapping",
    ...(line === undefined ? (pointer === undefined ? {} : { pointer }) : { line }),
  });
}
