import { expect, test } from "vitest";
import { fillCatalog } from "./catalog.ts";
import { testApi } from "./server.ts";

const { ask, codes, sql } = await testApi(fillCatalog);

test("an ambiguous reference is refused with the kinds it may mean and how to say one", async () => {
  const { data, errors } = await ask('{ resolve(ref: "discogs:3840") { jukeId } }');
  expect(data).toEqual({ resolve: null });
  expect(errors?.[0]).toMatchObject({
    message: "the reference is ambiguous: discogs:3840",
    path: ["resolve"],
    extensions: { code: "JB102", hint: "Say the kind: discogs:artist:3840." },
  });
  expect(errors?.[0]?.extensions.detail).toMatch(/artist .*, album /);
});

test("every mistake of ours to foresee has its code", async () => {
  expect(await codes('{ resolve(ref: "nonsense") { jukeId } }')).toEqual(["JB103"]);
  expect(await codes('{ resolution(ref: "nonsense") { jukeId } }')).toEqual(["JB103"]);
  expect(await codes('{ updates(cursor: "nonsense") { jukeId } }')).toEqual(["JB301"]);
  // The sum of `1.1/3:3:/3/0`, which no cluster of ours has issued.
  expect(await codes('{ updates(cursor: "1.1/3:3:/3/0/e211e26d") { jukeId } }')).toEqual(["JB302"]);
  expect(await codes("{ updates(limit: 10001) { jukeId } }")).toEqual(["JB304"]);
  expect(await codes("{ updates(limit: 0) { jukeId } }")).toEqual(["JB304"]);
  expect(await codes('{ search(query: "x", limit: 101) { jukeId } }')).toEqual(["JB401"]);
  const refs = Array.from({ length: 10_001 }, () => "x");
  expect(
    await codes("query ($refs: [String!]!) { resolveMany(refs: $refs) { ref } }", { refs }),
  ).toEqual(["JB104"]);
});

test("a value that the database cannot use is the client's mistake", async () => {
  expect(
    await codes("query ($ref: String!) { resolve(ref: $ref) { jukeId } }", { ref: "a\0b" }),
  ).toEqual(["JB504"]);
  const { status, errors } = await ask('{ artist(jukeId: "nonsense") { name } }');
  expect(status).toBe(400);
  expect(errors?.[0]?.message).toMatch(/UUID/);
});

test("a value that is not of its type is told with code, detail and hint, literal or variable", async () => {
  const told = {
    code: "JB504",
    detail: expect.stringMatching(/\S/),
    hint: expect.stringMatching(/\S/),
  };
  for (const [query, variables] of [
    ['{ artist(jukeId: "nonsense") { name } }', {}],
    ['{ updates(limit: "many") { jukeId } }', {}],
    ['{ search(query: "x", kinds: [ROBOT]) { jukeId } }', {}],
    ["query ($id: UUID!) { artist(jukeId: $id) { name } }", { id: "nonsense" }],
    ["query ($id: UUID!) { artist(jukeId: $id) { name } }", {}],
    ["query ($limit: Int) { updates(limit: $limit) { jukeId } }", { limit: "many" }],
    ["query ($limit: Int) { updates(limit: $limit) { jukeId } }", { limit: 1e12 }],
    ["query ($ref: String!) { resolve(ref: $ref) { jukeId } }", { ref: "a\0b" }],
    ['{ artists(after: "nonsense") { nodes { name } } }', {}],
  ] as const) {
    expect((await ask(query, variables)).errors, query).toMatchObject([{ extensions: told }]);
  }
});

test("a mistake in the document is told as it is", async () => {
  for (const query of ["{", "{ nothing }", "{ feedHead { x } }", "query ($x: Int) { feedHead }"]) {
    const { status, errors } = await ask(query);
    expect([status, errors?.[0]?.extensions?.code], query).toEqual([400, undefined]);
  }
});

test.each([
  ["40P01", "JB511"],
  ["40001", "JB511"],
  ["57014", "JB505"],
  ["22023", "JB504"],
])("SQLSTATE %s comes as %s, with detail and hint", async (state, code) => {
  await sql`alter function descriptor.search(text, catalog.entity_kind[], int) rename to mislaid`;
  await sql.unsafe(`
    create function descriptor.search(query text, kinds catalog.entity_kind[] default null, "limit" int default 20)
    returns setof descriptor.hit language plpgsql
    as $$ begin raise exception 'as it happens' using errcode = '${state}'; end $$;
    grant execute on function descriptor.search to public`);
  const { errors } = await ask('{ search(query: "x") { jukeId } }');
  await sql`drop function descriptor.search(text, catalog.entity_kind[], int)`;
  await sql`alter function descriptor.mislaid(text, catalog.entity_kind[], int) rename to search`;
  expect(errors).toMatchObject([
    {
      extensions: { code, detail: expect.stringMatching(/\S/), hint: expect.stringMatching(/\S/) },
    },
  ]);
});

test("a cursor that no page gave is refused", async () => {
  const { errors } = await ask('{ artists(after: "nonsense") { nodes { name } } }');
  expect(errors?.[0]?.message).toMatch(/cursor/i);
});

test("of an error of the server the client learns an id and nothing else", async () => {
  await sql`alter function descriptor.search(text, catalog.entity_kind[], int) rename to mislaid`;
  const { errors } = await ask('{ search(query: "x") { jukeId } }');
  await sql`alter function descriptor.mislaid(text, catalog.entity_kind[], int) rename to search`;
  expect(errors).toMatchObject([
    {
      message: "something went wrong on the server",
      extensions: { code: "JB500", errorId: expect.any(String) },
    },
  ]);
  expect(JSON.stringify(errors)).not.toContain("mislaid");
  expect(JSON.stringify(errors)).not.toContain("descriptor");
});
