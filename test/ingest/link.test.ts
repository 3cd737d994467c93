import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import {
  bind,
  deliver,
  entityOf,
  eventsAfter,
  head,
  insertEntity,
  type LooseRecord,
} from "../catalog-builder.ts";
import { testDatabase } from "../database.ts";

const { sql } = await testDatabase({ guarded: false });

let count = 0;
/** The later, the greater. */
const newSource = () => `source-${String(++count).padStart(4, "0")}`;
/** Ids that no other test uses. */
const newSpotify = () => String(++count).padStart(22, "0");
const newIsrc = () => `GBAYE68${String(++count).padStart(5, "0")}`;

const artist = (id: string, ids: object = {}, rest: object = {}): LooseRecord => ({
  kind: "artist",
  id,
  name: `artist ${id}`,
  ids,
  ...rest,
});
const track = (id: string, ids: object = {}, rest: object = {}): LooseRecord => ({
  kind: "track",
  id,
  title: `track ${id}`,
  ids,
  ...rest,
});

async function ruleOf(source: string, id: string): Promise<string | undefined> {
  const [row] = await sql`
    select m.rule from identity.membership m join ingest.record r using (record_id)
    where r.source = ${source} and r.source_record_id = ${id}`;
  return row?.rule;
}

async function resolve(ref: string): Promise<string | undefined> {
  return (await sql`select juke_id from identity.resolve(${ref})`)[0]?.juke_id;
}

test("records of two sources that share an id are one entity, and say which id it was", async () => {
  const [one, two, three] = [newSource(), newSource(), newSource()];
  const [spotify, mbid] = [newSpotify(), randomUUID()];
  await deliver(sql, one, [artist("a", { spotify })]);
  await deliver(sql, two, [
    artist("b", { spotify: `https://open.spotify.com/artist/${spotify}`, mbid }),
  ]);
  await deliver(sql, three, [artist("c", { mbid: mbid.toUpperCase() })]);
  const juke = await entityOf(sql, one, "artist", "a");
  expect(await entityOf(sql, two, "artist", "b")).toBe(juke);
  expect(await entityOf(sql, three, "artist", "c")).toBe(juke);
  expect([await ruleOf(one, "a"), await ruleOf(two, "b"), await ruleOf(three, "c")]).toEqual([
    "minted",
    "spotify",
    "mbid",
  ]);
  expect(await resolve(`mbid:${mbid}`)).toBe(juke);
  const [row] = await sql`select mbid from catalog.entity where juke_id = ${juke ?? null}`;
  expect(row?.mbid).toBe(mbid);
});

test("records of two kinds never become one, whatever they share", async () => {
  const source = newSource();
  await deliver(sql, source, [
    artist("x", { discogs: "4711" }),
    { ...artist("x", { discogs: "4711" }), kind: "label" },
  ]);
  expect(await entityOf(sql, source, "artist", "x")).not.toBe(
    await entityOf(sql, source, "label", "x"),
  );
});

test("the strongest shared id decides where a record belongs", async () => {
  const [one, two] = [newSource(), newSource()];
  const [isni, spotify] = ["000000012150090X", newSpotify()];
  await deliver(sql, one, [artist("weak", { spotify }), artist("strong", { isni })]);
  await deliver(sql, two, [artist("both", { spotify, isni })]);
  expect(await entityOf(sql, two, "artist", "both")).toBe(
    await entityOf(sql, one, "artist", "strong"),
  );
  expect(await ruleOf(two, "both")).toBe("isni");
  // Nothing was stolen: the weaker id still names the other entity.
  expect(await resolve(`spotify:artist:${spotify}`)).toBe(
    await entityOf(sql, one, "artist", "weak"),
  );
});

test("a stronger exclusive id that differs speaks against a weaker one that is shared", async () => {
  const [one, two, three] = [newSource(), newSource(), newSource()];
  const spotify = newSpotify();
  await deliver(sql, one, [artist("a", { mbid: randomUUID(), spotify })]);
  await deliver(sql, two, [artist("b", { mbid: randomUUID(), spotify })]);
  expect(await entityOf(sql, two, "artist", "b")).not.toBe(await entityOf(sql, one, "artist", "a"));
  expect(await ruleOf(two, "b")).toBe("minted");
  // Without one of its own it has nothing against it.
  await deliver(sql, three, [artist("c", { spotify })]);
  expect(await entityOf(sql, three, "artist", "c")).toBe(await entityOf(sql, one, "artist", "a"));
});

test("one of several values of a stronger id is enough to agree", async () => {
  const [one, two] = [newSource(), newSource()];
  const [mbid, other, spotify] = [randomUUID(), randomUUID(), newSpotify()];
  await deliver(sql, one, [artist("a", { mbid, spotify })]);
  await deliver(sql, two, [artist("b", { mbid: [other, mbid], spotify })]);
  expect(await entityOf(sql, two, "artist", "b")).toBe(await entityOf(sql, one, "artist", "a"));
  expect(await resolve(`mbid:${other}`)).toBe(await entityOf(sql, one, "artist", "a"));
});

test("an ISRC joins records of two sources, and never two of one", async () => {
  const [one, two] = [newSource(), newSource()];
  const isrc = newIsrc();
  await deliver(sql, one, [track("a", { isrc }), track("b", { isrc })]);
  await deliver(sql, one, [track("c", { isrc })]);
  const entities = await Promise.all(["a", "b", "c"].map((id) => entityOf(sql, one, "track", id)));
  expect(new Set(entities).size).toBe(3);
  await deliver(sql, two, [track("a", { isrc }), track("b", { isrc })]);
  expect(await entityOf(sql, two, "track", "a")).toBe(entities[0]);
  expect(await ruleOf(two, "b")).toBe("minted");
});

test("no id joins two records of a source that is free of duplicates", async () => {
  const spotify = newSpotify();
  const records = [artist("1", { spotify, mbid: randomUUID() }), artist("2", { spotify })];
  await deliver(sql, "musicbrainz", records);
  expect(await entityOf(sql, "musicbrainz", "artist", "2")).not.toBe(
    await entityOf(sql, "musicbrainz", "artist", "1"),
  );
  const other = newSource();
  await deliver(sql, other, [artist("1", { spotify }), artist("2", { spotify })]);
  expect(await entityOf(sql, other, "artist", "2")).toBe(await entityOf(sql, other, "artist", "1"));
});

test("new records of one batch that share new ids find each other along a chain", async () => {
  const source = newSource();
  const ids = Array.from({ length: 12 }, newSpotify);
  const records = ids
    .slice(1)
    .map((id, index) => artist(`chain ${index + 10}`, { spotify: [ids[index], id] }));
  expect(await deliver(sql, source, records.toReversed())).toMatchObject({
    new: 11,
    entities_minted: 1,
  });
});

test("an id that an entity carries without any record links to it too", async () => {
  const source = newSource();
  const juke = await insertEntity(sql, "artist", "by hand");
  await bind(sql, "artist", juke, "deezer", "9901");
  await deliver(sql, source, [artist("a", { deezer: "9901" })]);
  expect(await entityOf(sql, source, "artist", "a")).toBe(juke);
});

test("an id that a record no longer says is unbound and free for another", async () => {
  const [one, two] = [newSource(), newSource()];
  const spotify = newSpotify();
  await deliver(sql, one, [artist("a", { spotify, deezer: "9902" })]);
  await deliver(sql, one, [artist("a", { deezer: "9902" })]);
  expect(await resolve(`spotify:${spotify}`)).toBeUndefined();
  expect(await resolve("deezer:9902")).toBe(await entityOf(sql, one, "artist", "a"));
  await deliver(sql, two, [artist("b", { spotify })]);
  expect(await resolve(`spotify:${spotify}`)).toBe(await entityOf(sql, two, "artist", "b"));
});

test("an id that another record of the entity says too stays when the first one drops it", async () => {
  const [one, two] = [newSource(), newSource()];
  const spotify = newSpotify();
  await deliver(sql, one, [artist("a", { spotify })]);
  await deliver(sql, two, [artist("b", { spotify })]);
  await deliver(sql, one, [artist("a", {})]);
  expect(await resolve(`spotify:${spotify}`)).toBe(await entityOf(sql, two, "artist", "b"));
  await deliver(sql, two, [artist("b", {})]);
  expect(await resolve(`spotify:${spotify}`)).toBeUndefined();
});

test("ids move from one record to another within a batch", async () => {
  const source = newSource();
  const [x, y] = [newSpotify(), newSpotify()];
  await deliver(sql, source, [artist("a", { spotify: x }), artist("b", { spotify: y })]);
  await deliver(sql, source, [artist("a", { spotify: y }), artist("b", { spotify: x })]);
  expect(await resolve(`spotify:${y}`)).toBe(await entityOf(sql, source, "artist", "a"));
  expect(await resolve(`spotify:${x}`)).toBe(await entityOf(sql, source, "artist", "b"));
});

test("an id that comes later binds to the entity; it is contested, and not taken, when another has it", async () => {
  const [one, two] = [newSource(), newSource()];
  const spotify = newSpotify();
  await deliver(sql, one, [artist("a", {})]);
  await deliver(sql, two, [artist("b", {})]);
  await deliver(sql, one, [artist("a", { spotify })]);
  const before = await head(sql);
  await deliver(sql, two, [artist("b", { spotify })]);
  expect(await resolve(`spotify:${spotify}`)).toBe(await entityOf(sql, one, "artist", "a"));
  expect(await entityOf(sql, two, "artist", "b")).not.toBe(await entityOf(sql, one, "artist", "a"));
  expect(await eventsAfter(sql, before)).toMatchObject([
    { juke_id: await entityOf(sql, one, "artist", "a"), changed: ["external_ids"] },
  ]);
});

test("the hub shows the mbid that is bound to the entity, the least when there are several", async () => {
  const source = newSource();
  const [first, second] = [randomUUID(), randomUUID()].sort();
  const mbidOf = async (id: string) =>
    (
      await sql`select mbid from catalog.entity
        where juke_id = ${(await entityOf(sql, source, "artist", id)) ?? null}`
    )[0]?.mbid;
  await deliver(sql, source, [artist("a", { mbid: [second, first] })]);
  expect(await mbidOf("a")).toBe(first);
  await deliver(sql, source, [artist("c", { mbid: first })]);
  await deliver(sql, source, [artist("a", { mbid: second })]);
  expect(await entityOf(sql, source, "artist", "c")).toBe(
    await entityOf(sql, source, "artist", "a"),
  );
  expect(await mbidOf("a")).toBe(first);
  await deliver(sql, source, [artist("c", {})]);
  expect(await mbidOf("a")).toBe(second);
  await deliver(sql, source, [artist("a", {})]);
  expect(await mbidOf("a")).toBeNull();
});

test("a record whose entity was deleted is linked anew when it changes", async () => {
  const source = newSource();
  await deliver(sql, source, [artist("a", {})]);
  const juke = await entityOf(sql, source, "artist", "a");
  await sql`delete from catalog.entity where juke_id = ${juke ?? null}`;
  expect(await deliver(sql, source, [artist("a", {})])).toMatchObject({
    unchanged: 1,
    entities_minted: 0,
  });
  expect(await deliver(sql, source, [artist("a", {}, { name: "again" })])).toMatchObject({
    entities_minted: 1,
  });
  expect(await entityOf(sql, source, "artist", "a")).not.toBe(juke);
});

test("no id stays bound to an entity that none of its records claims, after any history", async () => {
  const stray = await sql`
    select x.* from identity.external_id x
    join ingest.record r using (record_id)
    where not exists (
      select from identity.record_claims(array[x.record_id]) c
      where c.scheme = x.source and c.value = x.external_id
    ) or x.juke_id <> (select m.juke_id from identity.membership m where m.record_id = x.record_id)`;
  expect([...stray]).toEqual([]);
});
