import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type About, detectFormat, fileInput, readItems } from "../../formats/index.ts";
import { projectPath } from "../../lib/project.ts";
import type { LooseRecord } from "../catalog-builder.ts";
import { catalogState, undone } from "../catalog-state.ts";
import { testDatabase } from "../database.ts";

const DATA = projectPath("..", "shared", "data");
const hasData = existsSync(DATA);
if (!hasData) console.warn(`skipped: there are no files in ${DATA}`);

const { sql } = await testDatabase();

/**
 * Deliveries of which no two of a source state the same thing on the same day: of those the one that comes last counts, as somebody who
 * corrects a file expects.
 */
const FOLDERS: [source: string, folder: string, only?: RegExp][] = [
  ["ddex", "ddex/ern-43", /^\d/],
  ["fuga", "ddex/ern-371"],
  ["label", "ddex/ern-38"],
  ["onix", "books/onix", /^(onix2-multiple|Onix3.1-single-ref|single-book-onix2)/],
  ["spotify", "spotify/api_json", /^(album|multi|missing)/],
  ["musicbrainz", "musicbrainz", /^(artist|release)(_[a-z0-9]+)?\.json$/],
  ["podcasts", "podcasts", /^(narro|content-encoded|encoding)\.rss$/],
  ["podcasts", "podcasts/namespace"],
  ["cwr", "works"],
];

type Delivery = { source: string; file: string; about: About["about"]; records: LooseRecord[] };

async function read(source: string, file: string): Promise<Delivery | undefined> {
  const delivery: Delivery = { source, file, about: {}, records: [] };
  try {
    const { format } = await detectFormat(fileInput(file));
    for await (const item of readItems(format, fileInput(file))) {
      if ("about" in item) delivery.about = item.about;
      if ("record" in item) delivery.records.push(item.record as unknown as LooseRecord);
    }
  } catch {
    return undefined; // refused as a whole
  }
  return delivery;
}

/** What becomes of the deliveries in this order. */
function catalogOf(deliveries: Delivery[]): Promise<string[]> {
  return undone(sql, async (tx) => {
    for (const { source, file, about, records } of deliveries) {
      const [row] = await tx<{ id: string }[]>`
        select ingest.open_delivery(${source}, ${file}, 'test', sha256(${file}::bytea), 0) as id`;
      const id = row?.id ?? null;
      await tx`
        select ingest.describe_delivery(${id}, p_stated_at => ${about.statedAt ?? null}::text::timestamptz)`;
      await tx`select ingest.apply(${id}, ${tx.json(records as never)}, 1)`;
    }
    return (await catalogState(tx)).map((line) => line.replace(/^(membership \S+ \S+) .*/, "$1"));
  });
}

/** A shuffled copy; the same for the same seed. */
function shuffled<T>(items: T[], seed: number): T[] {
  let state = seed;
  const random = () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
  return items
    .map((item) => [random(), item] as const)
    .sort(([a], [b]) => a - b)
    .map(([, item]) => item);
}

test.skipIf(!hasData)(
  "real deliveries make the same catalog in ten random orders",
  { timeout: 600_000 },
  async () => {
    const deliveries: Delivery[] = [];
    for (const [source, folder, only = /./] of FOLDERS) {
      for (const name of readdirSync(join(DATA, folder)).sort()) {
        const delivery = only.test(name) && (await read(source, join(DATA, folder, name)));
        if (delivery) deliveries.push(delivery);
      }
    }
    const expected = await catalogOf(deliveries);
    expect(expected.length).toBeGreaterThan(1000);
    for (let seed = 1; seed <= 10; seed++) {
      expect(await catalogOf(shuffled(deliveries, seed))).toEqual(expected);
    }
  },
);
