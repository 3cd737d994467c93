import { expect, test } from "vitest";
import { deliver, entityOf, failure } from "../catalog-builder.ts";
import { testDatabase } from "../database.ts";

const { sql, connect } = await testDatabase();
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
    select name, status, convert_from(content, 'UTF8')::jsonb as content
    from ingest.delivery where source = 'manual' and name = 'Ada' order by delivery_id desc limit 1`;
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
