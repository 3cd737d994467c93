import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ingestSample } from "../../lib/ingest/sample.ts";
import { projectPath } from "../../lib/project.ts";
import { testApi } from "../api/server.ts";

const { address, sql } = await testApi(async (database) => {
  await ingestSample(database.sql);
});

const page = readFileSync(projectPath("docs/reference/http.md"), "utf8");
const [section = ""] = page.split(/^(?=## )/m).filter((each) => each.startsWith("## Entities\n"));
const examples = section.matchAll(/```sh\ncurl (.*?)\n```\n\n```(json|http)\n(.*?)```/gs);

const KEY = /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g;
/** Keys are minted anew each time. */
const comparable = (text: string) => text.replaceAll(KEY, "key");

describe("docs/reference/http.md shows the answer to", () => {
  for (const [, command = "", format, answer = ""] of examples) {
    test(`curl ${command.slice(0, 80)}`, async () => {
      const [, path = ""] = /localhost:5678(\S+)/.exec(command) ?? [];
      const [, name = "accept", value = "*/*"] = /-H '(.*?): (.*?)'/.exec(command) ?? [];
      const [artist] = await sql`select juke_id from catalog.artist where name = 'Radiohead'`;
      const response = await fetch(address + path, {
        method: command.startsWith("-I ") ? "HEAD" : "GET",
        headers: { [name]: value.replaceAll(KEY, artist?.juke_id) },
      });
      if (format === "json") {
        expect(JSON.parse(comparable(await response.text()))).toEqual(
          JSON.parse(comparable(answer)),
        );
        return;
      }
      const [status = "", ...lines] = answer.trim().split("\n");
      expect(`HTTP/1.1 ${response.status} ${response.statusText}`).toBe(status);
      for (const line of lines) {
        const header = line.slice(0, line.indexOf(":"));
        expect(comparable(`${header}: ${response.headers.get(header)}`)).toBe(comparable(line));
      }
    });
  }
});
