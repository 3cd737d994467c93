import { existsSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { afterAll, expect, test } from "vitest";
import { FormatError } from "../../formats/index.ts";
import { deliver } from "../../lib/ingest/delivery.ts";
import { createReader } from "../../lib/ingest/reader.ts";
import { projectPath } from "../../lib/project.ts";
import { eventsAfter, head } from "../catalog-builder.ts";
import { testDatabase } from "../database.ts";

const DATA = projectPath("..", "shared", "data");
const hasData = existsSync(DATA);
if (!hasData) console.warn(`skipped: there are no files in ${DATA}`);

const { sql } = await testDatabase();
const reader = createReader();
afterAll(() => reader.close());

/** The files that one source delivers, all of them below a folder: how many are taken, and how many are refused as a whole. */
type Folder = { folder: string; source?: string; taken: number; refused: number };
const FOLDERS: Folder[] = [
  { folder: "musicbrainz", taken: 23, refused: 17 },
  { folder: "discogs", taken: 4, refused: 0 },
  { folder: "ddex", source: "ddex", taken: 27, refused: 2 },
  { folder: "podcasts", source: "podcasts", taken: 52, refused: 498 },
  { folder: "books/onix", source: "onix", taken: 9, refused: 0 },
  { folder: "works", source: "cwr", taken: 4, refused: 0 },
  { folder: "spotify/api_json", source: "spotify", taken: 7, refused: 0 },
];

function files(folder: string): string[] {
  return readdirSync(join(DATA, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/readme|licen[sc]e/i.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

type Outcome = { taken: number; refused: string[]; records: number; quarantined: number };

async function deliverAll({ folder, source }: Folder): Promise<Outcome> {
  const outcome: Outcome = { taken: 0, refused: [], records: 0, quarantined: 0 };
  for (const file of files(folder)) {
    try {
      const result = await deliver(sql, file, { source, reader });
      outcome.taken += 1;
      outcome.records += result.records;
      outcome.quarantined += result.quarantined;
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      expect(error.hint).not.toBe("");
      outcome.refused.push(`${relative(DATA, file)}: ${error.code}`);
    }
  }
  return outcome;
}

test.skipIf(!hasData).for(FOLDERS)(
  "$folder: every file is taken or refused with a reason, and again nothing changes",
  { timeout: 600_000 },
  async (folder) => {
    const first = await deliverAll(folder);
    console.info(folder.folder, JSON.stringify({ ...first, refused: first.refused.length }));
    expect([first.taken, first.refused.length]).toEqual([folder.taken, folder.refused]);
    expect(first.taken + first.refused.length).toBe(files(folder.folder).length);
    expect(first.quarantined).toBe(0);
    expect(first.records).toBeGreaterThan(0);
    const before = await head(sql);
    const again = await deliverAll(folder);
    expect({ ...again, records: first.records }).toEqual(first);
    expect(await eventsAfter(sql, before)).toEqual([]);
  },
);
