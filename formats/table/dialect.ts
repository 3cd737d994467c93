import { parse } from "csv-parse/sync";

/** How a table is written. */
export type Dialect = { delimiter: string; quote: string };

const DELIMITERS = [",", ";", "\t", "|"];
const QUOTES = ['"', "'"];

/** Rows that are looked at to tell how a table is written. */
const SAMPLE_ROWS = 50;

/** A delimiter that gives fewer of the sampled rows the width of the first is none. */
const LEAST_AGREEMENT = 0.8;

/**
 * How the beginning of a table is written: the delimiter with which most rows have as many cells as the first, the more cells
 * the better; undefined when no delimiter gives two columns. What is declared is not looked for. `isCut`: the text ends anywhere.
 */
export function dialectOf(
  text: string,
  isCut: boolean,
  declared: { delimiter?: string; quote?: string } = {},
): Dialect | undefined {
  const found = (declared.delimiter === undefined ? DELIMITERS : [declared.delimiter])
    .flatMap((delimiter) =>
      (declared.quote === undefined ? QUOTES : [declared.quote]).map((quote) => ({
        delimiter,
        quote,
        ...measured(text, isCut, { delimiter, quote }),
      })),
    )
    .filter(({ columns, agreement }) => columns > 1 && agreement >= LEAST_AGREEMENT)
    .sort(
      (one, other) =>
        other.quoted - one.quoted || other.agreement - one.agreement || other.columns - one.columns,
    );
  return found[0] && { delimiter: found[0].delimiter, quote: found[0].quote };
}

function measured(text: string, isCut: boolean, { delimiter, quote }: Dialect) {
  const rows = sampleRows(text, isCut, { delimiter, quote });
  const columns = rows[0]?.length ?? 0;
  const even = rows.filter(({ length }) => length === columns).length;
  return {
    columns,
    agreement: rows.length === 0 ? 0 : even / rows.length,
    // The single quote is also an apostrophe: it counts only where it opens the first cell, and there it counts more.
    quoted: quote === '"' ? 1 : text.trimStart().startsWith(quote) ? 2 : 0,
  };
}

/** The first rows of a text; the last one is left out where the text is cut off. */
export function sampleRows(
  text: string,
  isCut: boolean,
  { delimiter, quote }: Dialect,
): string[][] {
  const rows: string[][] = parse(text, {
    delimiter,
    quote: quote === "" ? false : quote,
    to: SAMPLE_ROWS,
    bom: true,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    relax_quotes: true,
  });
  return isCut && rows.length > 1 && rows.length < SAMPLE_ROWS ? rows.slice(0, -1) : rows;
}
