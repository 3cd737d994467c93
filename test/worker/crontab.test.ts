import { readdirSync, readFileSync } from "node:fs";
import { parseCrontab } from "graphile-worker";
import { expect, test } from "vitest";
import { projectPath } from "../../lib/project.ts";

/** The names of the tasks in tasks/, as a job names them: descriptor/refresh. */
const tasks = readdirSync(projectPath("tasks"), { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .map((name) => name.slice(0, -".ts".length).replaceAll("\\", "/"));

const items = parseCrontab(readFileSync(projectPath("crontab"), "utf8"));

test("the crontab is understood and names only tasks that there are", () => {
  expect(items.length).toBeGreaterThan(0);
  expect(tasks.length).toBeGreaterThan(0);
  for (const { task } of items) expect(tasks).toContain(task);
});

test("each of its lines has a name of its own, and is queued once however long it waits", () => {
  const identifiers = items.map(({ identifier }) => identifier);
  expect(new Set(identifiers).size).toBe(items.length);
  for (const { options } of items) expect(options.jobKey).toBeTruthy();
});

test.each(tasks)("%s is a task: a function and no more", async (name) => {
  const module = await import(projectPath("tasks", `${name}.ts`));
  expect(Object.keys(module)).toEqual(["default"]);
  expect(module.default).toBeTypeOf("function");
});
