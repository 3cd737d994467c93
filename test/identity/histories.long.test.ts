import fc from "fast-check";
import { expect, test } from "vitest";
import { testDatabase } from "../database.ts";
import { History, histories, prepareHistories } from "./history.ts";
import { violations } from "./invariants.ts";

/** How many histories: `HISTORIES=100000 npm run test:long`. */
const count = Number(process.env.HISTORIES ?? 5_000);

const lanes = await Promise.all(
  Array.from({ length: 8 }, async () => (await testDatabase()).connect({ max: 1 })),
);

test("long random histories agree with the model at every step, and break no rule", async () => {
  await Promise.all(
    lanes.map(async (sql) => {
      await prepareHistories(sql);
      await fc.assert(
        fc.asyncProperty(histories(30), (steps) => new History(sql).run(steps)),
        // Shrinking takes hours here; the failure tells the whole history.
        { numRuns: Math.ceil(count / lanes.length), endOnFailure: true },
      );
      expect(await violations(sql)).toEqual([]);
    }),
  );
}, 7_200_000);
