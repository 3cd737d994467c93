import { expect, test } from "vitest";
import { deliver, entityOf, failure, insertEntity } from "../catalog-builder.ts";
import { testDatabase } from "../database.ts";

const { sql } = await testDatabase();

await sql`
  insert into ingest.source (source, title) values ('one', 'One'), ('two', 'Two') on conflict do nothing`;

/** Whether the same record of two sources, with these ids, is one entity. */
async function isOne(
  kind: "artist" | "release" | "track" | "video",
  first: object,
  second: object,
) {
  const id = crypto.randomUUID();
  const name = kind === "artist" ? { name: "x" } : { title: "x" };
  await deliver(sql, "one", [{ kind, id, ...name, ids: first }]);
  await deliver(sql, "two", [{ kind, id, ...name, ids: second }]);
  return (await entityOf(sql, "one", kind, id)) === (await entityOf(sql, "two", kind, id));
}

test("an exclusive id joins, and another value of it speaks against a weaker one", async () => {
  expect(await isOne("artist", { discogs: "1" }, { discogs: "1" })).toBe(true);
  expect(
    await isOne(
      "release",
      { discogs: "2", asin: "B000000002" },
      { discogs: "3", asin: "B000000002" },
    ),
  ).toBe(false);
});

test("an id by territory joins, and another value of it speaks against nothing", async () => {
  expect(
    await isOne(
      "artist",
      { spotify: "0000000000000000000001" },
      { spotify: "0000000000000000000001" },
    ),
  ).toBe(true);
  expect(
    await isOne(
      "release",
      { spotify: "0000000000000000000002", asin: "B000000004" },
      { spotify: "0000000000000000000003", asin: "B000000004" },
    ),
  ).toBe(true);
});

test("two records of one source may share an id by territory, but not a shared one", async () => {
  await deliver(sql, "one", [
    { kind: "track", id: "t1", title: "x", ids: { spotify: "0000000000000000000004" } },
    { kind: "track", id: "t2", title: "x", ids: { spotify: "0000000000000000000004" } },
    { kind: "track", id: "t3", title: "x", ids: { isrc: "GBAYE6800014" } },
    { kind: "track", id: "t4", title: "x", ids: { isrc: "GBAYE6800014" } },
  ]);
  expect(await entityOf(sql, "one", "track", "t1")).toBe(await entityOf(sql, "one", "track", "t2"));
  expect(await entityOf(sql, "one", "track", "t3")).not.toBe(
    await entityOf(sql, "one", "track", "t4"),
  );
});

test("an unstable id joins only where an id of another scheme agrees", async () => {
  expect(await isOne("artist", { viaf: "100000001" }, { viaf: "100000001" })).toBe(false);
  expect(
    await isOne(
      "artist",
      { viaf: "100000002", handle: "somebody" },
      { viaf: "100000002", handle: "somebody" },
    ),
  ).toBe(true);
  expect(
    await isOne(
      "artist",
      { viaf: "100000003", handle: "nobody" },
      { viaf: "100000003", handle: "nobody-else" },
    ),
  ).toBe(false);
});

test("records of one batch are joined no more than in batches of their own", async () => {
  await deliver(sql, "one", [
    { kind: "artist", id: "a1", name: "x", ids: { viaf: "100000005" } },
    { kind: "artist", id: "a2", name: "x", ids: { viaf: "100000005" } },
  ]);
  expect(await entityOf(sql, "one", "artist", "a1")).not.toBe(
    await entityOf(sql, "one", "artist", "a2"),
  );
});

test("an invalid id is claimed without a value: it neither links nor is bound, and its record is kept", async () => {
  const ids = {
    isni: "0000000218250098",
    ipi: ["00014107339", "00014107338"],
    spotify: "ZZZZZZZZZZZZZZZZZZZZZZ",
    discogs: "0",
  };
  await deliver(sql, "one", [{ kind: "artist", id: "invalid", name: "x", ids }]);
  const claims = await sql`
    select c.scheme, c.value
    from ingest.record r
    cross join lateral identity.record_claims(array[r.record_id]) c
    where r.source = 'one' and r.source_record_id = 'invalid'
    order by c.scheme, c.value`;
  expect([...claims]).toEqual([
    { scheme: "discogs", value: null },
    { scheme: "ipi", value: "00014107338" },
    { scheme: "ipi", value: null },
    { scheme: "isni", value: null },
    { scheme: "spotify", value: null },
  ]);
  const bound = await sql`
    select source, external_id from identity.external_id
    where juke_id = ${(await entityOf(sql, "one", "artist", "invalid")) ?? ""}`;
  expect([...bound]).toEqual([{ source: "ipi", external_id: "00014107338" }]);
});

test("an id that says itself that it names another kind is not valid on this one", async () => {
  await deliver(sql, "one", [
    { kind: "artist", id: "typed", name: "x", ids: { discogs: ["r249504", "a3840"] } },
    {
      kind: "release",
      id: "typed",
      title: "x",
      ids: { spotify: "https://open.spotify.com/artist/4Z8W4fKeB5YxbusRsdQVPb", discogs: "249504" },
    },
  ]);
  const rows = await sql`
    select kind, source, external_id from identity.external_id
    where juke_id = ${(await entityOf(sql, "one", "artist", "typed")) ?? ""}
      or juke_id = ${(await entityOf(sql, "one", "release", "typed")) ?? ""}
    order by kind`;
  expect([...rows]).toEqual([
    { kind: "artist", source: "discogs", external_id: "3840" },
    { kind: "release", source: "discogs", external_id: "249504" },
  ]);
});

test("nobody claims a juke_id, neither in a record nor by hand", async () => {
  const other = await insertEntity(sql, "artist", "other");
  await deliver(sql, "one", [{ kind: "artist", id: "thief", name: "x", ids: { juke_id: other } }]);
  expect(await entityOf(sql, "one", "artist", "thief")).not.toBe(other);
  expect(
    await failure(
      sql`insert into catalog.artist_external_id (juke_id, source, external_id) values (${other}, 'juke_id', ${other})`,
    ),
  ).toBe("JB106");
});
