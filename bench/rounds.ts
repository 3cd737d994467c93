import { performance } from "node:perf_hooks";
import { median } from "./statistics.ts";

/** One of the things that are compared. */
export type Arm = {
  /** Does its work once; returns the microseconds it took per unit (a call, a key, a row). */
  run(): Promise<number>;
};

/**
 * An arm that calls a function so many times, one after the other. `units` are done by each call. A tenth as
 * many calls come before and do not count: they bring back what the arm before has driven out of the caches.
 */
export function repeated(calls: number, call: () => Promise<unknown>, units = 1): Arm {
  return {
    run: async () => {
      for (let done = 0; done < Math.floor(calls / 10); done++) await call();
      const started = performance.now();
      for (let done = 0; done < calls; done++) await call();
      return ((performance.now() - started) * 1_000) / (calls * units);
    },
  };
}

/**
 * The order of so many arms in a turn (counted from 0): each odd turn is the one before it backwards, and
 * every second turn another arm begins, so that over the turns each stands in each place.
 */
export function orderOf(turn: number, arms: number): number[] {
  const first = Math.floor(turn / 2) % arms;
  const order = Array.from({ length: arms }, (_, index) => (index + first) % arms);
  return turn % 2 === 1 ? order.reverse() : order;
}

export type Schedule = {
  /** How many figures there are of each arm. */
  rounds: number;
  /** How often each arm runs in a round; the round's figure is the median. */
  turns: number;
  betweenRounds?: (() => Promise<void>) | undefined;
};

/**
 * Runs the arms in turns and returns what each took, round by round. Short turns let what else the machine
 * does fall on all arms alike. The first round is the warm-up and does not count.
 */
export async function interleave<Name extends string>(
  arms: Record<Name, Arm>,
  { rounds, turns, betweenRounds = async () => {} }: Schedule,
): Promise<Record<Name, number[]>> {
  const names = Object.keys(arms) as Name[];
  const taken = Object.fromEntries(
    names.map((name) => [name, [] as number[]]),
  ) as unknown as Record<Name, number[]>;
  for (let round = 0; round <= rounds; round++) {
    const turnsOf = names.map((): number[] => []);
    for (let turn = 0; turn < turns; turn++) {
      for (const index of orderOf(round * turns + turn, names.length)) {
        turnsOf[index]?.push(await arms[names[index] as Name].run());
      }
    }
    for (const [index, name] of names.entries()) {
      if (round > 0) taken[name].push(median(turnsOf[index] as number[]));
    }
    await betweenRounds();
  }
  return taken;
}
