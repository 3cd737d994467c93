import { expect, test } from "vitest";
import { deliver, entityOf } from "../catalog-builder.ts";
import { testDatabase } from "../database.ts";

const { sql } = await testDatabase();

const idsOf = async (source: string) => {
  const juke_id = await entityOf(sql, source, "track", "t");
  const rows = await sql`
    select source || ':' || external_id as id from identity.external_id
    where juke_id = ${juke_id ?? null} order by 1`;
  return rows.map(({ id }) => id);
};
const track = (source: string, record: object) =>
  deliver(sql, source, [{ kind: "track", id: "t", ...record } as never]);

test("a partial record speaks of the schemes of its ids one by one, a full one of all", async () => {
  await track("partial", { title: "T", ids: { isrc: "GBAYE6800011", deezer: "1" } });
  await track("partial", { scope: "partial", ids: { deezer: "2" } });
  expect(await idsOf("partial")).toEqual(["deezer:2", "isrc:GBAYE6800011"]);
  await track("partial", { scope: "partial", ids: { tidal: "7", isrc: [] } });
  expect(await idsOf("partial")).toEqual(["deezer:2", "tidal:7"]);
  await track("partial", { scope: "partial", duration_ms: 1000 });
  expect(await idsOf("partial")).toEqual(["deezer:2", "tidal:7"]);
  await track("partial", { title: "T", ids: { tidal: "8" } });
  expect(await idsOf("partial")).toEqual(["tidal:8"]);
});

test("in one batch too, before the record is known", async () => {
  await deliver(sql, "batch", [
    { kind: "track", id: "t", scope: "partial", title: "T", ids: { isrc: "GBAYE6800012" } },
    { kind: "track", id: "t", scope: "partial", ids: { deezer: "3" } },
  ] as never);
  expect(await idsOf("batch")).toEqual(["deezer:3", "isrc:GBAYE6800012"]);
});
