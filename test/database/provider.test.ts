import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, inject, onTestFinished, test } from "vitest";
import { type Config, readConfig } from "../../lib/config.ts";
import { openDatabase } from "../../lib/database/provider.ts";

function config(settings: Record<string, string>): Config {
  const dataDir = mkdtempSync(join(tmpdir(), "jukebase-provider-"));
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
  return readConfig({ DATA_DIR: dataDir, ...settings });
}

test("a URL in the settings is used as it is, and stopping leaves its server alone", async () => {
  const url = inject("serverUrl");
  const settings = config({ DATABASE_URL: url });
  for (let time = 1; time <= 2; time++) {
    const database = await openDatabase({ purpose: "start", config: settings });
    expect(database).toMatchObject({ url, provider: "external" });
    await database.stop();
  }
});

test("tests never touch DATABASE_URL: theirs is TEST_DATABASE_URL", async () => {
  const settings = config({
    DATABASE_URL: "postgres://127.0.0.1:1/production",
    TEST_DATABASE_URL: inject("serverUrl"),
  });
  const database = await openDatabase({ purpose: "test", config: settings });
  expect(database.url).toBe(inject("serverUrl"));
});

test("a URL that does not answer is a problem, not a reason to take another database", async () => {
  const settings = config({ DATABASE_URL: "postgres://127.0.0.1:1/production" });
  await expect(openDatabase({ purpose: "start", config: settings })).rejects.toMatchObject({
    code: "JB003",
  });
});

test("a directory without a server in it is refused by the name of its setting", async () => {
  const settings = config({ JUKEBASE_DB_PROVIDER: "installed", JUKEBASE_PG_BIN: "/nonexistent" });
  await expect(openDatabase({ purpose: "start", config: settings })).rejects.toMatchObject({
    code: "JB001",
    message: expect.stringContaining("JUKEBASE_PG_BIN names /nonexistent"),
  });
});
