import { randomSource } from "./random.ts";

/** A figure with its 95 % confidence interval. */
export type Estimate = { value: number; interval: Interval };
export type Interval = [low: number, high: number];

/** Where the interval of the control must lie for a run to count. */
export const controlBounds: Interval = [0.95, 1.05];

/** The middle value, or the mean of the two in the middle. Raises RangeError when there is none. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The value below which the given share (0 to 1) of the values lies, interpolated between neighbours. */
export function quantile(values: readonly number[], share: number): number {
  if (values.length === 0) throw new RangeError("no values");
  return sortedQuantile(
    values.toSorted((a, b) => a - b),
    share,
  );
}

/** The quotient of two arms round by round. Raises RangeError when the rounds are not the same number. */
export function ratios(subject: readonly number[], baseline: readonly number[]): number[] {
  if (subject.length !== baseline.length) throw new RangeError("the arms differ in rounds");
  return subject.map((value, round) => value / (baseline[round] as number));
}

/**
 * The median of the values and its 95 % bootstrap interval (percentile method, Efron 1979): the medians of
 * `resamples` samples drawn with replacement. The same values give the same interval: the draws are seeded.
 */
export function estimate(values: readonly number[], resamples = 10_000): Estimate {
  const random = randomSource(values.length);
  const medians = Array.from({ length: resamples }, () => {
    const sample = values.map(() => values[Math.floor(random() * values.length)] as number);
    return median(sample);
  }).sort((a, b) => a - b);
  return {
    value: median(values),
    interval: [sortedQuantile(medians, 0.025), sortedQuantile(medians, 0.975)],
  };
}

/** True when the control's interval leaves [0.95, 1.05]: what the run measured is noise. */
export function isVoid(control: Estimate): boolean {
  const [low, high] = control.interval;
  return !(low >= controlBounds[0] && high <= controlBounds[1]);
}

function sortedQuantile(sorted: readonly number[], share: number): number {
  const position = (sorted.length - 1) * share;
  const below = sorted[Math.floor(position)] as number;
  const above = sorted[Math.ceil(position)] as number;
  return below + (above - below) * (position - Math.floor(position));
}
