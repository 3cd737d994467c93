import { expect, test } from "vitest";
import { deliver, entityOf, eventsAfter, head, type LooseRecord } from "../catalog-builder.ts";
import { testDatabase } from "../database.ts";

const { sql } = await testDatabase();
await sql`
  insert into ingest.source (source, title, priority)
  values ('low', 'Low', 10), ('mid', 'Mid', 50), ('high', 'High', 900), ('alike', 'Alike', 50)`;

let round = 0;
/** An id that no other test uses, by which the sources agree. */
const shared = () => ({ deezer: `${++round + 1000}` });

async function rowOf(kind: string, juke: string | undefined) {
  const [row] = await sql`select * from ${sql(`catalog.${kind}`)} where juke_id = ${juke ?? null}`;
  return row;
}

async function listOf(table: string, owner: string, juke: string | undefined, columns: string[]) {
  return [
    ...(await sql`
      select ${sql(columns)} from ${sql(`catalog.${table}`)} where ${sql(owner)} = ${juke ?? null} order by ${sql(columns)}`),
  ];
}

test("each attribute is that of the best source that has it, whatever the order of arrival", async () => {
  const versions: [source: string, rest: object][] = [
    ["low", { name: "Low", country: "DE", gender: "female" }],
    ["high", { name: "High", area: "Oxford" }],
    ["mid", { name: "Mid", country: "GB" }],
  ];
  const results = [];
  for (const order of [
    [0, 1, 2],
    [2, 1, 0],
    [1, 0, 2],
  ]) {
    const ids = shared();
    for (const at of order) {
      const [source, rest] = versions[at] ?? ["", {}];
      await deliver(sql, source, [{ kind: "artist", id: `a${round}`, ids, ...rest }]);
    }
    const row = await rowOf("artist", await entityOf(sql, "low", "artist", `a${round}`));
    results.push({ name: row?.name, country: row?.country, gender: row?.gender, area: row?.area });
  }
  for (const result of results) {
    expect(result).toEqual({ name: "High", country: "GB", gender: "female", area: "Oxford" });
  }
});

test("when the best source takes an attribute back, the next one's is shown", async () => {
  const ids = shared();
  await deliver(sql, "low", [{ kind: "artist", id: "back", name: "Low", country: "DE", ids }]);
  await deliver(sql, "high", [{ kind: "artist", id: "back", name: "High", country: "GB", ids }]);
  await deliver(sql, "high", [{ kind: "artist", id: "back", name: "High", ids }]);
  const juke = await entityOf(sql, "low", "artist", "back");
  expect(await rowOf("artist", juke)).toMatchObject({ name: "High", country: "DE" });
  const before = await head(sql);
  await deliver(sql, "low", [{ kind: "artist", id: "back", name: "Lower", country: "FR", ids }]);
  expect(await eventsAfter(sql, before)).toMatchObject([{ juke_id: juke, changed: ["country"] }]);
});

test("two sources of one priority are decided by their names, not by who came first", async () => {
  for (const order of [
    ["mid", "alike"],
    ["alike", "mid"],
  ]) {
    const ids = shared();
    for (const source of order) {
      await deliver(sql, source, [
        { kind: "work", id: `w${round}`, title: source, ids: {} },
        { kind: "track", id: `t${round}`, title: source, ids },
      ]);
    }
    const row = await rowOf("track", await entityOf(sql, "mid", "track", `t${round}`));
    expect(row?.title).toBe("alike");
  }
});

test("an edit by hand outranks every source, and a statement a mention of the same source", async () => {
  const ids = shared();
  await deliver(sql, "high", [{ kind: "artist", id: "m", name: "High", ids }]);
  await deliver(sql, "manual", [{ kind: "artist", id: "m", name: "By hand", ids }]);
  expect(await rowOf("artist", await entityOf(sql, "high", "artist", "m"))).toMatchObject({
    name: "By hand",
  });
  const both = { deezer: `${++round + 1000}` };
  await deliver(sql, "low", [
    { kind: "artist", id: "stated", name: "B stated", ids: both },
    { kind: "artist", id: "a-mentioned", name: "A mentioned", scope: "mention", ids: both },
  ]);
  const juke = await entityOf(sql, "low", "artist", "stated");
  expect(await entityOf(sql, "low", "artist", "a-mentioned")).toBe(juke);
  expect(await rowOf("artist", juke)).toMatchObject({ name: "B stated" });
});

test("a source that gets another priority shows when its entities are projected anew", async () => {
  const ids = shared();
  await deliver(sql, "low", [{ kind: "artist", id: "prio", name: "Low", ids }]);
  await deliver(sql, "mid", [{ kind: "artist", id: "prio", name: "Mid", ids }]);
  const juke = await entityOf(sql, "low", "artist", "prio");
  await sql`update ingest.source set priority = 60 where source = 'low'`;
  await sql`select catalog.project(array[${juke ?? ""}::uuid])`;
  expect(await rowOf("artist", juke)).toMatchObject({ name: "Low" });
  await sql`update ingest.source set priority = 10 where source = 'low'`;
});

test("aliases, images and genres are the union of what the sources say; the better one wins the details", async () => {
  const ids = shared();
  const url = "https://example.com/1.jpg";
  await deliver(sql, "low", [
    {
      kind: "artist",
      id: "u",
      name: "U",
      ids,
      aliases: [{ name: "both", locale: "en", sort_name: "low" }, { name: "only low" }],
      images: [{ url, width: 1, height: 1 }, { url: "https://example.com/low.jpg" }],
      genres: [
        { genre: { kind: "genre", id: "rock" }, weight: 9 },
        { genre: { kind: "genre", id: "folk" } },
      ],
    },
    { kind: "genre", id: "rock", name: "Rock", ids: { genre: "rock" } },
  ]);
  await deliver(sql, "high", [
    {
      kind: "artist",
      id: "u",
      name: "U",
      ids,
      aliases: [
        { name: "both", locale: "en", sort_name: "high" },
        { name: "both", locale: "de" },
      ],
      images: [{ url, width: 2, height: 2 }],
      genres: [{ genre: { kind: "genre", id: "r" }, weight: 2 }],
    },
    { kind: "genre", id: "r", name: "Rock", ids: { genre: "Rock" } },
  ]);
  const juke = await entityOf(sql, "low", "artist", "u");
  expect(await listOf("alias", "juke_id", juke, ["name", "locale", "sort_name"])).toEqual([
    { name: "both", locale: "de", sort_name: null },
    { name: "both", locale: "en", sort_name: "high" },
    { name: "only low", locale: "", sort_name: null },
  ]);
  expect(await listOf("image", "juke_id", juke, ["url", "width"])).toEqual([
    { url, width: 2 },
    { url: "https://example.com/low.jpg", width: null },
  ]);
  expect(await entityOf(sql, "high", "genre", "r")).toBe(
    await entityOf(sql, "low", "genre", "rock"),
  );
  const genres = await sql`
    select g.name, e.weight from catalog.entity_genre e join catalog.genre g on g.juke_id = e.genre_id
    where e.juke_id = ${juke ?? ""} order by 1`;
  expect([...genres]).toEqual([
    { name: "Rock", weight: 9 },
    { name: "folk", weight: 1 },
  ]);
});

test("credits are those of the best source that gives any, counted anew within each role", async () => {
  const ids = shared();
  const credit = (id: string, role: string, position?: number, rest: object = {}) => ({
    contributor: { kind: "artist", id },
    role,
    ...(position === undefined ? {} : { position }),
    ...rest,
  });
  await deliver(sql, "high", [{ kind: "track", id: "c", title: "C", ids }]);
  await deliver(sql, "mid", [
    {
      kind: "track",
      id: "c",
      title: "C",
      ids,
      credits: [
        credit("b", "artist", 7, { join_phrase: " & " }),
        credit("a", "artist", 3),
        credit("a", "producer"),
        credit("b", "producer"),
        credit("a", "vocal", 5, { attributes: ["lead", "guest"], share: 12.5, credited_as: "Á" }),
        { contributor: { kind: "label", id: "l" }, role: "producer" },
      ],
    },
  ]);
  await deliver(sql, "low", [
    { kind: "track", id: "c", title: "C", ids, credits: [credit("z", "artist")] },
  ]);
  const rows = await sql`
    select c.role, c.position, e.display_name as name, c.join_phrase, c.share::float, c.attributes, c.credited_as
    from catalog.credit c join catalog.entity e on e.juke_id = c.contributor_id
    where c.juke_id = ${(await entityOf(sql, "mid", "track", "c")) ?? ""} order by 1, 2`;
  const plain = { join_phrase: null, share: null, attributes: null, credited_as: null };
  expect([...rows]).toEqual([
    { role: "artist", position: 1, name: "a", ...plain },
    { role: "artist", position: 2, name: "b", ...plain, join_phrase: " & " },
    { role: "producer", position: 1, name: "a", ...plain },
    { role: "producer", position: 2, name: "b", ...plain },
    { role: "producer", position: 3, name: "l", ...plain },
    {
      role: "vocal",
      position: 1,
      name: "a",
      join_phrase: null,
      share: 12.5,
      attributes: ["lead", "guest"],
      credited_as: "Á",
    },
  ]);
});

test("a release shows its album, labels, media, tracks and videos, and events", async () => {
  const release = (rest: object): LooseRecord => ({
    kind: "release",
    id: "r",
    title: "R",
    ...rest,
  });
  const full = {
    album: { kind: "album", id: "al" },
    status: "official",
    labels: [
      { label: { kind: "label", id: "l" }, catalog_number: "X 1" },
      { label: { kind: "label", id: "l" } },
    ],
    media: [
      { disc: 2, format: "DVD" },
      { disc: 1, format: "CD", title: "One" },
    ],
    tracks: [
      { disc: 1, position: 0, title: "Hidden", track: { kind: "track", id: "t0" } },
      { disc: 1, position: 1, number: "A1", duration_ms: 5, track: { kind: "track", id: "t1" } },
      { disc: 2, position: 1, video: { kind: "video", id: "v1" } },
    ],
    release_events: [
      { country: "JP", date: "1997-05-21" },
      { date: "1997" },
      { country: "GB" },
      { country: "JP", date: "1997-05-21" },
    ],
  };
  await deliver(sql, "mid", [release(full)]);
  const juke = await entityOf(sql, "mid", "release", "r");
  const row = await rowOf("release", juke);
  expect(row).toMatchObject({
    album_id: await entityOf(sql, "mid", "album", "al"),
    release_status: "official",
  });
  expect(await listOf("release_label", "release_id", juke, ["catalog_number"])).toEqual([
    { catalog_number: "" },
    { catalog_number: "X 1" },
  ]);
  expect(await listOf("release_medium", "release_id", juke, ["disc", "format", "title"])).toEqual([
    { disc: 1, format: "CD", title: "One" },
    { disc: 2, format: "DVD", title: null },
  ]);
  expect(
    await listOf("release_track", "release_id", juke, [
      "disc",
      "position",
      "number",
      "title",
      "track_id",
      "video_id",
    ]),
  ).toEqual([
    {
      disc: 1,
      position: 0,
      number: null,
      title: "Hidden",
      track_id: await entityOf(sql, "mid", "track", "t0"),
      video_id: null,
    },
    {
      disc: 1,
      position: 1,
      number: "A1",
      title: null,
      track_id: await entityOf(sql, "mid", "track", "t1"),
      video_id: null,
    },
    {
      disc: 2,
      position: 1,
      number: null,
      title: null,
      track_id: null,
      video_id: await entityOf(sql, "mid", "video", "v1"),
    },
  ]);
  expect(
    await listOf("release_event", "release_id", juke, ["position", "date", "country"]),
  ).toEqual([
    { position: 1, date: "1997", country: null },
    { position: 2, date: "1997-05-21", country: "JP" },
    { position: 3, date: null, country: "GB" },
  ]);

  // Two tracks change places: one event, and no key of a list is met twice on the way.
  const before = await head(sql);
  const [t0, t1, v1] = full.tracks;
  await deliver(sql, "mid", [
    release({ ...full, tracks: [{ ...t1, position: 0 }, { ...t0, position: 1 }, v1] }),
  ]);
  expect(await eventsAfter(sql, before)).toMatchObject([{ juke_id: juke, changed: ["tracks"] }]);
  await deliver(sql, "mid", [release({})]);
  for (const table of ["release_label", "release_medium", "release_track", "release_event"]) {
    expect(await listOf(table, "release_id", juke, ["release_id"])).toEqual([]);
  }
  expect((await rowOf("release", juke))?.album_id).toBeNull();
});

test("works, videos, parents, episodes and audiobooks refer to what their source means", async () => {
  await deliver(sql, "mid", [
    {
      kind: "track",
      id: "tw",
      title: "T",
      works: [
        { work: { kind: "work", id: "w1" }, attributes: ["live"] },
        { work: { kind: "work", id: "w2" }, relation: "medley" },
        { work: { kind: "work", id: "w1" }, relation: "again" },
      ],
    },
    { kind: "video", id: "vt", title: "V", track: { kind: "track", id: "tw" } },
    {
      kind: "genre",
      id: "g1",
      name: "G1",
      parents: [{ genre: { kind: "genre", id: "g2" } }, { genre: { kind: "genre", id: "g1" } }],
    },
    {
      kind: "episode",
      id: "e",
      title: "E",
      podcast: { kind: "podcast", id: "p" },
      published_at: "2024-02-29T12:00:00+02:00",
    },
    {
      kind: "audiobook",
      id: "ab",
      title: "AB",
      book: { kind: "book", id: "b" },
      duration_ms: 3_000_000_000,
    },
    { kind: "label", id: "lc", name: "LC", parent: { kind: "label", id: "lp" } },
  ]);
  const of = (kind: string, id: string) => entityOf(sql, "mid", kind, id);
  expect(
    await listOf("track_work", "track_id", await of("track", "tw"), [
      "relation",
      "work_id",
      "attributes",
    ]),
  ).toEqual([
    { relation: "medley", work_id: await of("work", "w2"), attributes: null },
    { relation: "performance", work_id: await of("work", "w1"), attributes: ["live"] },
  ]);
  expect(await rowOf("video", await of("video", "vt"))).toMatchObject({
    track_id: await of("track", "tw"),
  });
  expect(await listOf("genre_parent", "genre_id", await of("genre", "g1"), ["parent_id"])).toEqual([
    { parent_id: await of("genre", "g2") },
  ]);
  expect(await rowOf("episode", await of("episode", "e"))).toMatchObject({
    podcast_id: await of("podcast", "p"),
    published_at: new Date("2024-02-29T10:00:00Z"),
  });
  expect(await rowOf("audiobook", await of("audiobook", "ab"))).toMatchObject({
    book_id: await of("book", "b"),
    duration_ms: "3000000000",
  });
  expect(await rowOf("label", await of("label", "lc"))).toMatchObject({
    parent_id: await of("label", "lp"),
  });
});

test("a reference means the record of its own source, even when another source has the same id", async () => {
  const credits = [{ contributor: { kind: "artist", id: "1" }, role: "artist" }];
  await deliver(sql, "low", [
    { kind: "artist", id: "1", name: "Low's" },
    { kind: "track", id: "1", title: "Low's", credits },
  ]);
  await deliver(sql, "high", [
    { kind: "artist", id: "1", name: "High's" },
    { kind: "track", id: "1", title: "High's", credits },
  ]);
  for (const source of ["low", "high"]) {
    expect(
      await listOf("credit", "juke_id", await entityOf(sql, source, "track", "1"), [
        "contributor_id",
      ]),
    ).toEqual([{ contributor_id: await entityOf(sql, source, "artist", "1") }]);
  }
});

test("an entity that is only referred to shows its source's id as its name, and the hub its name", async () => {
  await deliver(sql, "mid", [
    { kind: "release", id: "ph", title: "PH", album: { kind: "album", id: "placeholder-1" } },
  ]);
  const juke = await entityOf(sql, "mid", "album", "placeholder-1");
  expect(await rowOf("album", juke)).toMatchObject({ title: "placeholder-1" });
  expect(await rowOf("entity", juke)).toMatchObject({ display_name: "placeholder-1", version: 1 });
  await deliver(sql, "mid", [{ kind: "album", id: "placeholder-1", title: "Named" }]);
  expect(await rowOf("entity", juke)).toMatchObject({ display_name: "Named", version: 2 });
});

test("keys that the catalog does not know, and the key of an entity itself, change nothing", async () => {
  await deliver(sql, "mid", [
    {
      kind: "artist",
      id: "keys",
      name: "Keys",
      juke_id: "00000000-0000-7000-8000-000000000000",
      nonsense: 1,
      "": 2,
    },
  ]);
  const juke = await entityOf(sql, "mid", "artist", "keys");
  expect(juke).not.toMatch(/^0{8}/);
  expect(await rowOf("artist", juke)).toMatchObject({ name: "Keys" });
});
