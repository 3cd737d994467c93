import { expect, test } from "vitest";
import { deliver, entityOf, eventsAfter, head } from "../catalog-builder.ts";
import { testDatabase } from "../database.ts";

const { sql } = await testDatabase();
await sql`
  insert into ingest.source (source, title, priority)
  values ('low', 'Low', 10), ('mid', 'Mid', 50), ('high', 'High', 900)`;

let round = 0;
/** An id that no other test uses, by which the sources agree. */
const shared = () => ({ deezer: `${++round + 1000}` });

async function rowOf(kind: string, juke: string | undefined) {
  const [row] = await sql`select * from ${sql(`catalog.${kind}`)} where juke_id = ${juke ?? null}`;
  return row;
}

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

test("two tracks that change places are one change of the release, and no key is met twice on the way", async () => {
  const line = (position: number, id: string) => ({
    disc: 1,
    position,
    track: { kind: "track", id },
  });
  const release = (first: string, second: string) => ({
    kind: "release" as const,
    id: "swap",
    title: "Swap",
    tracks: [line(0, first), line(1, second)],
  });
  await deliver(sql, "mid", [release("s1", "s2")]);
  const juke = await entityOf(sql, "mid", "release", "swap");
  const before = await head(sql);
  await deliver(sql, "mid", [release("s2", "s1")]);
  expect(await eventsAfter(sql, before)).toMatchObject([{ juke_id: juke, changed: ["tracks"] }]);
  const rows = await sql`
    select position, track_id from catalog.release_track where release_id = ${juke ?? ""} order by 1`;
  expect([...rows]).toEqual([
    { position: 0, track_id: await entityOf(sql, "mid", "track", "s2") },
    { position: 1, track_id: await entityOf(sql, "mid", "track", "s1") },
  ]);
});
