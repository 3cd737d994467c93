import { existsSync, readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import { afterAll, expect, test } from "vitest";
import { deliver } from "../../lib/ingest/delivery.ts";
import { createReader } from "../../lib/ingest/reader.ts";
import { applySources, readSources } from "../../lib/ingest/source.ts";
import { projectPath } from "../../lib/project.ts";
import { eventsAfter, head } from "../catalog-builder.ts";
import { testDatabase } from "../database.ts";

const DATA = projectPath("..", "shared", "data", "spotify", "weekly");
const reader = createReader();
afterAll(() => reader.close());

type Row = { [column: string]: string };
const rows = (name: string): Row[] =>
  parse(readFileSync(`${DATA}/${name}`, "utf8"), { columns: true, bom: true });

/** What the mapping takes of a row for its track, as the chart has it. */
const said = ({ tid, track, duration_ms, explicit, track_popularity, artid }: Row) =>
  JSON.stringify([tid, track, duration_ms, explicit, track_popularity, artid]);

test.skipIf(!existsSync(DATA))(
  "of two weeks of a chart exactly the tracks that say something else change, with one event each",
  { timeout: 120_000 },
  async () => {
    const { sql } = await testDatabase();
    const config = [
      { source: "chart", type: "chart", format: "table", mapping: "weekly-chart.yaml" },
    ];
    const { writeFileSync, mkdtempSync } = await import("node:fs");
    const { tmpdir } = await import("node:os");
    const path = `${mkdtempSync(`${tmpdir()}/jukebase-weekly-`)}/sources.json`;
    writeFileSync(
      path,
      JSON.stringify({
        sources: config.map((each) => ({
          ...each,
          mapping: projectPath("mappings", each.mapping),
        })),
      }),
    );
    expect(await applySources(sql, await readSources(path))).toEqual([
      { source: "chart", outcome: "created", entities: 0 },
    ]);

    const [may = [], june = []] = ["2024week22may.csv", "2024week23jun.csv"].map(rows);
    const last = new Map(may.map((row) => [row.tid, row]));
    const next = new Map(june.map((row) => [row.tid, row]));
    const again = [...next.values()].filter(({ tid }) => last.has(tid));
    const changed = again.filter((row) => said(row) !== said(last.get(row.tid) as Row));

    const one = await deliver(sql, `${DATA}/2024week22may.csv`, { source: "chart", reader });
    const tracks = async () =>
      sql<{ id: string; version: number; juke_id: string }[]>`
        select r.source_record_id as id, r.version, m.juke_id
        from ingest.record r join identity.membership m using (record_id)
        where r.kind = 'track' order by 1`;
    expect((await tracks()).map(({ id }) => id)).toEqual([...last.keys()].sort());
    const before = await head(sql);
    const two = await deliver(sql, `${DATA}/2024week23jun.csv`, { source: "chart", reader });
    console.info(
      "weekly",
      again.length,
      "again,",
      changed.length,
      "say something else of the track;",
      JSON.stringify([one.records, two.records]),
    );

    const after = await tracks();
    expect(after.filter(({ version }) => version > 1).map(({ id }) => id)).toEqual(
      changed.map(({ tid }) => tid).sort(),
    );
    const events = (await eventsAfter(sql, before)).filter(({ kind }) => kind === "track");
    const news = after.filter(({ id }) => !last.has(id)).map(({ juke_id }) => juke_id);
    const changes = after.filter(({ version }) => version > 1).map(({ juke_id }) => juke_id);
    expect(events.map(({ juke_id }) => juke_id).sort()).toEqual([...news, ...changes].sort());

    const facts = await sql`
      select r.source_record_id as tid, t.title, t.duration_ms::text, t.explicit, e.display_name as artist
      from catalog.track t
      join identity.membership m using (juke_id)
      join ingest.record r using (record_id)
      join catalog.credit c on c.juke_id = t.juke_id and c.role = 'artist' and c.position = 1
      join catalog.entity e on e.juke_id = c.contributor_id`;
    const stated = new Map([...last, ...next]);
    for (const { tid, title, duration_ms, explicit } of facts) {
      const row = stated.get(tid);
      expect([title, duration_ms, explicit]).toEqual([
        row?.track,
        row?.duration_ms,
        row?.explicit === "True",
      ]);
    }
    expect(facts).toHaveLength(stated.size);
  },
);
