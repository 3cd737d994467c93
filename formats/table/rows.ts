import { Readable } from "node:stream";
import { CsvError, parse } from "csv-parse";
import { FormatError } from "../error.ts";
import type { Input } from "../input.ts";
import { decoded } from "../text.ts";
import type { Dialect } from "./dialect.ts";

/** A row may have at most this many characters, all its cells together. */
const ROW_LIMIT = 16 * 1024 * 1024;

export type Row = { line: number; cells: string[] } | { line: number; fault: FormatError };

/**
 * The rows of a table with the line they begin on, one at a time; empty lines are passed over. A quote within a cell that is not quoted is a
 * fault of its row. A quoted cell that goes on after its quote, or never ends, is JB243, a row beyond the limit JB244: where
 * the next row begins is not known then.
 */
export async function* rowsOf(
  input: Input,
  encoding: string,
  { delimiter, quote }: Dialect,
): AsyncGenerator<Row> {
  const faults: Row[] = [];
  let twice = 0;
  const parser = parse({
    delimiter,
    quote: quote === "" ? null : quote,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: ROW_LIMIT,
    skip_records_with_error: true,
    on_skip: (error) => {
      faults.push(faultOf(input.name, error));
      return undefined;
    },
  });
  const source = Readable.from(decoded(input.name, input.open(), encoding));
  // An error of the source must end the parser, or it would wait for more for ever.
  source.once("error", (error) => parser.destroy(error));
  source.pipe(parser);
  try {
    for await (const { info, record } of parser as AsyncIterable<{
      info: { lines: number };
      record: string[];
    }>) {
      yield* faults.splice(0);
      const breaks = count(record, /\r\n|\n|\r/g);
      // The parser counts a CRLF within quotes as two lines.
      twice += count(record, /\r\n/g);
      yield { line: info.lines - twice - breaks, cells: record };
    }
    yield* faults.splice(0);
  } catch (error) {
    if (error instanceof CsvError) throw fatal(input.name, error);
    throw error;
  } finally {
    source.destroy();
  }
}

function count(cells: readonly string[], pattern: RegExp): number {
  return cells.reduce((sum, cell) => sum + (cell.match(pattern)?.length ?? 0), 0);
}

function lineOf(error: CsvError): number {
  return typeof error.lines === "number" ? error.lines : 0;
}

function faultOf(file: string, error: CsvError | undefined): Row {
  if (!error) throw new Error("a row was skipped without an error");
  if (error.code !== "INVALID_OPENING_QUOTE") throw error;
  const line = lineOf(error);
  const hint = "a cell with quotes in it stands in quotes, and each quote in it is doubled";
  const reason = "a quote within a cell that does not begin with one";
  return { line, fault: new FormatError({ code: "JB243", file, line, reason, hint }) };
}

function fatal(file: string, error: CsvError): FormatError {
  const line = lineOf(error);
  if (error.code === "CSV_MAX_RECORD_SIZE") {
    const reason = `the row is longer than ${ROW_LIMIT / 1024 / 1024} MiB`;
    const hint = "look for a quote that is never closed before it";
    return new FormatError({ code: "JB244", file, line, reason, hint });
  }
  const reason = REASONS[error.code] ?? error.message.slice(0, 200);
  const hint = "transfer the file again, or correct the quotes";
  return new FormatError({ code: "JB243", file, line, reason, hint });
}

const REASONS: { [code: string]: string } = {
  CSV_QUOTE_NOT_CLOSED: "a quote is opened and never closed",
  CSV_INVALID_CLOSING_QUOTE: "a quoted cell goes on after its closing quote",
};
