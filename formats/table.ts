import { likelyEncoding } from "./encoding.ts";
import { FormatError } from "./error.ts";
import { type Input, readHead } from "./input.ts";
import type { RowReader } from "./mapping/records.ts";
import { Unusable } from "./mapping/unusable.ts";
import { type Mapping, rowReader, unusableMapping } from "./mapping.ts";
import type { Format, Head, Item, ParseOptions } from "./record.ts";
import { type Dialect, dialectOf, sampleRows } from "./table/dialect.ts";
import { isOwnHeader, ownRecord } from "./table/own.ts";
import { rowsOf } from "./table/rows.ts";
import { decoded, isEncoding } from "./text.ts";

/**
 * Tables with a row for each thing: CSV (RFC 4180) and its relatives with semicolons, tabs or pipes. A mapping says what the rows
 * become; without one the header has to be of our own shape: kind, id and keys of records.
 */
export const table: Format = { name: "table", title: "CSV and TSV tables", detect, fits, parse };

/** How much is read to find out how a table is written. */
const HEAD_BYTES = 64 * 1024;

/** Only our own shape can be known by itself. */
function detect({ text, bytes, root, keys }: Head): string | undefined {
  if (root || keys) return undefined;
  const plain = text.replace(/^\uFEFF/, "");
  const [first = ""] = plain.split(/\r?\n/, 1);
  if (!/\bkind\b/.test(first) || !/\bid\b/.test(first)) return undefined;
  const isCut = bytes.length >= HEAD_BYTES;
  const dialect = dialectOf(plain, isCut);
  if (!dialect) return undefined;
  const [header = []] = sampleRows(plain, isCut, dialect);
  return isOwnHeader(header.map((name) => name.trim())) ? "" : undefined;
}

/** Anything of characters, when it is asked for: one column is a table too. */
function fits({ text, root }: Head): string | undefined {
  return root || /^\s*[{]/.test(text) || text.includes("\0") ? undefined : "";
}

async function* parse(input: Input, { mapping }: ParseOptions): AsyncGenerator<Item> {
  const reader = mapping && rowReader(mapping);
  const { encoding, warning } = await encodingOf(input, mapping);
  if (warning) yield { pointer: "line 1", warning };
  const dialect = await dialectIn(input, encoding, mapping);
  let columns = mapping?.table?.columns;
  if (columns && reader) checkColumns(input, columns, reader);
  const told = new Map<string, string>();
  let isEmpty = true;
  for await (const row of rowsOf(input, encoding, dialect)) {
    const { line } = row;
    const pointer = `line ${line}`;
    isEmpty = false;
    if ("fault" in row) {
      yield { pointer, refused: row.fault };
      continue;
    }
    if (!columns) {
      columns = header(input, row.cells, line, reader);
      continue;
    }
    const { cells } = row;
    if (cells.length !== columns.length) {
      const reason = `the row has ${cells.length} cells, the header ${columns.length}`;
      const hint = "a delimiter in a cell has to stand in quotes";
      yield { pointer, refused: refused(input, "JB243", reason, hint, line) };
      continue;
    }
    yield* itemsOf(input, line, columns, cells, reader, told);
  }
  if (!isEmpty) return;
  throw refused(input, "JB241", "the file holds no row", "a table has at least its header");
}

function* itemsOf(
  input: Input,
  line: number,
  columns: readonly string[],
  cells: readonly string[],
  reader: RowReader | undefined,
  told: Map<string, string>,
): Generator<Item> {
  const pointer = `line ${line}`;
  const at = new Map(columns.map((name, index) => [name, cells[index]]));
  const hint = "correct the cell, or the mapping";
  if (!reader) {
    try {
      yield { pointer, record: ownRecord((name) => at.get(name), columns) };
    } catch (error) {
      if (!(error instanceof Unusable)) throw error;
      yield { pointer, refused: refused(input, "JB246", error.message, "correct the cell", line) };
    }
    return;
  }
  for (const item of reader.read((name) => at.get(name), told)) {
    yield "refused" in item
      ? { pointer, refused: refused(input, "JB246", item.refused, hint, line) }
      : { pointer, ...item };
  }
}

/** The names of the columns, without the spaces around them; none may be there twice. */
function header(
  input: Input,
  cells: readonly string[],
  line: number,
  reader: RowReader | undefined,
): string[] {
  const columns = cells.map((name) => name.trim());
  if (reader) {
    checkColumns(input, columns, reader);
    const twice = columns.find(
      (name, index) => reader.needed.includes(name) && columns.indexOf(name) < index,
    );
    if (twice === undefined) return columns;
    throw unusableMapping(input.name, "", `the table has two columns "${twice}"`);
  }
  if (isOwnHeader(columns) && new Set(columns).size === columns.length) return columns;
  throw new FormatError({
    code: "JB249",
    file: input.name,
    line,
    reason: "there is no mapping, and the header is not of our own shape",
    hint: "give its source a mapping (docs/reference/sources.md), or name the columns kind, id, title, ids.isrc, ... (docs/reference/formats/table.md)",
  });
}

function checkColumns(input: Input, columns: readonly string[], { needed }: RowReader): void {
  const missing = needed.filter((name) => !columns.includes(name));
  if (missing.length === 0) return;
  const [what, has] = [missing, columns].map((names) => names.slice(0, 40).join(", "));
  const columnsMissing = missing.length === 1 ? "column" : "columns";
  throw unusableMapping(
    input.name,
    "",
    `the table lacks the ${columnsMissing} ${what}; it has ${has}`,
  );
}

async function encodingOf(
  input: Input,
  mapping: Mapping | undefined,
): Promise<{ encoding: string; warning?: string }> {
  const declared = mapping?.table?.encoding;
  if (declared !== undefined) {
    if (isEncoding(declared)) return { encoding: declared };
    throw unusableMapping(input.name, "/table/encoding", `there is no encoding "${declared}"`);
  }
  const { encoding, isGuess } = await likelyEncoding(input, "windows-1252");
  if (!isGuess) return { encoding };
  const warning = "not UTF-8: read as windows-1252; a mapping can declare the encoding";
  return { encoding, warning };
}

async function dialectIn(
  input: Input,
  encoding: string,
  mapping: Mapping | undefined,
): Promise<Dialect> {
  const { delimiter, quote, columns } = mapping?.table ?? {};
  if (delimiter !== undefined && quote !== undefined) return { delimiter, quote };
  const head = await readHead(input, HEAD_BYTES);
  const isCut = head.length >= HEAD_BYTES;
  let text = "";
  try {
    for await (const piece of decoded(input.name, once(head), encoding)) text += piece;
  } catch {
    // Cut in the middle of a character: what came before it is enough, and the reading of the whole tells of what is wrong.
  }
  const found = dialectOf(text, isCut, {
    ...(delimiter === undefined ? {} : { delimiter }),
    ...(quote === undefined ? {} : { quote }),
  });
  if (found) return found;
  const isSingle = columns?.length === 1 || mapping !== undefined;
  if (isSingle) return { delimiter: delimiter ?? ",", quote: quote ?? '"' };
  const hint = "declare the delimiter in the mapping";
  throw refused(input, "JB245", "no delimiter gives all rows the same number of cells", hint);
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}

function refused(
  { name: file }: Input,
  code: "JB241" | "JB243" | "JB245" | "JB246",
  reason: string,
  hint: string,
  line?: number,
): FormatError {
  return new FormatError({ code, file, reason, hint, ...(line === undefined ? {} : { line }) });
}
