import { beforeAll, describe, expect, test } from "vitest";
import { deliver, type LooseRecord } from "../catalog-builder.ts";
import { testDatabase } from "../database.ts";
import { found, refreshAll } from "./documents.ts";

const { sql } = await testDatabase();

const ref = (kind: string, id: string) => ({ kind, id });
const by = (...artists: string[]) =>
  artists.map((id) => ({ contributor: ref("artist", id), role: "artist" }));
const in_ = (...genres: string[]) => genres.map((id) => ({ genre: ref("genre", id) }));

const records: LooseRecord[] = [
  { kind: "genre", id: "art rock", name: "art rock" },
  { kind: "genre", id: "trip hop", name: "trip hop" },
  {
    kind: "artist",
    id: "radiohead",
    name: "Radiohead",
    area: "Abingdon",
    aliases: [{ name: "On a Friday" }],
  },
  { kind: "artist", id: "bjork", name: "Björk", sort_name: "Guðmundsdóttir, Björk" },
  { kind: "artist", id: "kino", name: "Кино", aliases: [{ name: "Kino" }] },
  { kind: "artist", id: "yorke", name: "Thom Yorke" },
  { kind: "label", id: "parlophone", name: "Parlophone" },
  { kind: "album", id: "okc", title: "OK Computer", credits: by("radiohead") },
  { kind: "album", id: "homogenic", title: "Homogenic", credits: by("bjork") },
  {
    kind: "release",
    id: "okc-gb",
    title: "OK Computer",
    disambiguation: "British edition",
    album: ref("album", "okc"),
    labels: [{ label: ref("label", "parlophone"), catalog_number: "CDNODATA 02" }],
    tracks: [
      { disc: 1, position: 1, track: ref("track", "airbag") },
      { disc: 1, position: 2, track: ref("track", "paranoid") },
    ],
  },
  { kind: "track", id: "airbag", title: "Airbag", credits: by("radiohead") },
  {
    kind: "track",
    id: "paranoid",
    title: "Paranoid Android",
    credits: by("radiohead"),
    genres: in_("art rock"),
  },
  {
    kind: "track",
    id: "joga",
    title: "Jóga",
    credits: by("bjork"),
    genres: in_("trip hop"),
  },
  {
    kind: "track",
    id: "seen",
    title: "I've Seen It All",
    credits: [
      { contributor: ref("artist", "bjork"), role: "artist", position: 1, credited_as: "Selma" },
      { contributor: ref("artist", "yorke"), role: "artist", position: 2 },
    ],
  },
  { kind: "track", id: "krovi", title: "Группа крови", credits: by("kino") },
  { kind: "track", id: "tribute", title: "Radiohead Tribute Medley" },
  {
    kind: "podcast",
    id: "dissect",
    title: "Dissect",
    author: "Cole Cuchna",
    description: "Albums",
  },
  { kind: "episode", id: "e1", title: "Kid A", podcast: ref("podcast", "dissect") },
  { kind: "book", id: "b1", title: "Exit Music", subtitle: "The Story", series: "Omnibus" },
  { kind: "audiobook", id: "ab1", title: "Spoken", book: ref("book", "b1"), publisher: "Tantor" },
  { kind: "video", id: "v1", title: "Clip", credits: by("radiohead") },
  { kind: "work", id: "w1", title: "Symphony No. 5 in C-sharp minor", disambiguation: "Mahler" },
];

beforeAll(async () => {
  await deliver(sql, "local", records);
  await refreshAll(sql);
});

describe("what is found", () => {
  test.each<[string, string, string, string[] | null]>([
    [
      "a track by artist, album and genre",
      "radiohead ok computer art rock",
      "Paranoid Android",
      null,
    ],
    ["a track by part of its title and its artist", "android radiohead", "Paranoid Android", null],
    ["an artist by an alias", "on a friday", "Radiohead", null],
    ["an artist by its sort name", "gudmundsdottir", "Björk", null],
    ["a track by a name on the cover", "selma", "I've Seen It All", null],
    ["a track by the artist's own name all the same", "bjork seen", "I've Seen It All", null],
    ["a release by its label", "parlophone", "OK Computer", null],
    ["a release by its catalog number", "cdnodata 02", "OK Computer", null],
    ["a release by its album", "ok computer british", "OK Computer", ["release"]],
    ["an artist by its place", "abingdon", "Radiohead", null],
    ["an episode by its podcast", "dissect kid", "Kid A", null],
    ["a podcast by its author", "cuchna", "Dissect", null],
    ["a book by its subtitle and series", "story omnibus", "Exit Music", null],
    ["an audiobook by its book", "exit music", "Spoken", ["audiobook"]],
    ["a video by its artist", "radiohead", "Clip", ["video"]],
    ["a work by a part of a compound", "sharp mahler", "Symphony No. 5 in C-sharp minor", null],
    ["a work by the compound", "c-sharp", "Symphony No. 5 in C-sharp minor", null],
  ])("%s", async (_, query, name, kinds) => {
    expect(await found(sql, query, kinds)).toContain(name);
  });

  test("every word must fit, in any order", async () => {
    expect(await found(sql, "computer ok radiohead airbag")).toEqual(["Airbag"]);
    expect(await found(sql, "airbag bjork")).toEqual([]);
  });
});

describe("how it is asked", () => {
  test("a phrase is found in its order only", async () => {
    expect(await found(sql, '"paranoid android"')).toEqual(["Paranoid Android"]);
    expect(await found(sql, '"android paranoid"')).toEqual([]);
  });

  test("a phrase does not reach from one name into the next", async () => {
    expect(await found(sql, '"friday radiohead"', ["artist"])).toEqual([]);
  });

  test("-word leaves out, or allows either", async () => {
    expect((await found(sql, "radiohead", ["track"])).sort()).toEqual([
      "Airbag",
      "Paranoid Android",
      "Radiohead Tribute Medley",
    ]);
    expect((await found(sql, "radiohead -medley", ["track"])).sort()).toEqual([
      "Airbag",
      "Paranoid Android",
    ]);
    expect((await found(sql, "airbag or joga")).sort()).toEqual(["Airbag", "Jóga"]);
    expect(await found(sql, "airbag joga")).toEqual([]);
  });

  test("accents, case and the way an accent is encoded do not matter", async () => {
    for (const query of ["björk", "bjork", "BJÖRK", "Bjork", "Björk".normalize("NFD")]) {
      expect([query, (await found(sql, query))[0]]).toEqual([query, "Björk"]);
    }
    for (const query of ["jóga", "JOGA", "Jóga".normalize("NFD"), "ｊｏｇａ"]) {
      expect([query, await found(sql, query)]).toEqual([query, ["Jóga"]]);
    }
  });

  test("other scripts are found as they are typed, in any case", async () => {
    for (const query of ["группа крови", "ГРУППА Крови", "кино крови", "kino крови"]) {
      const expected = query.startsWith("kino") ? [] : ["Группа крови"];
      expect([query, await found(sql, query)]).toEqual([query, expected]);
    }
    expect(await found(sql, "kino")).toEqual(["Кино"]);
  });

  test("kinds narrow it; none of them is none, and null is all", async () => {
    expect(await found(sql, "ok computer", ["album"])).toEqual(["OK Computer"]);
    const [{ kinds } = { kinds: [] }] = await sql`
      select array_agg(distinct kind::text order by kind::text) as kinds
      from descriptor.search('radiohead', '{artist,video}')`;
    expect(kinds).toEqual(["artist", "video"]);
    expect(await found(sql, "ok computer", [])).toEqual([]);
    expect((await found(sql, "ok computer", null)).length).toBeGreaterThan(2);
  });

  test("limit is 1 to 100, else JB401", async () => {
    expect(await found(sql, "radiohead", null, 1)).toHaveLength(1);
    await found(sql, "radiohead", null, 100);
    for (const limit of [0, -1, 101, 2_147_483_647, null]) {
      const asked = sql`select from descriptor.search('radiohead', null, ${limit})`;
      await expect(asked).rejects.toMatchObject({ code: "JB401" });
    }
  });
});

describe("in which order", () => {
  test("what has exactly this name comes first", async () => {
    expect((await found(sql, "radiohead"))[0]).toBe("Radiohead");
    expect((await found(sql, " RadioHead "))[0]).toBe("Radiohead");
    expect((await found(sql, "ok computer"))[0]).toBe("OK Computer");
    expect((await found(sql, "art rock"))[0]).toBe("art rock");
  });

  test("the name weighs more than who made it, and that more than where it is", async () => {
    expect(await found(sql, "radiohead", ["track"])).toEqual([
      "Radiohead Tribute Medley",
      expect.any(String),
      expect.any(String),
    ]);
    const order = await sql`
      select kind::text from descriptor.search('radiohead') order by score desc, juke_id`;
    expect(order.map(({ kind }) => kind)).toEqual(
      (await sql`select kind::text from descriptor.search('radiohead')`).map(({ kind }) => kind),
    );
  });

  test("an exact name comes first with any number of aliases and of repetitions elsewhere", async () => {
    await deliver(sql, "local", [
      {
        kind: "artist",
        id: "moby",
        name: "Moby",
        aliases: Array.from({ length: 60 }, (_, n) => ({ name: `Voodoo Child ${n}` })),
      },
      { kind: "track", id: "m3", title: "Moby Moby Moby Moby", credits: by("moby") },
    ]);
    await refreshAll(sql);
    expect(await found(sql, "moby")).toEqual(["Moby", "Moby Moby Moby Moby"]);
  });

  test("the same question has the same answer", async () => {
    const once = await found(sql, "radiohead or bjork or kino", null, 100);
    expect(await found(sql, "radiohead or bjork or kino", null, 100)).toEqual(once);
  });

  test("an exact name comes first however many others fit", { timeout: 60_000 }, async () => {
    const tracks = Array.from(
      { length: 1500 },
      (_, n): LooseRecord => ({
        kind: "track",
        id: `n${n}`,
        title: `Song ${n}`,
        credits: by("nirvana"),
      }),
    );
    await deliver(sql, "local", [...tracks, { kind: "artist", id: "nirvana", name: "Nirvana" }]);
    await sql`
      with taken as (
        delete from descriptor.dirty d using catalog.entity e
        where e.juke_id = d.juke_id and e.display_name = 'Nirvana' returning d.juke_id
      )
      insert into descriptor.dirty (juke_id) select juke_id from taken`;
    await refreshAll(sql);
    expect((await found(sql, "nirvana"))[0]).toBe("Nirvana");
    expect(await found(sql, "nirvana", ["artist"])).toEqual(["Nirvana"]);
  });
});
