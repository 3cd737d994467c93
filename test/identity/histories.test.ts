import fc from "fast-check";
import { expect, test } from "vitest";
import { testDatabase } from "../database.ts";
import { History, histories, prepareHistories } from "./history.ts";
import { violations } from "./invariants.ts";

/** Histories run side by side, each lane in a database of its own that stays small. */
const lanes = await Promise.all(
  Array.from({ length: 8 }, async () => (await testDatabase()).connect({ max: 1 })),
);

test("2,000 random histories agree with the model at every step, and break no rule", async () => {
  await Promise.all(
    lanes.map(async (sql) => {
      await prepareHistories(sql);
      await fc.assert(
        fc.asyncProperty(histories(8), (steps) => new History(sql).run(steps)),
        { numRuns: 2_000 / lanes.length },
      );
      expect(await violations(sql)).toEqual([]);
    }),
  );
}, 300_000);
