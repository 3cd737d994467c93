import type { JSONValue, Sql, TransactionSql } from "postgres";
import { storedTables } from "./tables.ts";

/** What the records of crowds are delivered as. */
const source = "bench";
/** Ids of a crowd are numbered from here: the data set has none of them. */
const firstNumber = 500_000_000;
const albumsPerArtist = 1;
const tracksPerArtist = 2;
const recordsPerBatch = 1_000;

/** Artists as they are after an ingest, and what they are credited on. */
export type Crowd = {
  artists: string[];
  /** The albums and tracks: they refer to the artists. */
  works: number;
  /** Records are the artists', the works', and those of the genres they share. */
  records: number;
};

/**
 * Takes in so many artists, each with a record of its own: a name, an alias, a genre, ids of three schemes, and credits on an
 * album and two tracks. They go the way of every delivery. Crowds of the same number are the same artists.
 */
export async function admitCrowd(sql: Sql, crowd: number, artists: number): Promise<Crowd> {
  const numbers = Array.from({ length: artists }, (_, n) => firstNumber + crowd * 100_000 + n);
  const records: JSONValue[] = [
    ...numbers.map(artistRecord),
    ...numbers.flatMap((n) => [
      ...Array.from({ length: albumsPerArtist }, (_, nth) => albumRecord(n, nth)),
      ...Array.from({ length: tracksPerArtist }, (_, nth) => trackRecord(n, nth)),
    ]),
  ];
  const name = `crowd-${crowd}`;
  const [delivery] = await sql<{ id: string }[]>`
    select ingest.open_delivery(${source}, ${name}, 'ndjson', sha256(${name}::bytea), 0) as id`;
  for (let from = 0; from < records.length; from += recordsPerBatch) {
    const batch = records.slice(from, from + recordsPerBatch);
    await sql`select ingest.apply(${delivery?.id ?? null}, ${sql.json(batch)})`;
  }
  const found = await sql<{ juke_id: string }[]>`
    select m.juke_id
    from ingest.record r
    join identity.membership m on m.record_id = r.record_id
    where r.source = ${source} and r.kind = 'artist' and r.source_record_id = any (${numbers.map(artistId)})
    order by r.record_id`;
  if (found.length !== artists) throw new Error(`${found.length} artists, not ${artists}`);
  return {
    artists: found.map(({ juke_id }) => juke_id),
    works: artists * (albumsPerArtist + tracksPerArtist),
    records: records.length,
  };
}

/** Removes every crowd, and whatever was done to it. */
export async function dismissCrowds(sql: Sql): Promise<void> {
  await sql.begin(async (tx) => {
    await tx`select catalog.writing(true)`;
    await tx`
      create temporary table gone on commit drop as
      select m.juke_id from ingest.record r join identity.membership m on m.record_id = r.record_id where r.source = ${source}
      union
      select c.juke_id
      from identity.operation o
      join identity.changed_entity c on c.operation_id = o.operation_id`;
    await tx`delete from identity.operation`;
    await tx`delete from catalog.entity e using gone g where e.juke_id = g.juke_id and e.status = 'merged'`;
    await tx`delete from catalog.entity e using gone g where e.juke_id = g.juke_id`;
    await tx`delete from ingest.record r where r.source = ${source}`;
    await tx`delete from ingest.delivery d where d.source = ${source}`;
    await tx`delete from ingest.source s where s.source = ${source}`;
    await tx`delete from feed.event v using gone g where v.juke_id = g.juke_id`;
    await tx`delete from descriptor.dirty d using gone g where d.juke_id = g.juke_id`;
  });
}

/** The tables that a change of identity writes. */
export const ledgerTables = [
  "catalog.entity",
  "catalog.artist",
  "catalog.alias",
  "catalog.credit",
  "catalog.entity_genre",
  "identity.external_id",
  "identity.membership",
  "identity.further_claim",
  "identity.operation",
  "identity.changed_entity",
  "identity.changed_claim",
  "identity.moved_record",
  "ingest.record",
  "ingest.delivery",
  "feed.event",
  "descriptor.dirty",
];

/**
 * Readies the tables for work that is rolled back again and again, and returns what clears dead rows away: between the
 * rounds, never during one.
 */
export async function withoutAutovacuum(sql: Sql): Promise<{
  vacuum: () => Promise<void>;
  restore: () => Promise<void>;
}> {
  const tables = await storedTables(sql, ledgerTables);
  const each = async (statement: (table: string) => string) => {
    for (const table of tables) await sql.unsafe(statement(table));
  };
  await each((table) => `alter table ${table} set (autovacuum_enabled = false)`);
  await each((table) => `vacuum (analyze, truncate false) ${table}`);
  return {
    vacuum: () => each((table) => `vacuum (truncate false) ${table}`),
    restore: () => each((table) => `alter table ${table} reset (autovacuum_enabled)`),
  };
}

/** Work whose time counts, in a transaction of its own that is rolled back. */
export type Trial = {
  /** Before the clock starts. */
  before?: (tx: TransactionSql) => Promise<unknown>;
  work: (tx: TransactionSql) => Promise<unknown>;
  /** After it has stopped. Raises when the work was not done. */
  check: (tx: TransactionSql) => Promise<unknown>;
};

/**
 * The microseconds of the work in a transaction that is then rolled back; the checks that wait for the end of the transaction
 * are in it, the commit is not.
 */
export async function tried(sql: Sql, { before, work, check }: Trial): Promise<number> {
  const rollback = new Error("the measurement is over");
  let microseconds = Number.NaN;
  await sql
    .begin(async (tx) => {
      await before?.(tx);
      const started = performance.now();
      await work(tx);
      await tx`set constraints all immediate`;
      microseconds = (performance.now() - started) * 1_000;
      await check(tx);
      throw rollback;
    })
    .catch((error) => {
      if (error !== rollback) throw error;
    });
  return microseconds;
}

/** Plain Postgres: no trigger of ours and no check of a foreign key. */
export async function withoutTriggers(tx: TransactionSql): Promise<void> {
  await tx`set local session_replication_role = replica`;
}

function artistId(n: number): string {
  return `artist-${n}`;
}

function artistRecord(n: number): JSONValue {
  return {
    kind: "artist",
    id: artistId(n),
    name: `Artist No. ${n}`,
    sort_name: `${n}, Artist No.`,
    artist_type: n % 3 === 0 ? "group" : "person",
    country: ["GB", "US", "DE", "FR", "JP"][n % 5],
    begin_date: `${1950 + (n % 60)}`,
    aliases: [{ name: `The Artist ${n}`, locale: "en" }],
    genres: [{ genre: { kind: "genre", id: `genre-${n % 20}` } }],
    ids: {
      mbid: uuid("artist", n),
      discogs: `${n}`,
      spotify: `0${n.toString().padStart(21, "a")}`,
    },
  };
}

function albumRecord(n: number, nth: number): JSONValue {
  const id = n * 10 + nth;
  return {
    kind: "album",
    id: `album-${id}`,
    title: `Album No. ${id}`,
    ids: { mbid: uuid("album", id) },
    credits: [credit(n)],
  };
}

function trackRecord(n: number, nth: number): JSONValue {
  const id = n * 10 + nth;
  return {
    kind: "track",
    id: `track-${id}`,
    title: `Track No. ${id}`,
    duration_ms: 1_000 * (n % 400) + 1_000,
    ids: { mbid: uuid("track", id) },
    credits: [credit(n)],
  };
}

function credit(n: number): JSONValue {
  return {
    contributor: { kind: "artist", id: artistId(n) },
    role: "artist",
    position: 1,
    credited_as: `Artist No. ${n}`,
  };
}

/** A uuid of version 4 that only this thing has. */
function uuid(kind: string, n: number): string {
  const digits = `${kind.length}`.padStart(8, "b");
  return `${digits}-0000-4000-9000-${n.toString(16).padStart(12, "0")}`;
}
