import fc from "fast-check";
import { expect } from "vitest";
import { testDatabase } from "../database.ts";
import { History, histories, prepareHistories } from "./history.ts";
import { violations } from "./invariants.ts";

/**
 * Runs random histories side by side, each lane in a database of its own that stays small; every step agrees with the model,
 * and no rule is broken at the end. Call it in the file's body; what it returns is the test.
 */
export async function historyLanes(
  count: number,
  length: number,
  options: { endOnFailure?: boolean } = {},
): Promise<() => Promise<void>> {
  const lanes = await Promise.all(
    Array.from({ length: 8 }, async () => (await testDatabase()).connect({ max: 1 })),
  );
  return async () => {
    await Promise.all(
      lanes.map(async (sql) => {
        await prepareHistories(sql);
        await fc.assert(
          fc.asyncProperty(histories(length), (steps) => new History(sql).run(steps)),
          { numRuns: Math.ceil(count / lanes.length), ...options },
        );
        expect(await violations(sql)).toEqual([]);
      }),
    );
  };
}
