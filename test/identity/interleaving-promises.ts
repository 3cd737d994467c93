import { beforeAll, expect, test } from "vitest";
import { testDatabase } from "../database.ts";
import { prepareHistories } from "./history.ts";
import { openLane } from "./interleaving.ts";
import {
  type Case,
  nameOf,
  Orders,
  type Result,
  run,
  unfoundedRefusals,
  unlikeAnyOrder,
} from "./interleaving-cases.ts";
import { misprojected, violations } from "./invariants.ts";

const permitted = /^(ok|rolled back|JB\d{3}|40001|40P01)$/;

/** Runs interleavings side by side, each lane in a database of its own that stays small, and tests what all of them keep. */
export async function testInterleavings(cases: Case[], timeout: number): Promise<void> {
  const lanes = await Promise.all(
    Array.from({ length: 4 }, async () => {
      const lane = await openLane(await testDatabase());
      await prepareHistories(lane.sql);
      return lane;
    }),
  );
  const orders = new Orders(lanes);
  let results: Result[];
  let refused: Result[];
  beforeAll(async () => {
    const all = await run(lanes, cases);
    results = all.filter(({ manner }) => manner?.level === "read committed");
    refused = all.filter(({ manner }) => manner?.level === "repeatable read");
  }, timeout);

  test(
    "at repeatable read nobody changes identity, and nothing is changed",
    async () => {
      expect(new Set(refused.flatMap(({ outcomes }) => outcomes))).toEqual(new Set(["JB174"]));
      expect(await unlikeAnyOrder(orders, refused)).toEqual([]);
    },
    timeout,
  );

  test("writers that meet succeed, are refused with an error of their own, or are told to try again", () => {
    const found = results.filter(({ outcomes }) => !outcomes.every((each) => permitted.test(each)));
    expect(found.map((each) => `${nameOf(each)} -> ${each.outcomes}`)).toEqual([]);
  });

  test("writers that wait for one that is done never deadlock", () => {
    const found = results.filter(
      ({ actions, outcomes }) => actions.length === 2 && outcomes.includes("40P01"),
    );
    expect(found.map((each) => `${nameOf(each)} -> ${each.outcomes}`)).toEqual([]);
  });

  test(
    "what writers leave when they meet is what they leave one after the other",
    async () => {
      expect(await unlikeAnyOrder(orders, results)).toEqual([]);
    },
    timeout,
  );

  test(
    "a writer is refused only for what it finds alone, or after the others",
    async () => {
      expect(await unfoundedRefusals(orders, results)).toEqual([]);
    },
    timeout,
  );

  test(
    "writers that meet break no rule",
    async () => {
      for (const { sql } of lanes) {
        await sql`analyze`;
        expect([await violations(sql), await misprojected(sql)]).toEqual([[], []]);
      }
    },
    timeout,
  );
}
