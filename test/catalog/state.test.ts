import { beforeAll, expect, test } from "vitest";
import { fillCatalog } from "../api/catalog.ts";
import { type AnySql, deliver, entityOf } from "../catalog-builder.ts";
import { undone } from "../catalog-state.ts";
import { testDatabase } from "../database.ts";

const database = await testDatabase();
const { sql } = database;

type State = { jukeId: string; version: number; [key: string]: unknown };

/** The states of all entities, by their key. */
async function states(db: AnySql): Promise<Map<string, State>> {
  const rows = await db<{ juke_id: string; version: number; state: State }[]>`
    select s.* from catalog.state(array(select e.juke_id from catalog.entity e)) s`;
  for (const { juke_id, version, state } of rows) {
    expect([state.jukeId, state.version]).toEqual([juke_id, version]);
  }
  return new Map(rows.map(({ juke_id, state }) => [juke_id, state]));
}

async function stateOf(db: AnySql, jukeId: string): Promise<State | undefined> {
  const [row] = await db`select s.state from catalog.state(${[jukeId]}::uuid[]) s`;
  return row?.state;
}

const keyOf = async (kind: string, id: string) =>
  (await entityOf(sql, "local", kind, id)) ?? expect.fail(`no ${kind} ${id}`);

beforeAll(() => fillCatalog(database));

test("a release has its attributes and all of its lists, and names others by their keys alone", async () => {
  const jukeId = await keyOf("release", "ok-computer-gb");
  expect(await stateOf(sql, jukeId)).toEqual({
    jukeId,
    kind: "release",
    version: 1,
    status: "active",
    displayName: "OK Computer",
    title: "OK Computer",
    albumId: await keyOf("album", "ok-computer"),
    releaseStatus: "official",
    releaseDate: "1997-06-16",
    country: "GB",
    credits: [{ role: "artist", position: 1, contributorId: await keyOf("artist", "radiohead") }],
    media: [{ disc: 1, format: "CD" }],
    tracks: [
      { disc: 1, position: 1, number: "1", trackId: await keyOf("track", "airbag") },
      { disc: 1, position: 2, number: "2", trackId: await keyOf("track", "paranoid-android") },
    ],
    labels: [{ labelId: await keyOf("label", "parlophone"), catalogNumber: "CDNODATA 02" }],
    releaseEvents: [{ position: 1, country: "GB", date: "1997-06-16" }],
  });
});

test("ids, aliases, genres, images, parents and works are told of whatever has them", async () => {
  expect(await stateOf(sql, await keyOf("artist", "radiohead"))).toMatchObject({
    name: "Radiohead",
    mbid: "a74b1b7f-71a5-4011-9441-d0b5e4122711",
    externalIds: [
      { scheme: "discogs", value: "3840" },
      { scheme: "mbid", value: "a74b1b7f-71a5-4011-9441-d0b5e4122711" },
      { scheme: "spotify", value: "4Z8W4fKeB5YxbusRsdQVPb" },
    ],
    aliases: [{ name: "On a Friday", isPrimary: false, beginDate: "1985" }],
    genres: [{ genreId: await keyOf("genre", "art rock"), weight: 3 }],
    images: [{ url: "https://example.org/radiohead.jpg", imageType: "artist" }],
  });
  expect(await stateOf(sql, await keyOf("genre", "art rock"))).toMatchObject({
    parents: [{ parentId: await keyOf("genre", "rock") }],
  });
  expect(await stateOf(sql, await keyOf("track", "paranoid-android"))).toMatchObject({
    works: [{ workId: await keyOf("work", "paranoid-android"), relation: "performance" }],
  });
});

test("every table and every column of the catalog is told, and the feed captures each of them", async () => {
  const [{ text }] = await sql<[{ text: string }]>`
    select pg_get_functiondef('catalog.state(uuid[])'::regprocedure) as text`;
  const parts = await sql<{ table: string; columns: string[]; isKind: boolean }[]>`
    select c.relname as table, array_agg(a.attname::text order by a.attnum) as columns,
      c.relname::text = any (enum_range(null::catalog.entity_kind)::text[]) as "isKind"
    from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = 'catalog'::regnamespace and c.relkind = 'r' and c.relname <> 'entity'
    group by c.oid
    -- A list of codes says nothing of an entity.
    having bool_or(a.atttypid = 'uuid'::regtype)`;
  for (const { table, columns, isKind } of parts) {
    const [, alias] = new RegExp(`from catalog\\.${table} (\\w+)`).exec(text) ?? [];
    expect(alias, table).toBeDefined();
    if (isKind) continue; // as JSON, whole
    expect(
      columns.filter((column) => !new RegExp(`\\b${alias}\\.${column}\\b`).test(text)),
    ).toEqual([]);
  }

  const read = [...text.matchAll(/from ((?:catalog|identity|ingest|feed|descriptor)\.\w+)/g)].map(
    ([, name]) => (name === "catalog.external_id" ? "identity.external_id" : name),
  );
  const captured = await sql<{ name: string }[]>`
    select t.tgrelid::regclass::text as name from pg_trigger t where t.tgname = '_500_capture_update'`;
  expect(read.filter((name) => !captured.some((each) => each.name === name))).toEqual([]);
});

test("the settings of the session change nothing", async () => {
  await undone(sql, async (tx) => {
    const episode = await keyOf("episode", "one");
    const said =
      '{"published_at": "2026-01-02T03:04:05Z", "genres": [{"genre": {"kind": "genre", "id": "GENRE"}, "weight": 0.1}]}';
    await tx`select catalog.edit(${episode}, ${said.replace("GENRE", await keyOf("genre", "rock"))}::text::jsonb)`;
    const before = JSON.stringify([...(await states(tx))]);
    await tx.unsafe(
      "set local timezone = 'Asia/Kathmandu'; set local extra_float_digits = -5; set local datestyle = 'German'",
    );
    expect(JSON.stringify([...(await states(tx))])).toBe(before);
    expect(await stateOf(tx, episode)).toMatchObject({
      publishedAt: "2026-01-02T03:04:05+00:00",
      genres: [{ weight: 0.1 }],
    });
  });
});

test("keys come once and in order, unknown ones not at all", async () => {
  const keys = [await keyOf("artist", "queen"), await keyOf("artist", "bowie")];
  const asked = [...keys, ...keys, "00000000-0000-7000-8000-000000000000"];
  const rows = await sql`select s.juke_id from catalog.state(${asked}::uuid[]) s`;
  expect(rows.map(({ juke_id }) => juke_id)).toEqual([...keys].sort());
  expect([...(await sql`select * from catalog.state(null)`)]).toEqual([]);
});

test("readers may call it", async () => {
  await undone(sql, async (tx) => {
    await tx`set local role jukebase_api`;
    expect((await states(tx)).size).toBeGreaterThan(0);
  });
});

test("one version is one state, whatever happens to what it refers to", async () => {
  const seen = new Map<string, string>();
  const look = async () => {
    for (const [jukeId, state] of await states(sql)) {
      const key = `${jukeId} ${state.version}`;
      expect(seen.get(key) ?? JSON.stringify(state), key).toBe(JSON.stringify(state));
      seen.set(key, JSON.stringify(state));
    }
  };
  const radiohead = await keyOf("artist", "radiohead");
  const release = await keyOf("release", "ok-computer-gb");
  const [album, queen] = [await keyOf("album", "ok-computer"), await keyOf("artist", "queen")];
  await look();
  const before = await stateOf(sql, release);
  await sql`select catalog.edit(${radiohead}, '{"name": "On a Friday", "aliases": [{"name": "Radiohead"}]}')`;
  await look();
  expect(await stateOf(sql, release)).toEqual(before);
  await sql`select identity.merge(${queen}, array[${radiohead}]::uuid[])`;
  await look();
  expect(await stateOf(sql, release)).toMatchObject({ credits: [{ contributorId: queen }] });
  expect(await stateOf(sql, radiohead)).toEqual({
    jukeId: radiohead,
    kind: "artist",
    version: 3,
    status: "merged",
    mergedInto: queen,
    displayName: "On a Friday",
  });
  await sql`select identity.delete(${album})`;
  await look();
  expect(await stateOf(sql, release)).not.toHaveProperty("albumId");
  expect(await stateOf(sql, album)).toMatchObject({ status: "deleted" });
  await sql`select identity.undo(o.operation_id) from identity.operation o where o.op = 'merge'`;
  await look();
  await sql`select identity.claim(${queen}, 'spotify', '1dfeR4HaWDbWqFHLkxsg1d')`;
  await look();
  await deliver(sql, "other", [
    { kind: "release", id: "r", title: "Again", ids: { gtin: "00724385522924" } },
    { kind: "track", id: "t", title: "Airbag", ids: { isrc: "GBAYE9700104" }, duration_ms: 1 },
  ]);
  await look();
});
