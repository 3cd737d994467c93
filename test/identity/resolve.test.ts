import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { bind, failure, insertEntity } from "../catalog-builder.ts";
import { testDatabase } from "../database.ts";

const { sql, connect } = await testDatabase({ guarded: false });

type Answer = { status: string; juke_id: string; kind: string; rule: string };

async function resolve(ref: string): Promise<Answer[]> {
  return [
    ...(await sql<Answer[]>`
      select status, juke_id, kind, rule from identity.resolve(${ref}) order by kind`),
  ];
}

async function merge(from: string, into: string): Promise<void> {
  await sql`
    update catalog.entity set status = 'merged', merged_into = ${into} where juke_id = ${from}`;
}

test("a juke_id resolves to its entity, bare, qualified and as a urn", async () => {
  const id = await insertEntity(sql, "artist", "a");
  const answer = { status: "found", juke_id: id, kind: "artist", rule: "juke_id" };
  for (const ref of [
    id,
    `juke_id:${id}`,
    `urn:uuid:${id}`,
    id.toUpperCase(),
    id.replaceAll("-", ""),
  ]) {
    expect(await resolve(ref)).toEqual([answer]);
  }
});

test("a bare uuid is a juke_id first, then an mbid, then an id of a weaker scheme", async () => {
  const uuid = randomUUID();
  const podcast = await insertEntity(sql, "podcast", "by guid");
  await bind(sql, "podcast", podcast, "podcast_guid", uuid);
  expect(await resolve(uuid)).toMatchObject([{ juke_id: podcast, rule: "podcast_guid" }]);

  const artist = await insertEntity(sql, "artist", "by mbid");
  await bind(sql, "artist", artist, "mbid", uuid);
  expect(await resolve(uuid)).toMatchObject([{ juke_id: artist, rule: "mbid" }]);

  await sql`insert into catalog.entity (juke_id, kind, display_name) values (${uuid}, 'work', 'by juke_id')`;
  expect(await resolve(uuid)).toMatchObject([{ juke_id: uuid, kind: "work", rule: "juke_id" }]);
});

test("precedence is the rank in identity.scheme, and no code", async () => {
  const uuid = randomUUID();
  const podcast = await insertEntity(sql, "podcast", "p");
  const artist = await insertEntity(sql, "artist", "a");
  await bind(sql, "podcast", podcast, "podcast_guid", uuid);
  await bind(sql, "artist", artist, "mbid", uuid);
  const answers = await sql.begin(async (tx) => {
    await tx`update identity.scheme set rank = case scheme when 'mbid' then 20 else 10 end
             where scheme in ('mbid', 'podcast_guid')`;
    const rows = await tx`select juke_id, rule from identity.resolve(${uuid})`;
    await tx`update identity.scheme set rank = case scheme when 'mbid' then 10 else 20 end
             where scheme in ('mbid', 'podcast_guid')`;
    return rows;
  });
  expect([...answers]).toEqual([{ juke_id: podcast, rule: "podcast_guid" }]);
});

test("a typed reference that misses names nothing: it never falls through to a weaker rule", async () => {
  const mbid = randomUUID();
  const artist = await insertEntity(sql, "artist", "a");
  await bind(sql, "artist", artist, "mbid", mbid);
  await bind(sql, "artist", artist, "discogs", "3840");
  expect(await resolve(`juke_id:${mbid}`)).toEqual([]);
  expect(await resolve(`podcast_guid:${mbid}`)).toEqual([]);
  expect(await resolve(`mbid:${artist}`)).toEqual([]);
  expect(await resolve(`mbid:release:${mbid}`)).toEqual([]);
  expect(await resolve(`https://musicbrainz.org/release/${mbid}`)).toEqual([]);
  expect(await resolve("discogs:label:3840")).toEqual([]);
  expect(await resolve("deezer:3840")).toEqual([]);
  expect(await resolve(`uuid:${mbid}`)).toMatchObject([{ juke_id: artist, rule: "mbid" }]);
});

test("an id that things of several kinds carry is ambiguous until the kind is said", async () => {
  const artist = await insertEntity(sql, "artist", "a");
  const label = await insertEntity(sql, "label", "l");
  await bind(sql, "artist", artist, "discogs", "77");
  await bind(sql, "label", label, "discogs", "77");
  expect(await resolve("discogs:77")).toEqual([
    { status: "ambiguous", juke_id: artist, kind: "artist", rule: "discogs" },
    { status: "ambiguous", juke_id: label, kind: "label", rule: "discogs" },
  ]);
  expect(await resolve("discogs:label:77")).toMatchObject([{ status: "found", juke_id: label }]);
  expect(await resolve("https://www.discogs.com/artist/77")).toMatchObject([{ juke_id: artist }]);
});

test("a URL that may name two kinds answers with the likelier one", async () => {
  const ref = "https://open.spotify.com/album/4Z8W4fKeB5YxbusRsdQVPb";
  const release = await insertEntity(sql, "release", "r");
  await bind(sql, "release", release, "spotify", "4Z8W4fKeB5YxbusRsdQVPb");
  expect(await resolve(ref)).toMatchObject([
    { status: "found", juke_id: release, kind: "release" },
  ]);
  const album = await insertEntity(sql, "album", "a");
  await bind(sql, "album", album, "spotify", "4Z8W4fKeB5YxbusRsdQVPb");
  expect(await resolve(ref)).toMatchObject([{ status: "found", juke_id: album, kind: "album" }]);
});

test("a merged entity redirects to the survivor, by every way that leads to it", async () => {
  const mbid = randomUUID();
  const survivor = await insertEntity(sql, "artist", "survivor");
  const merged = await insertEntity(sql, "artist", "merged");
  await bind(sql, "artist", merged, "mbid", mbid);
  await bind(sql, "artist", merged, "deezer", "399");
  await merge(merged, survivor);
  const answer = { status: "redirected", juke_id: survivor, kind: "artist" };
  expect(await resolve(merged)).toEqual([{ ...answer, rule: "juke_id" }]);
  expect(await resolve(`juke_id:${merged}`)).toEqual([{ ...answer, rule: "juke_id" }]);
  expect(await resolve(mbid)).toEqual([{ ...answer, rule: "mbid" }]);
  expect(await resolve(`mbid:${mbid}`)).toEqual([{ ...answer, rule: "mbid" }]);
  expect(await resolve("deezer:399")).toEqual([{ ...answer, rule: "deezer" }]);
});

test("a deleted entity is a tombstone: its id answers deleted and is never given away", async () => {
  const mbid = randomUUID();
  const id = await insertEntity(sql, "artist", "gone");
  await bind(sql, "artist", id, "mbid", mbid);
  await sql`update catalog.entity set status = 'deleted' where juke_id = ${id}`;
  expect(await resolve(id)).toMatchObject([{ status: "deleted", juke_id: id, rule: "juke_id" }]);
  expect(await resolve(mbid)).toMatchObject([{ status: "deleted", juke_id: id, rule: "mbid" }]);
  expect(await resolve(`mbid:${mbid}`)).toMatchObject([{ status: "deleted", juke_id: id }]);
  expect(
    await failure(
      sql`insert into catalog.entity (juke_id, kind, display_name) values (${id}, 'artist', 'x')`,
    ),
  ).toBe("23505");
});

test("a redirect is one hop: its target is never itself merged", async () => {
  const [a, b, c] = await Promise.all(
    ["a", "b", "c"].map((name) => insertEntity(sql, "artist", name)),
  );
  if (!a || !b || !c) throw new Error("not reached");
  await merge(a, b);
  expect(await failure(merge(b, c))).toBe("JB107");
  expect(await failure(merge(c, a))).toBe("JB107");
  expect(await failure(merge(b, a))).toBe("JB107");
  expect(await failure(merge(c, c))).toBe("23514");
  // In one transaction a chain may be flattened in any order.
  await sql.begin(async (tx) => {
    await tx`update catalog.entity set status = 'merged', merged_into = ${c} where juke_id = ${b}`;
    await tx`update catalog.entity set merged_into = ${c} where juke_id = ${a}`;
  });
  expect(await resolve(a)).toMatchObject([{ status: "redirected", juke_id: c }]);
});

test("two merges that meet make neither a cycle nor a chain: one of them fails", async () => {
  const other = connect();
  for (const [mine, theirs] of [
    [
      [0, 1],
      [1, 0],
    ],
    [
      [0, 1],
      [1, 2],
    ],
    [
      [1, 2],
      [0, 1],
    ],
  ] as const) {
    const ids: string[] = [];
    for (const name of ["a", "b", "c"]) ids.push(await insertEntity(sql, "artist", name));
    const begin = (client: typeof sql, [from, into]: readonly [number, number], pause: number) =>
      failure(
        client.begin(async (tx) => {
          await tx`
            update catalog.entity set status = 'merged', merged_into = ${ids[into] ?? ""}
            where juke_id = ${ids[from] ?? ""}`;
          await tx`select pg_sleep(${pause})`;
        }),
      );
    const outcomes = await Promise.all([begin(sql, mine, 0.1), begin(other, theirs, 0.1)]);
    expect(outcomes.filter((code) => code === null)).toHaveLength(1);
    expect(outcomes.find((code) => code !== null)).toMatch(/JB107|40P01/);
    const chains = await sql`
      select from catalog.entity e join catalog.entity t on t.juke_id = e.merged_into
      where t.merged_into is not null`;
    expect(chains).toHaveLength(0);
  }
});

test("an unknown id gives no row, and text that is no reference raises JB103", async () => {
  expect(await resolve(randomUUID())).toEqual([]);
  expect(await resolve("isrc:GBAYE6800011")).toEqual([]);
  expect(await failure(resolve("Radiohead"))).toBe("JB103");
  expect(await failure(resolve(""))).toBe("JB103");
  expect(await failure(sql`select * from identity.resolve(null)`)).toBe("JB103");
});

test("the answer repeats the reference and says how it was read", async () => {
  const track = await insertEntity(sql, "track", "t");
  await bind(sql, "track", track, "isrc", "GBAYE9700108");
  const [row] = await sql`select * from identity.resolve('isrc:gb-aye-97-00108')`;
  expect(row).toEqual({
    ref: "isrc:gb-aye-97-00108",
    status: "found",
    juke_id: track,
    kind: "track",
    rule: "isrc",
    scheme: "isrc",
    value: "GBAYE9700108",
    is_contested: false,
  });
});

test("the cores of the resolver are inlined into the query that calls them", async () => {
  for (const call of [
    sql`identity.resolve_external('isrc', 'GBAYE9700108')`,
    sql`identity.resolve_uuid('a74b1b7f-71a5-4011-9441-d0b5e4122711')`,
  ]) {
    const plan = (await sql`explain select * from ${call}`)
      .map((row) => row["QUERY PLAN"])
      .join("\n");
    expect(plan).not.toContain("Function Scan");
    expect(plan).toContain("external_id_pkey");
  }
});
