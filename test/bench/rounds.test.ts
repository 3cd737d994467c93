import { describe, expect, it } from "vitest";
import { endless, randomSource } from "../../bench/random.ts";
import { interleave, orderOf, repeated } from "../../bench/rounds.ts";

describe("the order of the arms", () => {
  it("is reversed in every other turn", () => {
    for (let turn = 0; turn < 12; turn += 2) {
      expect(orderOf(turn + 1, 3)).toEqual(orderOf(turn, 3).reverse());
    }
  });

  it("puts each arm in each place equally often", () => {
    for (const arms of [1, 2, 3, 4, 7]) {
      const places = Array.from({ length: arms }, () => new Array<number>(arms).fill(0));
      for (let turn = 0; turn < 2 * arms; turn++) {
        orderOf(turn, arms).forEach((arm, place) => {
          const counts = places[arm] as number[];
          counts[place] = (counts[place] as number) + 1;
        });
      }
      expect(places.flat()).toEqual(new Array(arms * arms).fill(2));
    }
  });
});

describe("interleave", () => {
  it("gives one figure per arm and round, and leaves out the warm-up", async () => {
    const runs: string[] = [];
    const arm = (name: string, values: number[]) => ({
      run: async () => {
        runs.push(name);
        return values.shift() as number;
      },
    });
    const taken = await interleave(
      { baseline: arm("baseline", [99, 1, 2]), subject: arm("subject", [99, 3, 4]) },
      { rounds: 2, turns: 1 },
    );
    expect(taken).toEqual({ baseline: [1, 2], subject: [3, 4] });
    expect(runs).toEqual(["baseline", "subject", "subject", "baseline", "subject", "baseline"]);
  });

  it("takes the median of the turns of a round", async () => {
    const values = [0, 0, 0, 5, 100, 6];
    const arm = { run: async () => values.shift() as number };
    expect(await interleave({ arm }, { rounds: 1, turns: 3 })).toEqual({ arm: [6] });
  });

  it("rests between the rounds", async () => {
    let rests = 0;
    const betweenRounds = async () => {
      rests++;
    };
    await interleave({ arm: { run: async () => 1 } }, { rounds: 3, turns: 2, betweenRounds });
    expect(rests).toBe(4);
  });
});

describe("repeated", () => {
  it("calls so many times, and a tenth as often to warm up", async () => {
    let calls = 0;
    const call = async () => {
      calls++;
    };
    expect(await repeated(20, call).run()).toBeGreaterThan(0);
    expect(calls).toBe(22);
  });
});

describe("the random source", () => {
  it("gives the same numbers for the same seed, from 0 up to 1", () => {
    const [one, other] = [randomSource(7), randomSource(7)];
    for (let draw = 0; draw < 1_000; draw++) {
      const number = one();
      expect(number).toBe(other());
      expect(number).toBeGreaterThanOrEqual(0);
      expect(number).toBeLessThan(1);
    }
  });

  it("hands out items without end", () => {
    const next = endless(["a", "b"]);
    expect([next(), next(), next()]).toEqual(["a", "b", "a"]);
    expect(() => endless([])).toThrow(RangeError);
  });
});
