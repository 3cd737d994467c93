import { expect, test } from "vitest";
import { openDelivery } from "../catalog-builder.ts";
import { testDatabase } from "../database.ts";

const { sql } = await testDatabase();

test("a batch leaves the settings of its transaction as they were", async () => {
  const settings = async (tx: typeof sql) =>
    tx`
      select name, setting from pg_settings
      where name in ('plan_cache_mode', 'enable_seqscan', 'search_path') order by name`;
  await sql.begin(async (tx) => {
    const before = await settings(tx as never);
    const delivery = await openDelivery(tx, "settings");
    const records = [
      { kind: "artist", id: "a", name: "A", genres: [{ genre: { kind: "genre", id: "g" } }] },
      { kind: "artist", id: "a2", name: "B", ids: { isni: "000000012281955X" } },
    ];
    await tx`select ingest.apply(${delivery}, ${tx.json(records as never)})`;
    expect(await settings(tx as never)).toEqual(before);
  });
});

test("whatever calls catalog.plan_once sets what that changes, so that it ends with it", async () => {
  const callers = await sql`
    select p.oid::regprocedure::text as name, p.proconfig as config
    from pg_proc p
    join pg_namespace n on n.oid = p.pronamespace
    where p.prosrc like '%perform catalog.plan_once()%' and n.nspname !~ '^pg_'`;
  expect(callers.length).toBeGreaterThan(5);
  for (const { name, config } of callers) {
    const set = (config as string[]).map((each) => each.replace(/=.*/, "")).sort();
    expect([name, ...set]).toEqual([name, "enable_seqscan", "plan_cache_mode", "search_path"]);
  }
});
