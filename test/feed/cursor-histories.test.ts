import { expect, test } from "vitest";
import { testDatabase } from "../database.ts";
import { openStage, playHistory, type Tally } from "./cursor-history.ts";

/** How many histories: `CURSOR_HISTORIES=100000 npm test test/feed`. */
const count = Number(process.env.CURSOR_HISTORIES ?? 200);

const database = await testDatabase({ guarded: false });

test(
  "whatever sessions do meanwhile: pages are what lies between two snapshots, and a chain of reads has each event once",
  async () => {
    const stage = await openStage(database);
    const tally: Tally = { batches: 0, pages: 0, late: 0, inside: 0, chained: 0 };
    for (let seed = 1; seed <= count; seed++) await playHistory(stage, seed, tally);
    // Of each thing that can go wrong there was enough.
    for (const [name, times] of Object.entries(tally)) {
      expect(times, name).toBeGreaterThan(count / 5);
    }
  },
  count * 1_000,
);
