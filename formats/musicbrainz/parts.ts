import { known } from "../known.ts";
import { leadingDate } from "../partial-date.ts";
import type { Alias, Credit, GenreEntry, Ids, Reference } from "../record.ts";
import { identifiers } from "../services.ts";
import { each, inside, mention, type Place } from "./collect.ts";
import { type Doc, isDoc, MBID, matching, text, word } from "./read.ts";

export function date(value: unknown): string | undefined {
  return leadingDate(text(value) ?? "");
}

type LifeSpan = { begin_date?: string; end_date?: string };

/** Begin and end of a life; search answers spell the keys of aliases differently. */
export function lifeSpan(span: unknown): LifeSpan {
  if (!isDoc(span)) return {};
  return known<LifeSpan>({
    begin_date: date(span.begin ?? span["begin-date"]),
    end_date: date(span.end ?? span["end-date"]),
  });
}

export function aliases(doc: Doc, place: Place): Alias[] | undefined {
  return each(doc, "aliases", place, (alias) => {
    const name = text(alias.name);
    if (!name) return undefined;
    return known<Alias>({
      name,
      sort_name: text(alias["sort-name"]),
      locale: text(alias.locale),
      alias_type: word(alias.type),
      is_primary: alias.primary === true ? true : undefined,
      ...lifeSpan(alias),
    });
  });
}

/** Genres with their votes. Tags are left alone: anybody writes anything into them. */
export function genres(doc: Doc, place: Place): GenreEntry[] | undefined {
  return each(doc, "genres", place, (genre, at) => {
    const reference = readGenreEntry(genre, at);
    const { count } = genre;
    return reference && known<GenreEntry>({ genre: reference, weight: weight(count) });
  });
}

function weight(count: unknown): number | undefined {
  return typeof count === "number" && count >= 0 ? count : undefined;
}

type GenreFacts = { name: string; disambiguation?: string; ids: Ids };

/** Documents of before 2019 name genres without an MBID: there, the name is the id. */
function readGenreEntry(doc: Doc, at: Place): Reference<"genre"> | undefined {
  const name = text(doc.name);
  if (!name) return undefined;
  const mbid = matching(doc.id, MBID);
  const reference: Reference<"genre"> = { kind: "genre", id: mbid ?? name.toLowerCase() };
  const ids = identifiers({ mbid, genre: name });
  const disambiguation = text(doc.disambiguation);
  mention(reference, known<GenreFacts>({ name, disambiguation, ids }), at);
  return reference;
}

/** The credit line: who, under which name, and what stands between the names. */
export function artistCredit(doc: Doc, place: Place): Credit[] | undefined {
  return each(doc, "artist-credit", place, (part, at, index) => {
    const { artist } = part;
    const contributor = isDoc(artist) && place.read("artist", artist, inside(at, "artist"));
    if (!contributor) return undefined;
    const name = text(part.name);
    return known<Credit>({
      contributor,
      role: "artist",
      position: index + 1,
      credited_as: name === artist.name ? undefined : name,
      join_phrase: phrase(part.joinphrase),
    });
  });
}

/** A join phrase may be nothing but a space. */
function phrase(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
