import type { Counts } from "../lib/ingest/run.ts";
import { printable } from "../lib/printable.ts";

/** The counts of a delivery in the order of their columns. */
export const COUNTS = [
  "records",
  "new",
  "changed",
  "unchanged",
  "entitiesMinted",
  "entitiesChanged",
  "placeholders",
  "quarantined",
] as const satisfies (keyof Counts)[];
const HEADINGS = [
  "records",
  "new",
  "changed",
  "unchanged",
  "minted",
  "updated",
  "placeholders",
  "quarantined",
];

/** Prints a line for each delivery, and their sum when there are several. A column is as wide as its widest number. */
export function printTable(rows: (Counts & { name: string })[]): void {
  if (rows.length === 0) return;
  const totals = COUNTS.map((count) => rows.reduce((total, row) => total + row[count], 0));
  const widths = HEADINGS.map((heading, i) => Math.max(heading.length, `${totals[i]}`.length) + 2);
  const line = (name: string, cells: (string | number)[]) =>
    [
      shortened(printable(name)).padEnd(40),
      ...cells.map((cell, i) => String(cell).padStart(widths[i] ?? 0)),
    ].join("");
  console.log(line("file", HEADINGS));
  for (const row of rows) {
    console.log(
      line(
        row.name,
        COUNTS.map((count) => row[count]),
      ),
    );
  }
  if (rows.length > 1) console.log(line("total", totals));
}

/** Prints how many warnings there are, and the statement that shows them. */
export function printWarnings(rows: { runId?: number; warnings: number }[]): void {
  const warned = rows.filter(({ warnings }) => warnings > 0);
  if (warned.length === 0) return;
  const count = warned.reduce((total, { warnings }) => total + warnings, 0);
  const runs = warned.map(({ runId }) => runId).join(", ");
  console.log(
    `${count} ${count === 1 ? "warning" : "warnings"}: select * from ingest.warning where run_id in (${runs})`,
  );
}

/** A path that fits its column: its end tells more than its beginning. */
function shortened(path: string): string {
  return path.length > 40 ? `…${path.slice(-39)}` : path;
}
