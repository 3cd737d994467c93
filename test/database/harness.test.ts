import { expect, test } from "vitest";
import { testDatabase } from "../database.ts";

test("each call gives a database of its own", async () => {
  const [one, other] = await Promise.all([testDatabase(), testDatabase()]);
  await one.sql`create table public.mine ()`;
  const [row] = await other.sql`select to_regclass('public.mine') as found`;
  expect(row).toEqual({ found: null });
});

test("the server has the extensions and the version the catalog is built for", async () => {
  const { sql } = await testDatabase();
  const [row] = await sql<{ major: number }[]>`
    select current_setting('server_version_num')::int / 10000 as major`;
  expect(row?.major).toBeGreaterThanOrEqual(15);
  const extensions =
    await sql`select extname from pg_extension where extname <> 'plpgsql' order by 1`;
  expect(extensions.map((each) => each.extname)).toEqual(
    expect.arrayContaining(["btree_gin", "fuzzystrmatch", "pg_trgm", "unaccent"]),
  );
});
