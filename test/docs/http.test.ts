import { once } from "node:events";
import { readFileSync } from "node:fs";
import { type IncomingMessage, request } from "node:http";
import { pino } from "pino";
import { afterAll, describe, expect, test } from "vitest";
import { ingestSample } from "../../lib/ingest/sample.ts";
import { projectPath } from "../../lib/project.ts";
import { startNotifier } from "../../lib/worker/notifier.ts";
import { testApi } from "../api/server.ts";

const { address, sql, url } = await testApi(async (database) => {
  await ingestSample(database.sql);
});
afterAll(startNotifier(url, pino({ level: "silent" })));
const [artist] = await sql`select juke_id from catalog.artist where name = 'Radiohead'`;

const page = readFileSync(projectPath("docs/reference/http.md"), "utf8");
const examples = page.matchAll(/```sh\ncurl (.*?)\n```\n\n```(json|http)\n(.*?)```/gs);
/** Answers that are long, or do not end: some lines of them, under the command. */
const streams = page.matchAll(/```\n\$ curl (.*?)\n(.*?)\n```/gs);

const KEY = /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g;
/** Keys, cursors and times are others each time. */
const comparable = (text: string) =>
  text
    .replaceAll(KEY, "key")
    .replaceAll(/\b\d{10,}\.\d+\/o\d+\/[\d:,/]*\/[0-9a-f]{8}\b/g, "cursor from nothing")
    .replaceAll(/\b\d{10,}\.\d+\/\d+:\d+:[\d:,/]*\/[0-9a-f]{8}\b/g, "cursor")
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+\+00:00/g, "time");

/** What curl would ask for. */
const asked = (command: string) => {
  const [, path = ""] = /localhost:5678([^\s']+)/.exec(command) ?? [];
  const [, name = "accept", value = "*/*"] = /-H '(.*?): (.*?)'/.exec(command) ?? [];
  const headers = { [name]: value.replaceAll(KEY, artist?.juke_id) };
  return { href: address + path, headers, method: command.startsWith("-I ") ? "HEAD" : "GET" };
};

describe("docs/reference/http.md shows the answer to", () => {
  for (const [, command = "", format, answer = ""] of examples) {
    test(`curl ${command.slice(0, 80)}`, async () => {
      const { href, ...options } = asked(command);
      const response = await fetch(href, options);
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

  for (const [, command = "", answer = ""] of streams) {
    test(`curl ${command.slice(0, 80)}`, async () => {
      const shown = answer.split("\n");
      const { href, headers } = asked(command);
      // A connection of its own, gone with the answer.
      const sent = request(href, { headers, agent: false }).end();
      const [response] = (await once(sent, "response")) as [IncomingMessage];
      response.setEncoding("utf8");
      let text = "";
      let edited = false;
      for await (const chunk of response) {
        text += chunk;
        if (!command.includes("event-stream") || !text.includes("id: ")) continue;
        if (!edited) {
          edited = true;
          await sql.begin(async (transaction) => {
            await transaction`select set_config('jukebase.actor', 'Ada', true)`;
            await transaction`select catalog.edit(${artist?.juke_id}, '{"sort_name": "Radio Head"}')`;
          });
        }
        // The sign of life, which is shown after it, takes 15 s.
        if (/^data: .*\n\n/m.test(text)) break;
      }
      const lines = text.trimEnd().split("\n");
      if (edited) shown.splice(shown.indexOf(":") - 1);
      const left = shown.indexOf("…");
      if (left > 0) lines.splice(left, lines.length - shown.length + 1, "…");
      expect(lines.length).toBe(shown.length);
      for (const [nth, line] of shown.entries()) {
        const [beginning = ""] = comparable(line).split("…", 1);
        expect(comparable(lines[nth] ?? "").slice(0, beginning.length)).toBe(beginning);
        if (!line.includes("…")) expect(comparable(lines[nth] ?? "")).toBe(beginning);
      }
    });
  }
});
