import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { run } from "../command-line.ts";
import { testDatabase } from "../database.ts";

const directory = mkdtempSync(join(tmpdir(), "jukebase-sample-"));
afterAll(() => rmSync(directory, { recursive: true }));

test("a sample is tried with every source of the file, and those that cannot read it are named", async () => {
  const { url, sql } = await testDatabase();
  const source = (name: string, column: string) =>
    `  - source: ${name}\n    format: table\n    mapping:\n      records: [{ kind: track, id: No, fields: { title: ${column} } }]\n`;
  const sources = join(directory, "sources.yaml");
  writeFileSync(sources, `sources:\n${source("wrong", "Song")}${source("right", "Title")}`);
  const sample = join(directory, "sample.csv");
  writeFileSync(sample, "No,Title\n1,Angie\n");

  const args = ["source", "apply", sources, "--dry-run", "--sample", sample];
  const { code, stdout, stderr } = await run(args, { DATABASE_URL: url });
  expect(code).toBe(2);
  expect(stderr).toContain("by wrong:");
  expect(stderr).toContain("the table lacks the column Song");
  const [wrong, right] = JSON.parse(stdout);
  expect(wrong).toMatchObject({ source: "wrong", refused: { code: "JB249" } });
  expect(JSON.stringify(right)).toContain('"Angie"');
  expect(right).toMatchObject({ source: "right" });
  expect(await sql`select from ingest.source where source in ('wrong', 'right')`).toHaveLength(0);
}, 60_000);
