import type { Result } from "./bench.ts";
import type { DataSet } from "./dataset.ts";
import { round } from "./machine.ts";
import type { Estimate } from "./statistics.ts";

/** One line of `--json`. `control` is the ratio of the baseline to itself; its interval is in the details. */
export function jsonLine(
  result: Result,
  data: DataSet,
  surroundings: Record<string, unknown>,
): string {
  const { bench, ratio, control } = result;
  return JSON.stringify({
    name: bench.name,
    ratio: round(ratio.value, 4),
    ci: interval(ratio),
    control: round(control.value, 4),
    rows: data.externalIds,
    detail: {
      title: bench.title,
      goal: bench.goal,
      meets_goal: result.meetsGoal,
      void: result.isVoid,
      control_ci: interval(control),
      rounds: result.rounds,
      unit: bench.unit,
      baseline_us: round(result.baselineMicroseconds, 2),
      subject_us: round(result.subjectMicroseconds, 2),
      others: Object.fromEntries(
        Object.entries(result.others).map(([name, other]) => [
          name,
          {
            us: round(other.microseconds, 2),
            ratio: round(other.ratio.value, 4),
            ci: interval(other.ratio),
          },
        ]),
      ),
      ...result.facts,
      entities: data.entities,
      ...surroundings,
    },
  });
}

/** The lines for people: one per result, further figures indented below it. */
export function table(results: Result[]): string {
  const rows = results.flatMap((result) => {
    const { bench, ratio, control } = result;
    const head = [
      bench.name,
      `${result.subjectMicroseconds.toFixed(2)} µs`,
      ratio.value.toFixed(3),
      bracketed(ratio),
      `${control.value.toFixed(3)} ${bracketed(control)}`,
      `≤ ${bench.goal}`,
      verdict(result),
    ];
    const others = Object.entries(result.others).map(([name, other]) => [
      `  ${name}`,
      `${other.microseconds.toFixed(2)} µs`,
      other.ratio.value.toFixed(3),
      bracketed(other.ratio),
      "",
      "",
      "",
    ]);
    const baseline = ["  baseline", `${result.baselineMicroseconds.toFixed(2)} µs`];
    return [head, [...baseline, "1", "", "", "", `per ${bench.unit}`], ...others];
  });
  const header = ["bench", "median", "ratio", "95 % CI", "control", "goal", ""];
  return aligned([header, ...rows]);
}

function verdict(result: Result): string {
  if (result.isVoid) return "void: the control leaves [0.95, 1.05]; run again";
  return result.meetsGoal ? "met" : "missed";
}

function interval({ interval: [low, high] }: Estimate): [number, number] {
  return [round(low, 4), round(high, 4)];
}

function bracketed({ interval: [low, high] }: Estimate): string {
  return `[${low.toFixed(3)}, ${high.toFixed(3)}]`;
}

function aligned(rows: string[][]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? "").length)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
