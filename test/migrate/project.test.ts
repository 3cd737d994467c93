import { expect, test } from "vitest";
import { dumpSchema } from "../../lib/migrate/dump.ts";
import { down, status, up } from "../../lib/migrate/migrate.ts";
import { testDatabase } from "../database.ts";

test("up, down to nothing and up again make the same schema", { timeout: 240_000 }, async () => {
  const { url } = await testDatabase();
  const before = await dumpSchema(url);
  expect(before).toContain("create table catalog.entity (");
  await down(url, { all: true });
  expect(await dumpSchema(url)).toBe("\n");
  await up(url);
  expect(await dumpSchema(url)).toBe(before);
});

test("each migration can be taken back and applied again", { timeout: 240_000 }, async () => {
  const { url } = await testDatabase();
  const before = await dumpSchema(url);
  const { migrations } = await status(url);
  for (let undone = 1; undone <= migrations.length; undone++) {
    expect(await down(url, { to: migrations.length - undone })).toHaveLength(undone);
    await up(url);
    expect(await dumpSchema(url)).toBe(before);
  }
});

test("the migrated database is what the files say", async () => {
  const { url } = await testDatabase();
  const { migrations, files } = await status(url);
  expect([...migrations, ...files].filter((file) => file.state !== "applied")).toEqual([]);
});
