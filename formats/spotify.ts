import { FormatError } from "./error.ts";
import type { Input } from "./input.ts";
import { nesting, parseJson } from "./json.ts";
import { type Doc, isDoc, text } from "./musicbrainz/read.ts";
import type { CatalogRecord, Format, Head, Located } from "./record.ts";
import { type Found, readAlbum, readArtist, readTrack } from "./spotify/entities.ts";
import { readText } from "./text.ts";

const DOCUMENT_LIMIT = 64 * 1024 * 1024;
const NESTING_LIMIT = 100;

/**
 * Answers of the Spotify Web API in JSON: an album, track or artist, several of them, pages of them, the answer of a search. What was
 * asked for is `partial`, what it nests a mention. An album of Spotify is an edition with a barcode: a release, and the
 * album of which it is one.
 * https://developer.spotify.com/documentation/web-api
 */
export const spotify: Format = {
  name: "spotify",
  title: "Spotify Web API JSON",
  source: "spotify",
  detect,
  parse,
};

const LISTS = ["albums", "artists", "tracks"] as const;
const READERS = { album: readAlbum, artist: readArtist, track: readTrack };
const KEYS = ["href", "external_urls", "uri", "items", "album_type", "album", ...LISTS];

/** Every object of an answer has its address in the service, or its URI. */
function detect({ text: head, keys = [] }: Head): string | undefined {
  const isOfService = /"https:\/\/api\.spotify\.com\/v1\/|"spotify:(album|artist|track):/.test(
    head,
  );
  return isOfService && keys.some((key) => KEYS.includes(key)) ? "1" : undefined;
}

async function* parse(input: Input): AsyncGenerator<Located> {
  const doc = await readDocument(input);
  const told = new Map<string, string>();
  for (const [pointer, entity] of entitiesOf(doc)) {
    const reader = READERS[(text(entity.type) ?? "") as keyof typeof READERS];
    if (!reader) {
      const hint = "albums, tracks and artists are understood";
      const reason = `this is ${text(entity.type) ?? "an object without a type"}, which is not understood`;
      throw new FormatError({ code: "JB245", file: input.name, pointer, reason, hint });
    }
    const read = reader(entity);
    if (!read) {
      const hint = "ask the service again";
      const reason = `the ${entity.type} has no id or no name`;
      throw new FormatError({ code: "JB246", file: input.name, pointer, reason, hint });
    }
    for (const record of inOrder(read)) {
      if (isNew(record, told)) yield { pointer, record };
    }
  }
}

/** What is nested before what nests it. */
function inOrder({ mentions, records }: Found): CatalogRecord[] {
  return [...mentions, ...records];
}

function isNew(record: CatalogRecord, told: Map<string, string>): boolean {
  const key = `${record.kind} ${record.id}`;
  const facts = JSON.stringify(record);
  if (told.get(key) === facts) return false;
  told.set(key, facts);
  return true;
}

async function readDocument(input: Input): Promise<Doc> {
  const { name: file } = input;
  const content = await readText(input, DOCUMENT_LIMIT);
  const hint = "ask the service again and store the whole answer";
  if (nesting(content) > NESTING_LIMIT) {
    const reason = `nested deeper than ${NESTING_LIMIT} levels`;
    throw new FormatError({ code: "JB244", file, reason, hint });
  }
  const parsed = parseJson(content);
  if ("reason" in parsed)
    throw new FormatError({ code: "JB243", file, reason: parsed.reason, hint });
  if (isDoc(parsed.value)) return parsed.value;
  throw new FormatError({ code: "JB245", file, reason: "no JSON object", hint });
}

/** The entities of an answer with their pointers: itself, the elements of its lists, of pages; null is one that was not found. */
function* entitiesOf(doc: Doc): Generator<[pointer: string, entity: Doc]> {
  if (text(doc.type) !== undefined) {
    yield ["", doc];
    return;
  }
  yield* pageOf("", doc);
  for (const list of LISTS) {
    const found = doc[list];
    if (Array.isArray(found)) yield* elementsOf(`/${list}`, found);
    else if (isDoc(found)) yield* pageOf(`/${list}`, found);
  }
}

function* pageOf(pointer: string, { items }: Doc): Generator<[string, Doc]> {
  if (Array.isArray(items)) yield* elementsOf(`${pointer}/items`, items);
}

/** The items of playlists and libraries hold the entity one level below. */
function* elementsOf(pointer: string, items: unknown[]): Generator<[string, Doc]> {
  for (const [index, item] of items.entries()) {
    if (!isDoc(item)) continue;
    const inner = ["track", "album"].find(
      (key) => text(item.type) === undefined && isDoc(item[key]),
    );
    if (inner === undefined) yield [`${pointer}/${index}`, item];
    else yield [`${pointer}/${index}/${inner}`, item[inner] as Doc];
  }
}
