import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { loadMapping } from "../../formats/index.ts";
import mappingSchema from "../../formats/mapping.schema.json" with { type: "json" };
import { table } from "../../formats/table.ts";
import { projectPath } from "../../lib/project.ts";
import { read } from "./items.ts";

const page = (path: string) => readFileSync(projectPath(`docs/reference/${path}`), "utf8");
const block = (text: string, language: string) =>
  new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(text)?.[1] ?? "";

test("the mapping of the reference is usable and does what it says", async () => {
  const mapping = loadMapping(parse(block(page("mapping.md"), "yaml")));
  const text = [
    "ISRC;Deleted;Title;Length;Released;Styles;Artists",
    "GBAYE6800011;no; Song ;3:45;4/26/2024;Pop, Rock;Anna & Bo",
    "GBAYE6800012;yes;Gone;1:00;2024-01-01;;Anna",
    "GBAYE6800013;no;;1:00;2024-01-01;;Anna",
  ].join("\n");
  const { records, refused } = await read(table, text, mapping);
  expect(records.filter(({ kind }) => kind === "track")).toEqual([
    {
      kind: "track",
      id: "GBAYE6800011",
      ids: { isrc: "GBAYE6800011" },
      title: "Song",
      duration_ms: 225_000,
      first_release_date: "2024-04-26",
      genres: [{ genre: { kind: "genre", id: "pop" } }, { genre: { kind: "genre", id: "rock" } }],
      credits: [
        { contributor: { kind: "artist", id: "anna" }, role: "artist", position: 1 },
        { contributor: { kind: "artist", id: "bo" }, role: "artist", position: 2 },
      ],
    },
  ]);
  expect(refused).toEqual([expect.stringContaining("title: it is required")]);
});

test("the table of the reference is of our own shape", async () => {
  const { records, refused, error } = await read(table, block(page("formats/table.md"), "csv"));
  expect([refused, error]).toEqual([[], undefined]);
  expect(
    records.filter(({ kind }) => kind !== "genre").map(({ kind, id }) => `${kind} ${id}`),
  ).toEqual(["artist a1", "track t1", "release r1"]);
});

test("every step of the schema is explained", () => {
  const text = page("mapping.md");
  const steps = mappingSchema.$defs.step.anyOf.flatMap((step) =>
    "enum" in step && step.enum
      ? step.enum
      : Object.keys(("properties" in step && step.properties) || {}).slice(0, 1),
  );
  expect(steps.length).toBeGreaterThan(20);
  for (const step of steps) expect(text).toMatch(new RegExp(`\`\\{? ?${step}\\b`));
});
