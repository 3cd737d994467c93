import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { exitCodes } from "../../lib/problem.ts";
import { projectPath } from "../../lib/project.ts";

const reference = readFileSync(projectPath("docs/reference/errors.md"), "utf8");
const rows = [...reference.matchAll(/^\| (JB\d{3})(?: \((\d+)\))? \|/gm)];

test("docs/reference/errors.md lists every code of the repository, once, and no other", () => {
  const used = new Set<string>();
  for (const folder of ["commands", "formats", "lib", "migrations", "sql", "tasks"]) {
    for (const name of readdirSync(projectPath(folder), { recursive: true, encoding: "utf8" })) {
      if (!/\.(ts|sql)$/.test(name)) continue;
      const text = readFileSync(projectPath(folder, name), "utf8");
      for (const [code] of text.matchAll(/\bJB\d{3}\b/g)) used.add(code);
    }
  }
  expect(rows.map(([, code]) => code)).toEqual([...used].sort());
});

test("the exit codes there are those of lib/problem.ts", () => {
  const listed = rows.flatMap(([, code, exit]) => (exit ? [[code, Number(exit)]] : []));
  expect(Object.fromEntries(listed)).toEqual(exitCodes);
});
