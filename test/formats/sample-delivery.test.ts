import { readdirSync } from "node:fs";
import { afterAll, expect, test } from "vitest";
import { type DeliveryResult, deliver } from "../../lib/ingest/delivery.ts";
import { createReader } from "../../lib/ingest/reader.ts";
import { testDatabase } from "../database.ts";

const DIRECTORY = new URL("../../sample/", import.meta.url).pathname;
const FILES = readdirSync(DIRECTORY)
  .filter((file) => !file.endsWith(".md"))
  .sort();

const { sql } = await testDatabase();
const reader = createReader();
afterAll(() => reader.close());

async function deliverAll(): Promise<DeliveryResult[]> {
  const results: DeliveryResult[] = [];
  for (const file of FILES) results.push(await deliver(sql, DIRECTORY + file, { reader }));
  return results;
}

test("the database takes the whole sample, and its sources meet in one entity", async () => {
  const results = await deliverAll();
  expect(results.filter(({ records }) => records === 0)).toEqual([]);

  const [sheeran] = await sql`
    select count(*)::int as entities from catalog.artist where name = 'Ed Sheeran'`;
  expect(sheeran).toEqual({ entities: 1 });
  const [nirvana] = await sql`
    select count(*)::int as entities from catalog.artist where name = 'Nirvana'`;
  expect(nirvana).toEqual({ entities: 3 });
  const [track] = await sql`
    select count(*)::int as entities from catalog.track t
    join identity.external_id e on e.juke_id = t.juke_id
    where e.source = 'isrc' and e.external_id = 'GBAHS1400099'`;
  expect(track).toEqual({ entities: 1 });
});

test("nothing that the sample refers to is left as a placeholder", async () => {
  const placeholders = await sql`
    select kind::text, source_record_id from ingest.record where body is null and mention is null`;
  expect([...placeholders]).toEqual([]);
});

test("the same sample again changes nothing", async () => {
  const again = await deliverAll();
  const changes = again.filter(
    (result) => result.new + result.changed + result.entitiesChanged > 0,
  );
  expect(changes).toEqual([]);
});
