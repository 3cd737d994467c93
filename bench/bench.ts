import type { Sql } from "postgres";
import { type Arm, interleave } from "./rounds.ts";
import { type Estimate, estimate, isVoid, median, ratios } from "./statistics.ts";

/** A comparison: how much longer the subject takes than the baseline. */
export type Bench = {
  name: string;
  /** One line: what is divided by what. */
  title: string;
  /** The ratio to stay at or below. */
  goal: number;
  rounds: number;
  /** How often each arm runs in a round. */
  turns: number;
  /** What the microseconds of the details are per: call, key, row. */
  unit: string;
  /** `url`: of the database, for benches with connections of their own. */
  prepare(sql: Sql, url: string): Promise<Comparison>;
};

export type Comparison = {
  baseline: Arm;
  subject: Arm;
  /** Further arms; each is reported as a ratio to the baseline. */
  others?: Record<string, Arm>;
  betweenRounds?: () => Promise<void>;
  /** Facts to report beside the figures: sizes, plans. */
  facts?: Record<string, unknown>;
  /** Facts that only the rounds can tell. */
  measured?: () => Record<string, unknown>;
  /** Undoes what the preparation changed. */
  cleanUp?: () => Promise<void>;
};

export type Result = {
  bench: Bench;
  ratio: Estimate;
  /** The baseline against itself. */
  control: Estimate;
  isVoid: boolean;
  meetsGoal: boolean;
  rounds: number;
  /** Median microseconds per unit. */
  baselineMicroseconds: number;
  subjectMicroseconds: number;
  others: Record<string, { microseconds: number; ratio: Estimate }>;
  facts: Record<string, unknown>;
};

/** Runs a bench on a database that holds the data set. The baseline is measured twice: as itself and as control. */
export async function runBench(
  bench: Bench,
  { sql, url }: { sql: Sql; url: string },
  rounds = bench.rounds,
): Promise<Result> {
  const comparison = await bench.prepare(sql, url);
  const { baseline, subject, others = {}, betweenRounds, facts, measured } = comparison;
  const schedule = { rounds, turns: bench.turns, betweenRounds };
  try {
    const main = await interleave({ baseline, subject, control: baseline }, schedule);
    // Heavier arms beside these three would slow down whichever comes after them.
    const further: Record<string, number[]> = await interleave({ ...others, baseline }, schedule);
    const ratio = estimate(ratios(main.subject, main.baseline));
    const control = estimate(ratios(main.control, main.baseline));
    return {
      bench,
      ratio,
      control,
      isVoid: isVoid(control),
      meetsGoal: ratio.value <= bench.goal,
      rounds,
      baselineMicroseconds: median(main.baseline),
      subjectMicroseconds: median(main.subject),
      others: Object.fromEntries(
        Object.keys(others).map((name) => {
          const took = further[name] as number[];
          return [
            name,
            {
              microseconds: median(took),
              ratio: estimate(ratios(took, further.baseline as number[])),
            },
          ];
        }),
      ),
      facts: { ...facts, ...measured?.() },
    };
  } finally {
    await comparison.cleanUp?.();
  }
}
