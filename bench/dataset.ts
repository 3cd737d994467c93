import type { Sql } from "postgres";

/** Raised when the generator changes, so that a kept data set of another making is built anew. */
const generation = 3;

/**
 * Kinds, how many entities of each a data set of 1,000,000 ids holds, and what share of them carries an id
 * under each scheme. A track's ISRC, an album's Discogs id… are not known for all, as in life.
 */
const population: { kind: string; entities: number; ids: Record<string, number> }[] = [
  { kind: "artist", entities: 60_000, ids: { mbid: 1, spotify: 0.6, discogs: 0.5, isni: 0.3 } },
  { kind: "album", entities: 60_000, ids: { mbid: 1, spotify: 0.6, discogs: 0.4 } },
  { kind: "release", entities: 50_000, ids: { mbid: 1, gtin: 0.8 } },
  { kind: "track", entities: 260_000, ids: { mbid: 1, isrc: 0.7, spotify: 0.6, deezer: 0.2 } },
  { kind: "work", entities: 20_000, ids: { mbid: 1, iswc: 0.7 } },
  { kind: "podcast", entities: 20_000, ids: { podcast_guid: 1, feed_url: 1 } },
  { kind: "episode", entities: 40_000, ids: { episode_guid: 1 } },
];

/** The value of the n-th id of a scheme, an SQL expression over `kind` and `n`. Unique per scheme and kind. */
const idOf: Record<string, string> = {
  mbid: "bench.random_uuid('mbid', kind, n)::text",
  podcast_guid: "bench.random_uuid('podcast_guid', kind, n)::text",
  episode_guid: "bench.random_uuid('episode_guid', kind, n)::text",
  spotify:
    // The first digit below 7 keeps it below 2^128.
    "n % 7 || left(translate(encode(sha256(convert_to('spotify' || kind || n, 'UTF8')), 'base64'), '+/', 'xY'), 21)",
  isrc: "(array['GB','US','DE','FR','QZ'])[1 + n % 5] || upper(left(md5('isrc' || n / 1000), 3)) || lpad(n::text, 7, '0')",
  iswc: "'T' || lpad((n::bigint * 7919 % 10000000000)::text, 10, '0')",
  isni: "'0000000' || lpad((n::bigint * 7919 % 1000000000)::text, 9, '0')",
  gtin: "lpad((n::bigint * 104729 % 10000000000000)::text, 14, '0')",
  discogs: "(n::bigint * 37 + 1)::text",
  deezer: "(n::bigint * 41 + 1)::text",
  feed_url: "'https://feeds.example.org/' || md5('feed' || n) || '/rss.xml'",
};

/** SQL functions of the generator: the same numbers give the same ids. */
const generator = /* sql */ `
  create schema bench;
  create function bench.random_uuid(label text, kind text, n int) returns uuid
  language sql immutable as $$
    select overlay(overlay(md5(label || kind || n) placing '4' from 13 for 1) placing '9' from 17 for 1)::uuid
  $$;
  -- A UUIDv7 whose time grows with n, as in a catalog that was filled in that order.
  create function bench.juke_id(n int) returns uuid
  language sql immutable as $$
    select (lpad(to_hex(1735689600000 + n), 12, '0') || '7' || left(md5('juke_id' || n), 3)
      || '9' || right(md5('juke_id' || n), 15))::uuid
  $$;`;

export type DataSet = {
  /** The size that was asked for. */
  rows: number;
  generation: number;
  entities: number;
  externalIds: number;
};

/** The data set a database holds, if it is one of this generator. */
export async function existingDataSet(sql: Sql): Promise<DataSet | undefined> {
  const [table] = await sql`select to_regclass('bench.data_set') as name`;
  if (!table?.name) return undefined;
  const [found] = await sql<DataSet[]>`select * from bench.data_set`;
  return found?.generation === generation ? found : undefined;
}

/**
 * Fills a migrated, empty database with at least so many external ids and their entities; the same ones each
 * time. Needs a superuser: it loads without triggers and foreign key checks.
 */
export async function buildDataSet(sql: Sql, rows: number): Promise<void> {
  await sql.begin(async (tx) => {
    await tx`set local session_replication_role = replica`;
    await tx.unsafe(generator);
    let first = 0;
    for (const { kind, entities, ids } of population) {
      const count = Math.ceil((entities * rows) / 1_000_000);
      const name = kind === "artist" ? "name" : "title";
      await tx.unsafe(/* sql */ `
        insert into catalog.entity (juke_id, kind, display_name, mbid)
        select bench.juke_id(${first} + n), '${kind}', initcap('${kind}') || ' No. ' || n,
          ${"mbid" in ids ? `bench.random_uuid('mbid', '${kind}', n)` : "null"}
        from generate_series(1, ${count}) n`);
      await tx.unsafe(/* sql */ `
        insert into catalog.${kind} (juke_id, ${name})
        select bench.juke_id(${first} + n), initcap('${kind}') || ' No. ' || n
        from generate_series(1, ${count}) n`);
      for (const [scheme, share] of Object.entries(ids)) {
        await tx.unsafe(/* sql */ `
          insert into identity.external_id (external_id, source, kind, juke_id, record_id)
          select ${idOf[scheme]}, '${scheme}', kind::catalog.entity_kind, bench.juke_id(${first} + n), ${first} + n
          from generate_series(1, ${count}) n
          cross join (values ('${kind}')) k (kind)
          where n % 10 < ${share * 10}`);
      }
      first += count;
    }
    // The ids name records that there are not. Those that a bench takes in must not be mistaken for them.
    await tx`select setval(pg_get_serial_sequence('ingest.record', 'record_id'), 1000000000)`;
    // One artist in fifty was merged into its neighbour.
    const artists = Math.ceil((60_000 * rows) / 1_000_000);
    await tx.unsafe(/* sql */ `
      update catalog.entity e set status = 'merged', merged_into = bench.juke_id(n + 1)
      from generate_series(1, ${artists - 1}, 50) n
      where e.juke_id = bench.juke_id(n)`);
    await tx.unsafe(/* sql */ `
      create table bench.data_set as
      select ${rows}::int as rows, ${generation}::int as generation, ${first}::int as entities,
        (select count(*)::int from identity.external_id) as "externalIds"`);
  });
  await sql`vacuum (freeze, analyze)`;
  await sql`checkpoint`;
}

export type Id = { source: string; value: string };

/** Up to so many ids of some schemes (and one kind) in a random but repeatable order. */
export async function sampleIds(
  sql: Sql,
  { schemes, kind, limit }: { schemes: string[]; kind?: string; limit: number },
): Promise<Id[]> {
  return sql<Id[]>`
    select x.source, x.external_id as value
    from identity.external_id x
    where x.source = any (${schemes}) and ${kind ? sql`x.kind = ${kind}` : sql`true`}
    order by md5(x.external_id)
    limit ${limit}`;
}
