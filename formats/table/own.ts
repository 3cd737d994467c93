import { parseJson } from "../json.ts";
import { attributesOf, typed } from "../mapping/typed.ts";
import { shown, Unusable } from "../mapping/unusable.ts";
import { type CatalogRecord, KINDS, type Kind } from "../record.ts";

const HEAD = ["kind", "id", "scope"];

const ATTRIBUTES = new Set(KINDS.flatMap(attributesOf));

/**
 * True for the header of a table in our own shape: it has `kind` and `id`, and all other columns are keys of records, or
 * `ids.<scheme>`.
 */
export function isOwnHeader(columns: readonly string[]): boolean {
  return (
    columns.includes("kind") &&
    columns.includes("id") &&
    columns.every(
      (column) =>
        HEAD.includes(column) ||
        ATTRIBUTES.has(column) ||
        /^ids\.[a-z][a-z0-9_]{0,62}$/.test(column),
    )
  );
}

/**
 * A row in our own shape as a record. An empty cell says nothing; one that begins with [ or { is JSON; lists of words are separated by
 * `|`. Throws Unusable for a cell that is not what its column holds; the rest is left to the schema.
 */
export function ownRecord(
  row: (column: string) => unknown,
  columns: readonly string[],
): CatalogRecord {
  const record: { [key: string]: unknown } = {};
  const ids: { [scheme: string]: unknown } = {};
  for (const column of columns) {
    const cell = row(column);
    if (typeof cell !== "string" || cell.trim() === "") continue;
    const scheme = column.startsWith("ids.") ? column.slice(4) : undefined;
    if (scheme !== undefined) ids[scheme] = jsonOr(cell, column);
    else if (HEAD.includes(column)) record[column] = cell.trim();
    else record[column] = value(record.kind ?? row("kind"), column, cell);
  }
  if (Object.keys(ids).length > 0) record.ids = ids;
  return record as unknown as CatalogRecord;
}

function value(kind: unknown, column: string, cell: string): unknown {
  const given = jsonOr(cell, column);
  const isList = typeof given === "string" && LISTS.has(column);
  const known = KINDS.find((each) => each === String(kind).trim()) as Kind | undefined;
  const pieces = isList
    ? given
        .split("|")
        .map((piece) => piece.trim())
        .filter(Boolean)
    : given;
  if (known === undefined || !attributesOf(known).includes(column)) return pieces;
  try {
    return typed(known, column, pieces);
  } catch (error) {
    if (error instanceof Unusable) throw new Unusable(`${column}: ${error.message}`);
    throw error;
  }
}

/** Attributes that are lists of words: the others are lists of objects, which only JSON can spell. */
const LISTS = new Set(["secondary_types", "languages", "genres", "aliases", "images"]);

function jsonOr(cell: string, column: string): unknown {
  if (!/^\s*[[{]/.test(cell)) return cell;
  const parsed = parseJson(cell);
  if ("value" in parsed) return parsed.value;
  // A title may begin with a bracket: [untitled].
  if (!LISTS.has(column) && !/^\s*(\[\s*[{"]|\{\s*")/.test(cell)) return cell;
  throw new Unusable(`${column}: ${shown(cell)} is ${parsed.reason}`);
}
