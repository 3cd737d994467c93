import { expect, test } from "vitest";
import { fillCatalog } from "./catalog.ts";
import { testApi } from "./server.ts";

const { ask, codes, address } = await testApi(fillCatalog);

test("a page has 20 items when the query does not say, at the root and within", async () => {
  const { data } = await ask(`{
    albums { nodes { jukeId } pageInfo { hasNextPage } }
    resolve(ref: "discogs:artist:3840") { ... on Artist { albums { nodes { jukeId } } } contributions { nodes { role } } }
  }`);
  expect(data.albums.nodes).toHaveLength(20);
  expect(data.albums.pageInfo.hasNextPage).toBe(true);
  expect(data.resolve.albums.nodes).toHaveLength(20);
  expect(data.resolve.contributions.nodes).toHaveLength(20);
});

test("a page of more than 100 items is refused, written out, as a variable, or within another", async () => {
  expect((await ask("{ artists(first: 100) { nodes { name } } }")).errors).toBeUndefined();
  expect(await codes("{ artists(first: 100000) { nodes { name } } }")).toEqual(["JB501"]);
  expect(await codes("{ artists(first: 0) { nodes { name } } }")).toEqual(["JB501"]);
  expect(await codes("{ artists(first: -1) { nodes { name } } }")).toEqual(["JB501"]);
  const variable = "query ($n: Int!) { artists(first: $n) { nodes { name } } }";
  expect(await codes(variable, { n: 101 })).toEqual(["JB501"]);
  const fallback = "query ($n: Int! = 101) { artists(first: $n) { nodes { name } } }";
  expect(await codes(fallback)).toEqual(["JB501"]);
  const nested =
    "{ artists(first: 1) { nodes { ...Albums } } } fragment Albums on Artist { albums(first: 101) { nodes { title } } }";
  expect(await codes(nested)).toEqual(["JB501"]);
  expect((await ask(variable, { n: 101 })).status).toBe(400);
});

test("no page is the whole table: first cannot be null", async () => {
  expect((await ask("{ artists(first: null) { nodes { name } } }")).status).toBe(400);
});

test("pages within pages multiply, and too many rows are refused", async () => {
  expect(
    await codes(
      "{ artists(first: 100) { nodes { albums(first: 100) { nodes { releases(first: 100) { nodes { title } } } } } } }",
    ),
  ).toEqual(["JB502"]);
  expect(
    await codes(
      '{ resolve(ref: "discogs:artist:3840") { ... on Artist { albums { nodes { releases(first: 5) { nodes { tracks { nodes { track { title } } } } } } } } } }',
    ),
  ).toEqual([]);
});

test("a query that is too deep is refused", async () => {
  const deep = (levels: number): string =>
    levels === 0 ? "title" : `releases(first: 1) { nodes { album { ${deep(levels - 1)} } } }`;
  const { status, errors } = await ask(`{ albums(first: 1) { nodes { ${deep(8)} } } }`);
  expect(status).toBe(400);
  expect(errors?.[0]?.message).toMatch(/depth/i);
});

test("a flood of aliases is refused", async () => {
  const flood = (count: number, field: string) =>
    `{ ${Array.from({ length: count }, (_, n) => `a${n}: ${field}`).join(" ")} }`;
  expect(await codes(flood(1_000, 'resolve(ref: "discogs:artist:3840") { jukeId }'))).toEqual([
    "JB503",
  ]);
  expect(
    await codes(
      flood(40, "artists(first: 100) { nodes { albums(first: 6) { nodes { title } } } }"),
    ),
  ).toEqual(["JB502"]);
  expect(await codes(flood(50, "__schema { types { name } }"))).toEqual(["JB502"]);
});

test("fragments that spread each other thousands of times are refused in time", async () => {
  const levels = 20;
  const fragments = Array.from(
    { length: levels },
    (_, n) =>
      `fragment F${n} on Query { ${n + 1 < levels ? `...F${n + 1} a${n}: __typename ...F${n + 1}` : "feedHead"} }`,
  );
  const { status } = await ask(`{ ...F0 } ${fragments.join(" ")}`);
  expect(status).toBeLessThan(500);
});

test("a body of 1 MiB is refused", async () => {
  const response = await fetch(`${address}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query: `{ feedHead } #${"x".repeat(1_048_576)}` }),
  });
  expect(response.status).toBe(413);
});

test("GraphiQL's introspection passes the limits", async () => {
  const { getIntrospectionQuery } = await import("grafast/graphql");
  const { data, errors } = await ask(getIntrospectionQuery({ inputValueDeprecation: true }));
  expect(errors).toBeUndefined();
  expect(data.__schema.types.length).toBeGreaterThan(20);
});
