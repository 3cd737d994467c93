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
  expect(await codes('{ updates(cursor: "1/3:3:") { jukeId } }')).toEqual(["JB302"]);
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
