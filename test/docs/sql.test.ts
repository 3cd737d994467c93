import { readFileSync } from "node:fs";
import { afterAll, expect, test } from "vitest";
import { ingestSample } from "../../lib/ingest/sample.ts";
import { projectPath } from "../../lib/project.ts";
import { testDatabase } from "../database.ts";

const { sql, connect } = await testDatabase();
await ingestSample(sql);
/** One session: the page sets who is acting. */
const session = connect({ max: 1 });
// The role of the page is the server's, not the database's.
afterAll(async () => {
  await session.unsafe("reset role; drop owned by warehouse; drop role warehouse").catch(() => {});
});

/** The statements of a page, each with the table it prints, if the page shows one. */
const examplesOf = (page: string) =>
  [
    ...readFileSync(projectPath(`docs/reference/${page}.md`), "utf8").matchAll(
      /```sql\n(.*?)```\n(?:\n```\n(.*?)```)?/gs,
    ),
  ].map(([, statement = "", table]) => ({ statement, table }));

/** Keys and dates are new each time. */
const comparable = (cell: string) =>
  cell
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g, "key")
    .replaceAll(/\d{4}-\d{2}-\d{2}/g, "date")
    .trim();

/** The table that psql prints, as lists of cells; the first has the names of the columns. */
const cellsOf = (table: string) =>
  table
    .trimEnd()
    .split("\n")
    .filter((_, line) => line !== 1)
    .map((line) => line.split("|").map(comparable));

test.each([
  ["feed", 5],
  ["identity", 15],
  ["rights", 8],
])(
  "docs/reference/%s.md shows what its statements answer, one after the other",
  async (page, least) => {
    const examples = examplesOf(page);
    expect(examples.length).toBeGreaterThan(least);
    for (const { statement, table } of examples) {
      const rows = await session.unsafe(statement).raw();
      if (table === undefined) continue;
      const names = rows.columns?.map(({ name }) => name);
      const cells = (rows as unknown as (Buffer | null)[][]).map((row) =>
        row.map((cell) => comparable(cell?.toString() ?? "")),
      );
      expect([names, ...cells], statement).toEqual(cellsOf(table));
    }
  },
);
