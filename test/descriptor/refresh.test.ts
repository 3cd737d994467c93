import { beforeEach, expect, test } from "vitest";
import { deliver, entityOf, insertEntity, type LooseRecord } from "../catalog-builder.ts";
import { testDatabase } from "../database.ts";
import { builtAt, found, refresh, refreshAll } from "./documents.ts";

const { sql } = await testDatabase({ guarded: false });

let round = 0;
beforeEach(async () => {
  await refreshAll(sql);
  round += 1;
});

/** A name that is new in each test. */
const word = (name: string) => `${name}${round}`;
const id = (kind: string, name: string) => entityOf(sql, "local", kind, word(name));
const ref = (kind: string, name: string) => ({ kind, id: word(name) });
const credit = (name: string, more: object = {}) => ({
  contributor: ref("artist", name),
  role: "artist",
  ...more,
});
const track = (name: string, more: object = {}): LooseRecord => ({
  kind: "track",
  id: word(name),
  title: word(name),
  ...more,
});
const artist = (name: string, shown: string, more: object = {}): LooseRecord => ({
  kind: "artist",
  id: word(name),
  name: word(shown),
  ...more,
});

test("a new entity is marked, refreshed once, and found", async () => {
  const entity = await insertEntity(sql, "track", word("nocturne"));
  expect(await found(sql, word("nocturne"))).toEqual([]);
  expect(await refresh(sql)).toEqual({ refreshed: 1, unchanged: 0, remaining: 0 });
  expect(await found(sql, word("nocturne"))).toEqual([word("nocturne")]);
  const [document] = await sql`
    select kind, name, builder_version = descriptor.builder_version() as current
    from descriptor.document where juke_id = ${entity}`;
  expect(document).toEqual({ kind: "track", name: word("nocturne"), current: true });
});

test("what is right already is not written again", async () => {
  const entity = await insertEntity(sql, "track", word("etude"));
  await refreshAll(sql);
  const before = await builtAt(sql, entity);
  expect(await refresh(sql)).toEqual({ refreshed: 0, unchanged: 0, remaining: 0 });
  await sql`update catalog.track set duration_ms = 1 where juke_id = ${entity}`;
  await sql`insert into descriptor.dirty (juke_id) values (${entity}), (${entity})`;
  expect(await refresh(sql)).toEqual({ refreshed: 0, unchanged: 1, remaining: 0 });
  expect(await builtAt(sql, entity)).toBe(before);
});

test("a document of an older builder is written again", async () => {
  const entity = await insertEntity(sql, "track", word("prelude"));
  await refreshAll(sql);
  await sql`update descriptor.document set builder_version = 0 where juke_id = ${entity}`;
  await sql`insert into descriptor.dirty (juke_id) values (${entity})`;
  expect(await refresh(sql)).toMatchObject({ refreshed: 1 });
});

test("no more marks are taken than asked for, the oldest first", async () => {
  const entities = [];
  for (const n of [1, 2, 3, 4, 5]) entities.push(await insertEntity(sql, "work", word(`w${n}x`)));
  expect(await refresh(sql, 2)).toMatchObject({ refreshed: 2 });
  const built = await Promise.all(entities.map((entity) => builtAt(sql, entity)));
  expect(built.map((at) => at !== undefined)).toEqual([true, true, false, false, false]);
  expect((await refresh(sql, 2)).remaining).toBeGreaterThan(0);
  expect(await refresh(sql, 2)).toEqual({ refreshed: 1, unchanged: 0, remaining: 0 });
});

test("a renamed artist is found by its new name on its tracks, in a following pass", async () => {
  await deliver(sql, "local", [
    artist("prince", "prince"),
    track("kiss", { credits: [credit("prince")] }),
    track("alone"),
  ]);
  await refreshAll(sql);
  expect(await found(sql, word("prince"), ["track"])).toEqual([word("kiss")]);
  const before = await builtAt(sql, await id("track", "alone"));

  await deliver(sql, "local", [artist("prince", "symbol")]);
  expect(await refresh(sql)).toMatchObject({ refreshed: 1, remaining: 1 });
  expect(await refresh(sql)).toEqual({ refreshed: 1, unchanged: 0, remaining: 0 });
  expect(await found(sql, word("symbol"), ["track"])).toEqual([word("kiss")]);
  expect(await found(sql, word("prince"))).toEqual([]);
  expect(await builtAt(sql, await id("track", "alone"))).toBe(before);
});

test("a change that is no new name leaves the documents of dependents alone", async () => {
  await deliver(sql, "local", [artist("x", "name"), track("t", { credits: [credit("x")] })]);
  await refreshAll(sql);
  await deliver(sql, "local", [artist("x", "name", { aliases: [{ name: "other" }] })]);
  expect(await refresh(sql)).toEqual({ refreshed: 1, unchanged: 0, remaining: 0 });
});

test("a name that comes after a track was built, but before the artist was, reaches the track", async () => {
  await deliver(sql, "local", [track("idioteque", { credits: [credit("late")] })]);
  const placeholder = await id("artist", "late");
  await sql`delete from descriptor.dirty where juke_id = ${placeholder ?? null}`;
  await refreshAll(sql);
  await sql`insert into descriptor.dirty (juke_id) values (${placeholder ?? null})`;
  await deliver(sql, "local", [artist("late", "radiohead")]);
  await refreshAll(sql);
  expect(await found(sql, word("radiohead"), ["track"])).toEqual([word("idioteque")]);
});

test("every link carries a new name: genre, label, release, album, podcast, book", async () => {
  const named: [string, string, object][] = [
    ["genre", "track", { genres: [{ genre: ref("genre", "c") }] }],
    ["label", "release", { labels: [{ label: ref("label", "c") }] }],
    ["album", "release", { album: ref("album", "c") }],
    ["podcast", "episode", { podcast: ref("podcast", "c") }],
    ["book", "audiobook", { book: ref("book", "c") }],
  ];
  for (const [kind, dependent, link] of named) {
    const record = (shown: string) => ({
      kind: kind as LooseRecord["kind"],
      id: word("c"),
      [["genre", "label"].includes(kind) ? "name" : "title"]: shown,
    });
    const title = word(`in${kind}`);
    await deliver(sql, "local", [
      record(word("before")),
      { kind: dependent as LooseRecord["kind"], id: title, title, ...link },
    ]);
    await refreshAll(sql);
    await deliver(sql, "local", [record(word(`after${kind}`))]);
    await refreshAll(sql);
    expect([kind, await found(sql, word(`after${kind}`), [dependent])]).toEqual([kind, [title]]);
  }
});

test("a track that comes onto a release later is found by its title, until it is off it", async () => {
  await deliver(sql, "local", [
    track("song"),
    { kind: "video", id: word("clip"), title: word("clip") },
  ]);
  await refreshAll(sql);
  const release = (tracks: object[]): LooseRecord => ({
    kind: "release",
    id: word("r"),
    title: word("compilation"),
    tracks,
  });
  await deliver(sql, "local", [
    release([
      { disc: 1, position: 1, track: ref("track", "song") },
      { disc: 1, position: 2, video: ref("video", "clip") },
    ]),
  ]);
  await refreshAll(sql);
  expect(await found(sql, word("compilation"), ["track"])).toEqual([word("song")]);
  expect(await found(sql, word("compilation"), ["video"])).toEqual([word("clip")]);
  await deliver(sql, "local", [release([])]);
  await refreshAll(sql);
  expect(await found(sql, word("compilation"), ["track", "video"])).toEqual([]);
});

test("an entity that is deleted, removed or merged loses its document", async () => {
  const [a, b, c, d] = [
    await insertEntity(sql, "artist", word("gone")),
    await insertEntity(sql, "artist", word("gone")),
    await insertEntity(sql, "artist", word("gone")),
    await insertEntity(sql, "artist", word("gone")),
  ];
  await refreshAll(sql);
  expect(await found(sql, word("gone"))).toHaveLength(4);
  await sql`delete from catalog.entity where juke_id = ${a}`;
  expect(await found(sql, word("gone"))).toHaveLength(3);
  await sql`update catalog.entity set status = 'deleted' where juke_id = ${b}`;
  await sql`update catalog.entity set status = 'merged', merged_into = ${d} where juke_id = ${c}`;
  await refreshAll(sql);
  expect(await found(sql, word("gone"))).toHaveLength(1);
  expect(await builtAt(sql, d)).toBeDefined();
  await sql`update catalog.entity set status = 'active' where juke_id = ${b}`;
  await refreshAll(sql);
  expect(await found(sql, word("gone"))).toHaveLength(2);
});

test("a mark of what is no entity is taken and forgotten", async () => {
  await sql`insert into descriptor.dirty (juke_id) select gen_random_uuid() from generate_series(1, 3)`;
  expect(await refresh(sql)).toEqual({ refreshed: 0, unchanged: 0, remaining: 0 });
});

test("texts of any length are indexed as far as it goes, and stop no other document", async () => {
  const long = (words: number, width: number) =>
    Array.from({ length: words }, (_, n) => `${n}${"𠀀".repeat(width)}`).join(" ");
  await deliver(sql, "local", [
    track("short"),
    { kind: "track", id: word("long"), title: `${word("long")} ${long(30_000, 10)}` },
    {
      kind: "podcast",
      id: word("wordy"),
      title: word("wordy"),
      author: "-x".repeat(60_000),
      description: long(30_000, 5),
      aliases: Array.from({ length: 500 }, (_, n) => ({ name: `${n}-${long(40, 6)}-${n}` })),
    },
    { kind: "book", id: word("one"), title: word("one"), description: "x".repeat(3_000_000) },
  ]);
  await refreshAll(sql);
  for (const name of ["short", "wordy", "one"]) {
    expect(await found(sql, word(name))).toEqual([word(name)]);
  }
  expect((await found(sql, word("long")))[0]).toContain(word("long"));
});
