import { beforeAll, expect, test } from "vitest";
import { testDatabase } from "../database.ts";
import { prepareHistories } from "./history.ts";
import { type Manner, openLane } from "./interleaving.ts";
import { actions } from "./interleaving-actions.ts";
import {
  type Case,
  nameOf,
  needsOf,
  Orders,
  type Result,
  run,
  unfoundedRefusals,
  unlikeAnyOrder,
} from "./interleaving-cases.ts";
import { violations } from "./invariants.ts";

/** Interleavings run side by side, each lane in a database of its own that stays small. */
const lanes = await Promise.all(
  Array.from({ length: 4 }, async () => {
    const lane = await openLane(await testDatabase());
    await prepareHistories(lane.sql);
    return lane;
  }),
);
const orders = new Orders(lanes);

const manners: Manner[] = [
  { level: "read committed", end: "commit" },
  { level: "read committed", end: "rollback" },
  { level: "repeatable read", end: "commit" },
  { level: "repeatable read", end: "rollback" },
  { level: "repeatable read", end: "commit", isStale: true },
];
const pairs: Case[] = actions.flatMap((first) =>
  actions.flatMap((second) =>
    manners.map((manner) => ({
      actions: [first, second],
      needs: needsOf([first, second]),
      manner,
    })),
  ),
);

let results: Result[];
beforeAll(async () => {
  const t = Date.now();
  results = await run(lanes, pairs);
  console.log(pairs.length, "cases in", Date.now() - t);
  const tally = new Map<string, number>();
  for (const { outcomes, manner } of results) {
    const key = `${manner?.level} ${manner?.end} ${manner?.isStale ?? ""} ${outcomes}`;
    tally.set(key, (tally.get(key) ?? 0) + 1);
  }
  console.log(
    [...tally]
      .sort()
      .map(([k, n]) => `${n} ${k}`)
      .join("\n"),
  );
}, 600_000);

const permitted = /^(ok|rolled back|JB\d{3}|40001|40P01)$/;

test("two writers that meet succeed, are refused with an error of their own, or are told to try again", () => {
  const found = results.filter(({ outcomes }) => !outcomes.every((each) => permitted.test(each)));
  expect(found.map((each) => `${nameOf(each)} -> ${each.outcomes}`)).toEqual([]);
});

test("what two writers leave when they meet is what they leave one after the other", async () => {
  const t = Date.now();
  expect(await unlikeAnyOrder(orders, results)).toEqual([]);
  console.log("orders in", Date.now() - t);
}, 600_000);

test("a writer is refused only for what it finds alone, or after the other", async () => {
  expect(await unfoundedRefusals(orders, results)).toEqual([]);
}, 600_000);

test("no two writers that meet break a rule", async () => {
  for (const { sql } of lanes) expect(await violations(sql)).toEqual([]);
}, 600_000);
