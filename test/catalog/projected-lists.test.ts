import { describe, expect, test } from "vitest";
import { deliver, entityOf, type LooseRecord } from "../catalog-builder.ts";
import { undone } from "../catalog-state.ts";
import { testDatabase } from "../database.ts";
import {
  type Delivery,
  deliverAll,
  golden,
  inEveryOrder,
  parts,
  ref,
} from "./projection-builder.ts";

const { sql } = await testDatabase();

const ids = { spotify: "4Z8W4fKeB5YxbusRsdQVPb" };
/** What a source says of the entity that they all mean. */
const says = (source: string, kind: LooseRecord["kind"], said: object): Delivery => [
  source,
  [{ kind, id: "x", [kind === "artist" ? "name" : "title"]: "x", ids, ...said }],
];
const seen = (table: string, kind: string, deliveries: Delivery[]) =>
  inEveryOrder(sql, deliveries, (tx) => parts(tx, table, deliveries[0]?.[0] ?? "", kind, "x"));

describe("the union of all sources:", () => {
  test("aliases, their details from the best source that knows them", async () => {
    const alias = (name: string, alias_type: string, more = {}) => ({ name, alias_type, ...more });
    expect(
      await seen("alias", "artist", [
        says("aaa", "artist", {
          aliases: [alias("one", "a"), alias("two", "a"), alias("two", "a2")],
        }),
        says("musicbrainz", "artist", { aliases: [alias("two", "mb", { locale: "en" })] }),
        says("manual", "artist", { aliases: [alias("three", "hand")] }),
        says("musicbrainz2", "artist", { aliases: [alias("one", "mb2")] }),
      ]),
    ).toEqual([
      { name: "one", locale: "", alias_type: "a", is_primary: false },
      { name: "three", locale: "", alias_type: "hand", is_primary: false },
      { name: "two", locale: "", alias_type: "a", is_primary: false },
      { name: "two", locale: "en", alias_type: "mb", is_primary: false },
    ]);
  });

  test("aliases, where the best source of all does not know one", async () => {
    const deliveries = [
      says("aaa", "artist", { aliases: [{ name: "n", alias_type: "worse" }] }),
      says("musicbrainz", "artist", { aliases: [{ name: "n", alias_type: "better" }] }),
      says("manual", "artist", { aliases: [{ name: "other" }] }),
    ];
    expect(await seen("alias", "artist", deliveries)).toMatchObject([
      { name: "n", alias_type: "better" },
      { name: "other" },
    ]);
  });

  test("genres, each with its greatest weight", async () => {
    const genre = (id: string, weight?: number) => ({ genre: ref("genre", id), weight });
    expect(
      await seen("entity_genre", "track", [
        says("aaa", "track", { genres: [genre("rock", 3), genre("pop")] }),
        says("aaa", "track", { id: "x2", genres: [genre("rock", 5), genre("jazz", 0)] }),
      ]),
    ).toEqual([
      { genre_id: "jazz", weight: 0 },
      { genre_id: "pop", weight: 1 },
      { genre_id: "rock", weight: 5 },
    ]);
  });

  test("images, their details from the best source that has them", async () => {
    const image = (url: string, width: number) => ({ url, width });
    expect(
      await seen("image", "artist", [
        says("aaa", "artist", { images: [image("u1", 1), image("u2", 1), image("u2", 9)] }),
        says("musicbrainz", "artist", { images: [image("u2", 2), image("u3", 2)] }),
        says("manual", "artist", { images: [image("u4", 3)] }),
      ]),
    ).toEqual([image("u1", 1), image("u2", 2), image("u3", 2), image("u4", 3)]);
  });
});

describe("the best source alone:", () => {
  test("credits, numbered anew within each role", async () => {
    const by = (id: string, role: string, position?: number) => ({
      contributor: ref("artist", id),
      role,
      position,
    });
    expect(
      await seen("credit", "track", [
        says("musicbrainz", "track", {
          credits: [
            by("third", "artist"),
            by("second", "artist", 9),
            by("first", "artist", 4),
            by("writer", "composer", 7),
            { ...by("player", "artist"), credited_as: "P.", join_phrase: " & ", share: 33.3333 },
          ],
        }),
        says("aaa", "track", { credits: [by("other", "artist", 1), by("more", "producer", 1)] }),
      ]),
    ).toEqual([
      { role: "artist", position: 1, contributor_id: "first" },
      { role: "artist", position: 2, contributor_id: "second" },
      { role: "artist", position: 3, contributor_id: "third" },
      {
        role: "artist",
        position: 4,
        contributor_id: "player",
        credited_as: "P.",
        join_phrase: " & ",
        share: 33.3333,
      },
      { role: "composer", position: 1, contributor_id: "writer" },
    ]);
  });

  test("the track list, with recordings and videos", async () => {
    const line = (position: number, what: object, more = {}) => ({
      disc: 1,
      position,
      ...what,
      ...more,
    });
    expect(
      await seen("release_track", "release", [
        says("musicbrainz", "release", {
          tracks: [
            line(2, { video: ref("video", "clip") }, { duration_ms: 5 }),
            line(1, { track: ref("track", "song") }, { number: "A1", title: "as printed" }),
            line(1, { track: ref("track", "again") }),
            { disc: 2, position: 0, track: ref("track", "hidden") },
          ],
        }),
        says("aaa", "release", { tracks: [line(3, { track: ref("track", "other") })] }),
      ]),
    ).toEqual([
      { disc: 1, position: 1, number: "A1", title: "as printed", track_id: "song" },
      { disc: 1, position: 2, duration_ms: 5, video_id: "clip" },
      { disc: 2, position: 0, track_id: "hidden" },
    ]);
  });

  test("labels, media, events and works", async () => {
    const release = (name: string, date: string) => ({
      labels: [
        { label: ref("label", name), catalog_number: "2" },
        { label: ref("label", name) },
        { label: ref("label", name) },
      ],
      media: [{ disc: 2, format: name }, { disc: 1 }, { disc: 1, title: "twice" }],
      release_events: [{ country: "US" }, { country: "GB", date }, { country: "GB", date }],
    });
    const deliveries = [
      says("musicbrainz", "release", release("good", "1999-01")),
      says("aaa", "release", release("bad", "1998")),
    ];
    const look = (table: string) => seen(table, "release", deliveries);
    expect(await look("release_label")).toEqual([
      { label_id: "good", catalog_number: "" },
      { label_id: "good", catalog_number: "2" },
    ]);
    expect(await look("release_medium")).toEqual([{ disc: 1 }, { disc: 2, format: "good" }]);
    expect(await look("release_event")).toEqual([
      { position: 1, country: "GB", date: "1999-01" },
      { position: 2, country: "US" },
    ]);
    expect(
      await seen("track_work", "track", [
        says("musicbrainz", "track", {
          works: [
            { work: ref("work", "good"), attributes: ["live"] },
            { work: ref("work", "good"), relation: "twice" },
          ],
        }),
        says("aaa", "track", { works: [{ work: ref("work", "bad") }] }),
      ]),
    ).toEqual([{ work_id: "good", relation: "performance", attributes: ["live"] }]);
  });

  test("and when it gives none any more, the next one; when nobody does, nothing", async () => {
    await undone(sql, async (tx) => {
      const by = (id: string) => ({
        credits: [{ contributor: ref("artist", id), role: "artist" }],
      });
      const credits = async () =>
        (await parts(tx, "credit", "aaa", "track", "x")).map((part) => part.contributor_id);
      await deliverAll(tx, [
        says("aaa", "track", by("fallback")),
        says("musicbrainz", "track", by("best")),
      ]);
      expect(await credits()).toEqual(["best"]);
      await deliverAll(tx, [says("musicbrainz", "track", {})]);
      expect(await credits()).toEqual(["fallback"]);
      await deliverAll(tx, [says("aaa", "track", {})]);
      expect(await credits()).toEqual([]);
    });
  });

  test("an empty list is a statement: there are none", async () => {
    await undone(sql, async (tx) => {
      await deliverAll(tx, [
        says("aaa", "track", { credits: [{ contributor: ref("artist", "a"), role: "artist" }] }),
        says("musicbrainz", "track", { credits: [] }),
      ]);
      expect(await parts(tx, "credit", "aaa", "track", "x")).toEqual([]);
    });
  });
});

describe("a reference", () => {
  test.each([
    ["release", "album", "album"],
    ["episode", "podcast", "podcast"],
    ["label", "parent", "label"],
    ["audiobook", "book", "book"],
    ["video", "track", "track"],
  ] as const)(
    "of %s: %s is the entity that its source means, and follows it",
    async (kind, key, target) => {
      await undone(sql, async (tx) => {
        const name = (of: string) => (of === "label" ? "name" : "title");
        const record = (said: object): LooseRecord => ({
          kind,
          id: "x",
          [name(kind)]: "x",
          ...said,
        });
        const pointed = async () => (await golden(tx, "aaa", kind, "x"))[`${key}_id`] ?? undefined;
        const of = (id: string) => entityOf(tx, "aaa", target, id);

        await deliver(tx, "aaa", [record({ [key]: ref(target, "one") })]);
        expect(await pointed()).toBe(await of("one"));
        await deliver(tx, "aaa", [{ kind: target, id: "one", [name(target)]: "named" }]);
        expect(await pointed()).toBe(await of("one"));
        expect(await golden(tx, "aaa", target, "one")).toMatchObject({ [name(target)]: "named" });
        await deliver(tx, "aaa", [record({ [key]: ref(target, "two") })]);
        expect(await pointed()).toBe(await of("two"));
        expect(await of("two")).not.toBe(await of("one"));
        await deliver(tx, "aaa", [record({})]);
        expect(await pointed()).toBeUndefined();
      });
    },
  );

  test("is to the source's own record, whatever others call by that id", async () => {
    await undone(sql, async (tx) => {
      await deliver(tx, "aaa", [{ kind: "album", id: "7", title: "theirs" }]);
      await deliver(tx, "bbb", [
        { kind: "release", id: "r", title: "r", album: ref("album", "7") },
        { kind: "album", id: "7", title: "ours" },
      ]);
      const { album_id } = await golden(tx, "bbb", "release", "r");
      expect(album_id).toBe(await entityOf(tx, "bbb", "album", "7"));
      expect(album_id).not.toBe(await entityOf(tx, "aaa", "album", "7"));
    });
  });

  test("to itself is none: labels and genres are never above themselves", async () => {
    await undone(sql, async (tx) => {
      const spotify = (n: number) => ({ spotify: String(n).repeat(22) });
      await deliver(tx, "aaa", [
        { kind: "label", id: "l", name: "l", parent: ref("label", "l") },
        { kind: "label", id: "m", name: "m", parent: ref("label", "n"), ids: { discogs: "5" } },
        { kind: "label", id: "n", name: "n", ids: { discogs: "5" } },
        {
          kind: "genre",
          id: "g",
          name: "g",
          parents: [
            { genre: ref("genre", "g") },
            { genre: ref("genre", "up") },
            { genre: ref("genre", "up") },
          ],
        },
        { kind: "artist", id: "a", name: "a", ids: spotify(1) },
      ]);
      expect((await golden(tx, "aaa", "label", "l")).parent_id).toBeNull();
      expect((await golden(tx, "aaa", "label", "m")).parent_id).toBeNull();
      expect(await parts(tx, "genre_parent", "aaa", "genre", "g")).toEqual([{ parent_id: "up" }]);
    });
  });
});
