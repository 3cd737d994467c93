import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ingestSample } from "../../lib/ingest/sample.ts";
import { projectPath } from "../../lib/project.ts";
import { testApi } from "../api/server.ts";

const { ask } = await testApi(async ({ sql }) => {
  await ingestSample(sql);
  await sql`select descriptor.refresh(100000)`;
});

const page = readFileSync(projectPath("docs/reference/graphql.md"), "utf8");
const examples = page.matchAll(
  /```graphql\n(.*?)```\n(?:\n```json variables\n(.*?)```\n)?\n```json\n(.*?)```/gs,
);

/** Keys are minted anew each time, and the cursor of a feed is of its cluster. */
function comparable(answer: unknown): unknown {
  const text = JSON.stringify(answer)
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g, "key")
    .replaceAll(/\d+\.\d+\/(?:o\d+|\d+:\d+:)[^"]*/g, "cursor");
  return JSON.parse(text);
}

describe("docs/reference/graphql.md shows the answer to", () => {
  for (const [, query = "", variables, answer = ""] of examples) {
    test(query.replaceAll(/\s+/g, " ").slice(0, 80), async () => {
      const { status: _, ...given } = await ask(query, variables && JSON.parse(variables));
      expect(comparable(given)).toEqual(comparable(JSON.parse(answer)));
    });
  }
});
