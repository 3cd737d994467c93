import { FormatError } from "./error.ts";
import type { Input } from "./input.ts";
import { unstorable } from "./json.ts";
import type {
  CatalogRecord,
  Format,
  GenreEntry,
  GenreRecord,
  Item,
  Located,
  NamedGenre,
  ParseOptions,
} from "./record.ts";
import { refusal } from "./validate.ts";

/**
 * What a format yields of an input, each record checked against the schema (JB246), against text that cannot be stored (JB242), and
 * with its genres as references. A record that does not pass is refused in its place, the next ones follow.
 */
export async function* readItems(
  format: Format,
  input: Input,
  options: ParseOptions = {},
): AsyncGenerator<Item> {
  const isFirst = onceEach();
  for await (const item of format.parse(input, options)) {
    if (!("record" in item)) {
      yield item;
      continue;
    }
    const { record, pointer } = item;
    const fault = faultOf(record);
    if (fault) {
      yield { pointer, refused: refusedAt(input.name, item, fault) };
      continue;
    }
    const { whole, named } = expandGenres(record);
    for (const genre of named) if (isFirst(genre)) yield { record: genre, pointer };
    yield whole === record ? item : { record: whole, pointer };
  }
}

type Fault = Pick<FormatError, "code" | "reason" | "hint"> & { pointer: string };

function faultOf(record: CatalogRecord): Fault | undefined {
  const refused = refusal(record);
  if (refused) return { code: "JB246", ...refused };
  const bad = unstorable(record);
  const hint = "remove the character: no database of text can hold it";
  return bad && { code: "JB242", ...bad, hint };
}

/** In a file of lines the pointer leads into the record of the line; in a document to the record, which is then named. */
function refusedAt(file: string, { record, pointer }: Located, fault: Fault): FormatError {
  const [, line] = /^line (\d+)$/.exec(pointer) ?? [];
  if (line !== undefined) return new FormatError({ file, line: Number(line), ...fault });
  const reason = `${record.kind} ${record.id}: ${fault.reason}`;
  return new FormatError({ ...fault, file, pointer, reason });
}

/** Turns genres given by name into references, and answers the mentions they then refer to. */
function expandGenres(record: CatalogRecord): { whole: CatalogRecord; named: GenreRecord[] } {
  const given: (GenreEntry | NamedGenre)[] | undefined =
    "genres" in record ? record.genres : undefined;
  if (!given?.some((entry) => "name" in entry)) return { whole: record, named: [] };
  const named: GenreRecord[] = [];
  const genres = given.map((entry): GenreEntry => {
    if ("genre" in entry) return entry;
    const { name, ...rest } = entry;
    const id = name.toLowerCase();
    named.push({ kind: "genre", id, scope: "mention", name, ids: { genre: name } });
    return { genre: { kind: "genre", id }, ...rest };
  });
  return { whole: { ...record, genres } as CatalogRecord, named };
}

/**
 * Lets each genre through once an input, or nearly: a million tracks name the same few hundred, and
 * what is remembered stays bounded.
 */
function onceEach(): (genre: GenreRecord) => boolean {
  const seen = new Set<string>();
  return ({ id }) => {
    if (seen.has(id)) return false;
    if (seen.size >= 10_000) seen.clear();
    seen.add(id);
    return true;
  };
}
