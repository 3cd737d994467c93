import { expect, test } from "vitest";
import { describeError, exitCodes, Problem } from "../../lib/problem.ts";

test("a problem is told in one sentence with its code, then detail and hint", () => {
  const problem = new Problem({
    code: "JB003",
    message: "the database does not answer",
    detail: "first\nsecond",
    hint: "start it",
  });
  expect(describeError(problem)).toBe(
    [
      "jukebase: the database does not answer (JB003)",
      "  detail: first",
      "    second",
      "  hint: start it",
    ].join("\n"),
  );
});

test("an unexpected error is told without its stack, unless debugging", () => {
  const bug = new TypeError("x is not a function");
  expect(describeError(bug)).not.toContain("problem.test.ts");
  expect(describeError(bug)).toContain("unexpected error: x is not a function");
  expect(describeError(bug, true)).toContain("problem.test.ts");
});

test("an error without a message is told by its code", () => {
  const error = Object.assign(new AggregateError([]), { code: "ECONNREFUSED" });
  expect(describeError(error)).toContain("unexpected error: ECONNREFUSED");
});

test("each code has an exit code of its own that no shell or signal uses", () => {
  const codes = Object.values(exitCodes);
  expect(new Set(codes).size).toBe(codes.length);
  for (const code of codes) expect(code > 2 && code < 126).toBe(true);
});
