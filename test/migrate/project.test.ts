import { expect, test } from "vitest";
import { testDatabase } from "../database.ts";

const { sql } = await testDatabase();

test("a test file gets a migrated database of its own", async () => {
  const [row] = await sql`select count(*)::int as n from ops.migration`;
  expect(row?.n).toBeGreaterThan(0);
});
