import { expect, test } from "vitest";
import schema from "../../formats/record.schema.json" with { type: "json" };
import { KINDS } from "../../formats/record.ts";
import { deliver, entityOf, failure } from "../catalog-builder.ts";
import { testDatabase } from "../database.ts";

const { sql, connect } = await testDatabase();
/** Two sessions that edit at the same time. */
const others = [connect({ max: 1 }), connect({ max: 1 })] as const;
/** One session, whose actor the tests set. */
const session = connect({ max: 1 });
await sql`
  insert into ingest.source (source, title, priority) values ('low', 'Low', 100), ('high', 'High', 300)`;

let count = 0;

/** An artist of which both sources have a record. */
async function artist(low: object, high: object): Promise<string> {
  const id = `artist-${++count}`;
  const ids = { wikidata: `Q${count}` };
  await deliver(sql, "low", [{ kind: "artist", id, name: id, ids, ...low }]);
  await deliver(sql, "high", [{ kind: "artist", id, name: id, ids, ...high }]);
  return (await entityOf(sql, "low", "artist", id)) ?? "";
}

const as = (actor: string) => session`select set_config('jukebase.actor', ${actor}, false)`;
const edit = (entity: string, patch: object, version: number | null = null) =>
  session`select * from catalog.edit(${entity}, ${sql.json(patch as never)}, ${version})`;
const shown = async (entity: string) => {
  const [row] = await sql`select * from catalog.artist where juke_id = ${entity}`;
  return row;
};
const provenance = (entity: string, attribute: string) => sql`
  select source, value, won, why from catalog.provenance(${entity}) where attribute = ${attribute}`;

/** One entity of each kind, of a source of its own. */
const entities = new Map<string, string>();
await sql`insert into ingest.source (source, title, priority) values ('kinds', 'Kinds', 10)`;
for (const kind of KINDS) {
  const named = ["artist", "label", "genre"].includes(kind) ? "name" : "title";
  await deliver(sql, "kinds", [{ kind, id: "1", [named]: `A ${kind}` }]);
  entities.set(kind, (await entityOf(sql, "kinds", kind, "1")) ?? "");
}
const the = (kind: string) => entities.get(kind) ?? "";
const ref = (kind: string) => ({ kind, id: the(kind) });

test("of each attribute every value is told, which one won, and why", async () => {
  const entity = await artist({ country: "GB", gender: "female" }, { country: "US" });
  expect(await provenance(entity, "country")).toEqual([
    { source: "high", value: "US", won: true, why: "priority 300, stated" },
    { source: "low", value: "GB", won: false, why: "outranked (2 of 2)" },
  ]);
  expect(await provenance(entity, "gender")).toEqual([
    { source: "low", value: "female", won: true, why: "the only one that says so" },
  ]);
  expect(await shown(entity)).toMatchObject({ country: "US", gender: "female" });
});

test("what is shown is what provenance says has won, for every attribute", async () => {
  const entity = await artist(
    { country: "GB", begin_date: "1985", area: "Abingdon" },
    { country: "US", sort_name: "Artist", artist_type: "group" },
  );
  await edit(entity, { area: "Oxford", artist_type: null });
  const row = await shown(entity);
  const winners = await sql`
    select attribute, value from catalog.provenance(${entity}) where won and jsonb_typeof(value) <> 'array'`;
  expect(winners.length).toBeGreaterThan(5);
  for (const { attribute, value } of winners) expect(row).toMatchObject({ [attribute]: value });
});

test("an edit outranks every source; null leaves the attribute to them again", async () => {
  const entity = await artist({}, { country: "US" });
  await edit(entity, { country: "FR" });
  expect(await shown(entity)).toMatchObject({ country: "FR" });
  expect((await provenance(entity, "country"))[0]).toMatchObject({
    source: "manual",
    why: "a person's word outranks every source",
  });
  await deliver(sql, "high", [{ kind: "artist", id: `artist-${count}`, name: "x", country: "DE" }]);
  expect(await shown(entity)).toMatchObject({ country: "FR" });
  await edit(entity, { country: null });
  expect(await shown(entity)).toMatchObject({ country: "DE" });
});

test("who said what is kept: each edit is a delivery of the person's, and how tells it", async () => {
  const entity = await artist({}, {});
  await as("Ada");
  await edit(entity, { country: "FR" });
  await as("Grace");
  await edit(entity, { country: "US", gender: "female" });
  await edit(entity, { country: null });
  await as("");
  const edits = await sql`
    select what, detail from identity.how(${entity}) where what = 'edit'`;
  expect(edits.map(({ detail }) => detail)).toEqual([
    'Ada said: country is "FR".',
    'Grace said: country is "US", gender is "female".',
    "Grace said: country is left to the sources.",
  ]);
  const [delivery] = await sql`
    select d.name, d.status, convert_from(d.content, 'UTF8')::jsonb as content
    from ingest.delivery d
    join ingest.record_version v on v.delivery_id = d.delivery_id
    where d.source = 'manual' and d.name = 'Ada' and v.body <> '{}'`;
  expect(delivery).toEqual({
    name: "Ada",
    status: "applied",
    content: { juke_id: entity, patch: { country: "FR" } },
  });
});

test("a stale version is refused with the current one and the difference", async () => {
  const entity = await artist({}, {});
  const [{ version } = { version: 0 }] =
    await sql`select version from catalog.entity where juke_id = ${entity}`;
  const [edited] = await edit(entity, { country: "FR" }, version);
  expect(edited).toMatchObject({ version: version + 1 });
  const error = await edit(entity, { gender: "male" }, version).catch((e) => e);
  expect(error).toMatchObject({
    code: "JB162",
    message: `version ${version} is stale`,
    detail: expect.stringContaining(`The current version is ${version + 1}.`),
    hint: expect.stringMatching(/./),
  });
  expect(error.detail).toContain('country is now "FR"');
  expect(await shown(entity)).toMatchObject({ gender: null });
});

test.each([
  ["a key that no artist has", { title: "x" }],
  ["an id", { ids: { mbid: "x" } }],
  ["its key", { juke_id: "x" }],
  ["a value of another type", { begin_date: "yesterday" }],
  [
    "a reference to nothing",
    { credits: [{ contributor: { kind: "artist", id: "x" }, role: "x" }] },
  ],
  ["no object", ["country"]],
])("%s cannot be edited: JB163, and nothing is changed", async (_what, patch) => {
  const entity = await artist({}, {});
  const before = await shown(entity);
  expect(await failure(edit(entity, patch))).toBe("JB163");
  expect(await shown(entity)).toEqual(before);
  expect(await sql`select from identity.how(${entity}) where what = 'edit'`).toHaveLength(0);
});

test("what an edit refers to is named by its key", async () => {
  const entity = await artist({}, {});
  const other = await artist({}, {});
  const [album] = await sql`
    insert into ingest.source (source, title) values ('albums', 'Albums') returning source`;
  await deliver(sql, album?.source, [{ kind: "album", id: "a", title: "A" }]);
  const juke = (await entityOf(sql, "albums", "album", "a")) ?? "";
  await edit(juke, {
    credits: [
      { contributor: { kind: "artist", id: other }, role: "artist" },
      { contributor: { kind: "artist", id: entity }, role: "artist", credited_as: "E" },
    ],
  });
  const credits = await sql`
    select contributor_id, credited_as from catalog.credit where juke_id = ${juke} order by position`;
  expect(credits).toEqual([
    { contributor_id: other, credited_as: null },
    { contributor_id: entity, credited_as: "E" },
  ]);
});

test("an edit of several attributes that names nothing else is refused by none of the kinds", async () => {
  const date = "1999-02-28";
  const all = {
    aliases: [
      { name: "Also", locale: "en", is_primary: true, begin_date: date, sort_name: null },
      { name: "Too" },
    ],
    images: [{ url: "https://example.com/a.jpg", image_type: "front", width: 1, height: 2 }],
    genres: [{ genre: ref("genre"), weight: 0.5 }],
    credits: [
      { contributor: ref("artist"), role: "artist", join_phrase: "", share: 12.5, position: 1 },
      { contributor: ref("label"), role: "producer", attributes: ["executive"] },
    ],
  };
  const patches: Record<string, object> = {
    artist: { name: "N", country: "XW", begin_date: "1999", ended: false, artist_type: "group" },
    album: { title: "T", secondary_types: ["live"], album_type: "ep", first_release_date: date },
    release: {
      title: "T",
      status: "official",
      language: "eng",
      script: "Latn",
      album: ref("album"),
      media: [{ disc: 1, format: "CD", title: null }],
      tracks: [
        { disc: 1, position: 0, track: ref("track"), number: "0", duration_ms: 0 },
        { disc: 1, position: 1, video: ref("video"), track: null },
      ],
      labels: [{ label: ref("label"), catalog_number: "X 1" }, { label: ref("label") }],
      release_events: [{ country: "GB" }, { date: "1999" }],
    },
    track: {
      title: "T",
      duration_ms: 1000,
      explicit: true,
      works: [{ work: ref("work"), relation: "performance", attributes: ["live"] }],
    },
    work: { title: "T", languages: ["de"] },
    genre: { name: "N", description: "D", parents: [] },
    label: { name: "N", label_code: 1, parent: null },
    video: { title: "T", track: ref("track"), duration_ms: 1 },
    podcast: { title: "T", language: "pt-BR", feed_url: "https://example.com/f", explicit: false },
    episode: {
      title: "T",
      podcast: ref("podcast"),
      season: 0,
      published_at: "2021-05-04T06:00:00Z",
      enclosure_bytes: 9007199254740991,
    },
    book: { title: "T", page_count: 1, published_date: "1999-01", format: "hardcover" },
    audiobook: { title: "T", book: ref("book"), abridged: true, duration_ms: 1 },
  };
  for (const kind of KINDS) {
    await edit(the(kind), { ...all, ...patches[kind] });
    await edit(
      the(kind),
      Object.fromEntries(Object.keys(patches[kind] ?? {}).map((k) => [k, null])),
    );
  }
  const [release] = await sql`
    select (select count(*)::int from catalog.release_track where release_id = ${the("release")}) as tracks, title
    from catalog.release where juke_id = ${the("release")}`;
  expect(release).toEqual({ tracks: 0, title: "A release" });
});

test("every attribute of the record schema can be edited, and nothing else", async () => {
  for (const kind of KINDS) {
    const { properties } = schema.$defs[kind];
    const keys = Object.keys(properties).filter((k) => !["kind", "id", "scope", "ids"].includes(k));
    await edit(the(kind), Object.fromEntries(keys.map((key) => [key, null])));
    for (const key of ["ids", "kind", "id", "juke_id", "release_status", "album_id", "wings"]) {
      expect(await failure(edit(the(kind), { [key]: null }))).toBe("JB163");
    }
  }
});

const nobody = { kind: "genre", id: "00000000-0000-7000-8000-000000000000" };
test.each([
  ["artist", "name", { x: 1 }, "It must be a text that is not empty, it is "],
  ["artist", "name", ["x"], "It must be a text"],
  ["artist", "name", "", "It must be a text that is not empty"],
  ["artist", "name", " ", "It must be a text that is not empty"],
  ["artist", "name", 5, "It must be a text"],
  ["album", "title", "", "It must be a text that is not empty"],
  ["artist", "country", { x: 1 }, "It must be two upper-case letters"],
  ["artist", "country", "gb", "It must be two upper-case letters"],
  ["artist", "begin_date", "1999-02-30", "It must be a real date"],
  ["artist", "ended", "yes", "It must be true or false"],
  ["artist", "tracks", [{}], "It is neither an attribute nor a list of that kind."],
  ["artist", "works", null, "It is neither"],
  ["track", "parents", [], "It is neither"],
  ["track", "duration_ms", "long", "It must be an integer from 0 to 2147483647"],
  ["track", "duration_ms", 1.5, "It must be an integer"],
  ["track", "duration_ms", 2147483648, "It must be an integer"],
  ["label", "label_code", 0, "It must be an integer from 1 to"],
  ["work", "languages", "de", "It must be an array of texts"],
  ["work", "languages", ["de", null], "It must be an array of texts"],
  ["episode", "published_at", "tomorrow", "It must be a date and time with its offset"],
  ["podcast", "feed_url", "ftp://x", "It must be an http or https URL"],
  ["podcast", "language", "?", "It must be a language tag"],
  ["release", "script", "latin", "It must be four letters"],
  ["release", "album", "nonsense", 'It must be {"kind": "album", "id": a juke_id in lower case}'],
  ["release", "album", { kind: "artist", id: nobody.id }, 'It must be {"kind": "album"'],
  ["release", "album", { kind: "album", id: 5 }, 'It must be {"kind": "album"'],
  ["release", "album", { kind: "album", id: nobody.id, x: 1 }, 'It must be {"kind": "album"'],
  ["label", "parent", { kind: "artist", id: nobody.id }, 'It must be {"kind": "label"'],
  ["release", "credits", {}, "It must be an array of objects"],
  ["release", "credits", "x", "It must be an array of objects"],
  ["release", "credits", [null], "/credits/0 must be an object"],
  [
    "release",
    "credits",
    [{ contributor: null, role: "artist" }],
    '/credits/0/contributor must be {"kind": "artist" or "label", "id": a juke_id in lower case}, it is missing.',
  ],
  ["release", "credits", [{ contributor: nobody, role: "x" }], "/credits/0/contributor must be"],
  [
    "release",
    "credits",
    [{ contributor: { ...nobody, kind: "artist" }, role: "" }],
    "/credits/0/role must be a text that is not empty",
  ],
  ["artist", "genres", [{ genre: { kind: "genre" } }], "/genres/0/genre must be"],
  ["artist", "genres", [{ genre: { kind: "x", id: "y" } }], "/genres/0/genre must be"],
  ["artist", "genres", [{ name: "rock" }], '/genres/0 has no key "name". Its keys: genre, weight.'],
  ["artist", "genres", [{ genre: nobody, weight: -1 }], "/genres/0/weight must be a number from 0"],
  ["artist", "aliases", [{ name: "a" }, { locale: "en" }], "/aliases/1/name must be a text"],
  ["artist", "images", [{ url: "" }], "/images/0/url must be an http or https URL"],
  ["release", "media", [{ disc: "1" }], "/media/0/disc must be an integer from 1"],
  ["release", "tracks", [{ disc: 1, position: 1 }], '/tracks/0 needs either "track" or "video"'],
  ["release", "labels", [{ catalog_number: "1" }], '/labels/0/label must be {"kind": "label"'],
  ["release", "release_events", [{ date: null }], '/release_events/0 needs "country" or "date".'],
  ["track", "works", [{ work: [] }], "/works/0/work must be"],
  ["genre", "parents", [{ genre: "rock" }], "/parents/0/genre must be"],
])("of %s, %s cannot be %j: the refusal says what it must be", async (kind, key, value, detail) => {
  const row = () => sql`
    select to_jsonb(e) as entity, (select count(*)::int from ingest.record_version) as versions
    from catalog.entity e where juke_id = ${the(kind)}`;
  const before = await row();
  const error = await edit(the(kind), { [key]: value }).catch((e) => e);
  expect(error).toMatchObject({
    code: "JB163",
    message: `cannot edit "${key}" of this ${kind}`,
    detail: expect.stringContaining(detail),
    hint: expect.stringContaining("formats/record.schema.json"),
  });
  expect(error.detail.startsWith(detail.slice(0, 10))).toBe(true);
  expect(await row()).toEqual(before);
});

test("a name that is null is left to the sources again", async () => {
  const entity = await artist({}, { name: "Theirs" });
  await edit(entity, { name: "Ours" });
  expect(await shown(entity)).toMatchObject({ name: "Ours" });
  await edit(entity, { name: null });
  expect(await shown(entity)).toMatchObject({ name: "Theirs" });
});

test("a patch of an entity that does not exist is refused for that, whatever it says", async () => {
  for (const patch of [{ genres: [{ genre: { kind: "x", id: "y" } }] }, { country: "FR" }, [1]]) {
    expect(await failure(edit(nobody.id, patch))).toBe("JB151");
  }
});

test.each([1, -7])(
  "a version %i from the current one that has never been is refused as such",
  async (by) => {
    const entity = await artist({}, {});
    const [{ version } = { version: 0 }] =
      await sql`select version from catalog.entity where juke_id = ${entity}`;
    expect(await edit(entity, { country: "FR" }, version + by).catch((e) => e)).toMatchObject({
      code: "JB162",
      detail: `The current version is ${version}. Version ${version + by} has never been.`,
    });
  },
);

test("an edit is refused in a transaction with an old snapshot", async () => {
  const entity = await artist({}, {});
  const old = session.begin(
    "isolation level repeatable read",
    (tx) => tx`select catalog.edit(${entity}, '{"country": "FR"}')`,
  );
  expect(await failure(old)).toBe("JB174");
});

test("edits of two entities that name each other wait for each other, and none is lost", async () => {
  const [one, two] = [await artist({}, {}), await artist({}, {})];
  const credit = (entity: string, other: string, n: number) => ({
    area: `Area ${n}`,
    // By turns: the next edit of either finds what it refers to already, in the patch or in the records.
    ...(n % 2 === 0 && {
      credits: [{ contributor: { kind: "artist", id: other }, role: `r${n}` }],
    }),
    ...(n % 3 === 0 && { aliases: [{ name: `${entity} ${n}` }] }),
  });
  for (let n = 0; n < 20; n += 1) {
    const done = await Promise.all(
      others.map((tx, i) => {
        const [entity, other] = i === 0 ? [one, two] : [two, one];
        return failure(
          tx`select catalog.edit(${entity}, ${sql.json(credit(entity, other, n) as never)})`,
        );
      }),
    );
    expect(done).toEqual([null, null]);
  }
  const credits = await sql`
    select juke_id, role, contributor_id from catalog.credit where juke_id in (${one}, ${two})`;
  expect(credits).toHaveLength(2);
  for (const entity of [one, two]) {
    expect(await shown(entity)).toMatchObject({ area: "Area 19" });
    expect(await sql`select from identity.how(${entity}) where what = 'edit'`).toHaveLength(20);
  }
});

test("an edit waits for the least of what it names first: it holds nothing that another one waits for", async () => {
  const [one = "", two = ""] = [await artist({}, {}), await artist({}, {})].sort();
  const [a, b] = others;
  const names = (other: string) => ({
    credits: [{ contributor: { kind: "artist", id: other }, role: "artist" }],
  });
  // The first session holds the lesser of the two; the edit of the greater one waits for it, and holds nothing.
  let waiting: Promise<unknown> | undefined;
  await a.begin(async (tx) => {
    await tx`select from catalog.entity where juke_id = ${one} for update`;
    const [{ pid } = { pid: 0 }] = await b`select pg_backend_pid() as pid`;
    waiting = failure(b`select catalog.edit(${two}, ${sql.json(names(one))})`);
    for (let blocked = false; !blocked; ) {
      const [row] = await sql`select cardinality(pg_blocking_pids(${pid})) > 0 as blocked`;
      blocked = row?.blocked;
    }
    await tx`select catalog.edit(${one}, ${sql.json(names(two))})`;
  });
  expect(await waiting).toBeNull();
});

test("aliases, genres and images have all won: the catalog shows all of them", async () => {
  const list = (n: number) => ({
    aliases: [{ name: `Alias ${n}` }],
    images: [{ url: `https://example.com/${n}` }],
  });
  const entity = await artist(list(1), list(2));
  await edit(entity, { ...list(3), genres: [{ genre: ref("genre") }] });
  for (const [attribute, rows] of Object.entries({ aliases: 3, images: 3, genres: 1 })) {
    const said = await provenance(entity, attribute);
    expect(said).toHaveLength(rows);
    for (const row of said) expect(row).toMatchObject({ won: true, why: "all sources count" });
  }
  const aliases = await sql`select name from catalog.alias where juke_id = ${entity} order by name`;
  expect(aliases.map(({ name }) => name)).toEqual(["Alias 1", "Alias 2", "Alias 3"]);
});

test("provenance of a merged entity is that of its survivor, of an unknown one JB151", async () => {
  const winner = await artist({ country: "GB" }, {});
  const loser = await artist({ gender: "female" }, {});
  await sql`select identity.merge(${winner}, ${[loser]}::uuid[])`;
  const all = (entity: string) => sql`select * from catalog.provenance(${entity})`;
  expect(await all(loser)).toEqual(await all(winner));
  expect((await all(loser)).map(({ attribute }) => attribute)).toContain("country");
  expect(await provenance(nobody.id, "name").catch((e) => e)).toMatchObject({
    code: "JB151",
    message: `no entity ${nobody.id}`,
    detail: expect.stringMatching(/./),
    hint: expect.stringMatching(/./),
  });
  expect(await failure(sql`select * from catalog.provenance(null)`)).toBe("JB151");
});
