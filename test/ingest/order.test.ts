import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { AnySql, LooseRecord } from "../catalog-builder.ts";
import { catalogState, undone } from "../catalog-state.ts";
import { testDatabase } from "../database.ts";

const { sql } = await testDatabase();

/** A delivery of a source: how old it says it is, and its batches with the position of the first record of each. */
type Delivery = {
  source: string;
  day: number | null;
  batches: { first: number; records: LooseRecord[] }[];
};

const TRACKS = ["t1", "t2", "t3"];
const SOURCES = ["one", "two", "musicbrainz"];

/**
 * What a source says of a track. Its own id is always the same, and the same thing has the same mbid in all sources: what is linked does
 * not depend on what comes first. The ISRC is shared by all, and the Spotify id is claimed by two of them.
 */
const said = (source: string) =>
  fc
    .tuple(
      fc.constantFrom(...TRACKS),
      fc.constantFrom("full", "full", "partial", "mention"),
      fc.record(
        {
          title: fc.constantFrom("A", "B", "C"),
          duration_ms: fc.nat(3),
          explicit: fc.boolean(),
          aliases: fc.constantFrom([{ name: "x" }], [{ name: "y" }, { name: "z" }]),
          credits: fc
            .subarray(["a1", "a2"])
            .map((ids) =>
              ids.map((id) => ({ contributor: { kind: "artist", id }, role: "artist" })),
            ),
        },
        { requiredKeys: [] },
      ),
      fc.subarray(["GBAYE6800001", "GBAYE6800002"]),
    )
    .map(
      ([id, scope, keys, isrc]): LooseRecord => ({
        kind: "track",
        id: `${source}-${id}`,
        scope,
        ids: { mbid: `${id.slice(1).repeat(8)}-1111-4111-8111-111111111111`, isrc },
        ...keys,
      }),
    );

const delivery = fc.constantFrom(...SOURCES).chain((source) =>
  fc.record({
    source: fc.constant(source),
    day: fc.option(fc.integer({ min: 1, max: 3 })),
    batches: fc
      .array(fc.array(said(source), { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 3 })
      .map((batches) => {
        let first = 1;
        return batches.map((records) => {
          first += records.length;
          return { first: first - records.length, records };
        });
      }),
  }),
);

/** Opens all deliveries, in their order, then applies their batches in that of `order`. */
async function run(deliveries: Delivery[], order: number[], forget = false): Promise<string[]> {
  return undone(sql, async (tx) => {
    const opened: number[] = [];
    for (const { source, day } of deliveries) opened.push(await open(tx, source, day));
    const batches = deliveries.flatMap((each, nth) =>
      each.batches.map((batch) => ({ ...batch, id: opened[nth] as number })),
    );
    for (const nth of order) {
      const { id, first, records } = batches[nth] as (typeof batches)[number];
      await tx`
        select ingest.apply(${id}, ${tx.json(records as never)}, ${forget ? null : first})`;
    }
    return (await catalogState(tx)).map((line) => line.replace(/^(membership \S+ \S+) .*/, "$1"));
  });
}

async function open(tx: AnySql, source: string, day: number | null): Promise<number> {
  const [row] = await tx`
    select ingest.open_delivery(${source}, 'test', 'ndjson', ${randomBytes(32)}, 0) as id`;
  await tx`
    update ingest.delivery
    set stated_at = ${day === null ? null : `2024-01-0${day}T00:00:00Z`}
    where delivery_id = ${row?.id}`;
  return Number(row?.id);
}

test("deliveries of several sources make the same catalog in whatever order their batches are applied", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(delivery, { minLength: 2, maxLength: 5 }).chain((deliveries) => {
        const batches = deliveries.flatMap(({ batches }) => batches).map((_, nth) => nth);
        const shuffled = fc.shuffledSubarray(batches, { minLength: batches.length });
        return fc.tuple(
          fc.constant(deliveries),
          fc.constant(batches),
          fc.array(shuffled, { minLength: 10, maxLength: 10 }),
        );
      }),
      async ([deliveries, inOrder, orders]) => {
        const expected = await run(deliveries, inOrder);
        for (const order of orders) expect(await run(deliveries, order)).toEqual(expected);
      },
    ),
    { numRuns: 6, endOnFailure: true },
  );
}, 280_000);
