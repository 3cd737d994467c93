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

/** Prints a line for each delivery, and their sum when there are several. */
export function printTable(rows: (Counts & { name: string })[]): void {
  if (rows.length === 0) return;
  const line = (name: string, cells: (string | number)[]) =>
    [
      shortened(printable(name)).padEnd(40),
      ...cells.map((cell, i) => String(cell).padStart((HEADINGS[i]?.length ?? 0) + 2)),
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
  if (rows.length > 1) {
    const totals = COUNTS.map((count) => rows.reduce((total, row) => total + row[count], 0));
    console.log(line("total", totals));
  }
}

/** A path that fits its column: its end tells more than its beginning. */
function shortened(path: string): string {
  return path.length > 40 ? `…${path.slice(-39)}` : path;
}
