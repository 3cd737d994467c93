import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { estimate, isVoid, median, quantile, ratios } from "../../bench/statistics.ts";

const measured = fc.array(fc.double({ min: 0.1, max: 10, noNaN: true }), {
  minLength: 1,
  maxLength: 30,
});

describe("median", () => {
  it("is the middle value, or the mean of the two in the middle", () => {
    expect(median([7, 1, 3])).toBe(3);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([5])).toBe(5);
  });

  it("leaves the values in their order", () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });

  it("refuses no values", () => {
    expect(() => median([])).toThrow(RangeError);
  });
});

describe("quantile", () => {
  it("interpolates between neighbours", () => {
    expect(quantile([10, 20, 30, 40, 50], 0.25)).toBe(20);
    expect(quantile([10, 20], 0.25)).toBe(12.5);
    expect(quantile([10, 20, 30], 0)).toBe(10);
    expect(quantile([10, 20, 30], 1)).toBe(30);
  });
});

describe("ratios", () => {
  it("divides round by round", () => {
    expect(ratios([2, 9], [1, 3])).toEqual([2, 3]);
  });

  it("refuses arms that differ in rounds", () => {
    expect(() => ratios([1], [1, 2])).toThrow(RangeError);
  });
});

describe("estimate", () => {
  it("gives the same interval for the same values", () => {
    const values = [1.02, 0.97, 1.1, 1.01, 0.99, 1.05, 0.95];
    expect(estimate(values)).toEqual(estimate(values));
  });

  it("holds the median in an interval within the values", () => {
    fc.assert(
      fc.property(measured, (values) => {
        const {
          value,
          interval: [low, high],
        } = estimate(values, 200);
        expect(low).toBeLessThanOrEqual(value);
        expect(high).toBeGreaterThanOrEqual(value);
        expect(low).toBeGreaterThanOrEqual(Math.min(...values));
        expect(high).toBeLessThanOrEqual(Math.max(...values));
      }),
      { numRuns: 50 },
    );
  });

  it("is certain of values that are all equal", () => {
    expect(estimate([1.5, 1.5, 1.5, 1.5])).toEqual({ value: 1.5, interval: [1.5, 1.5] });
  });

  it("is not led astray by one disturbed round", () => {
    const calm = [0.99, 1, 1.01, 1, 0.99, 1.01, 1, 1, 0.99, 1.01, 1];
    const { value, interval } = estimate([...calm, 40]);
    expect(value).toBeCloseTo(1, 2);
    expect(interval[1]).toBeLessThan(1.05);
  });

  it("narrows with the number of rounds", () => {
    const few = Array.from({ length: 8 }, (_, round) => 1 + (round % 4) / 10);
    const many = Array.from({ length: 80 }, (_, round) => 1 + (round % 4) / 10);
    const width = ({ interval: [low, high] }: ReturnType<typeof estimate>) => high - low;
    expect(width(estimate(many))).toBeLessThanOrEqual(width(estimate(few)));
  });
});

describe("a run", () => {
  it("counts when the control's interval lies in [0.95, 1.05]", () => {
    expect(isVoid({ value: 1, interval: [0.98, 1.02] })).toBe(false);
    expect(isVoid({ value: 1, interval: [0.95, 1.05] })).toBe(false);
  });

  it("is void when the control's interval leaves them, on either side", () => {
    expect(isVoid({ value: 1, interval: [0.949, 1.02] })).toBe(true);
    expect(isVoid({ value: 1, interval: [0.98, 1.051] })).toBe(true);
    expect(isVoid({ value: 1.2, interval: [1.18, 1.22] })).toBe(true);
  });

  it("is void when the control is no number", () => {
    expect(isVoid({ value: Number.NaN, interval: [Number.NaN, Number.NaN] })).toBe(true);
  });
});
