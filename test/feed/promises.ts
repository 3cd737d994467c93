import { beforeAll, expect, test } from "vitest";
import { flawless, gaps, judge, miscounted, type Verdict } from "./checker.ts";
import { type Load, runLoad, type Size } from "./load.ts";

/** What is promised of the feed whatever happens, as tests. The load runs once before them. */
export function promisesUnderLoad(size: Size): void {
  let load: Load;

  beforeAll(async () => {
    load = await runLoad(size);
    const { truth, readers, flawed, writers, maintained } = load;
    console.log(
      JSON.stringify({
        events: truth.length,
        transactions: Object.fromEntries(writers.ends),
        maintained: Object.fromEntries(maintained),
        ...Object.fromEntries(readers.map(({ name, facts }) => [name, facts])),
        ...Object.fromEntries(
          Object.entries(flawed).map(([name, { log }]) => [name, judge(log, truth)]),
        ),
      }),
    );
  }, 3_600_000);

  test("there was something to miss", () => {
    const { truth, writers, maintained } = load;
    expect(truth.length).toBeGreaterThanOrEqual(size.events);
    for (const end of ["committed", "rolled back"]) {
      expect(writers.ends.get(end), end).toBeGreaterThan(10);
    }
    for (const done of ["made", "filed", "neglected"]) {
      expect(maintained.get(done), done).toBeGreaterThan(0);
    }
  });

  test("whoever reads misses nothing, gets nothing twice, and gets each entity's changes in their order", () => {
    const { truth, readers } = load;
    const verdicts: Record<string, Verdict> = {};
    for (const { name, log, kinds } of readers) verdicts[name] = judge(log, truth, kinds);
    expect(verdicts).toEqual(
      Object.fromEntries(Object.keys(verdicts).map((name) => [name, flawless])),
    );
  });

  test("consumers were killed at work, and got some of it again", () => {
    for (const name of ["a consumer inside, exactly once", "a consumer outside, at least once"]) {
      const reader = load.readers.find((each) => each.name === name);
      expect(reader?.facts.lost, name).toBeGreaterThan(0);
      expect(reader?.facts.killed, name).toBeGreaterThan(0);
    }
  });

  test("each entity's versions are without a gap, and end at that of the entity", () => {
    const { truth, versions } = load;
    expect(gaps(truth)).toEqual([]);
    const last = new Map(truth.map(({ juke_id, version }) => [juke_id, version]));
    for (const [juke_id, version] of versions) expect(last.get(juke_id), juke_id).toBe(version);
  });

  test("an entity has an event for each committed transaction that changed it, and no others", () => {
    expect(miscounted(load.truth, load.writers.committed)).toEqual([]);
  });

  test("the checker sees that reading by id alone misses events", () => {
    expect(judge(load.flawed.byId.log, load.truth).missing).toBeGreaterThan(0);
  });

  test("the checker sees that the order of transactions is not that of an entity's versions", () => {
    expect(judge(load.flawed.byTransaction.log, load.truth)).toMatchObject({
      missing: 0,
      twice: 0,
      disordered: expect.toSatisfy((count) => count > 0),
    });
  });

  test("the checker sees that a snapshot of a later statement misses events", () => {
    expect(judge(load.flawed.byTwoStatements.log, load.truth).missing).toBeGreaterThan(0);
  });
}
