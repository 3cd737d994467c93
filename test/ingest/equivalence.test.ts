import fc from "fast-check";
import { expect, test } from "vitest";
import { type AnySql, deliver, type LooseRecord, openDelivery } from "../catalog-builder.ts";
import { catalogState, undone } from "../catalog-state.ts";
import { testDatabase } from "../database.ts";

const { sql } = await testDatabase();

/** Few values, so that records share ids often. */
const SPOTIFY = ["1", "2", "3"].map((digit) => digit.repeat(22));
const MBIDS = ["1", "2"].map((digit) => `${digit.repeat(8)}-1111-4111-8111-111111111111`);
const ISRCS = ["GBAYE6800001", "GBAYE6800002"];

const ids = fc.record(
  {
    spotify: fc.constantFrom(...SPOTIFY),
    mbid: fc.constantFrom(...MBIDS),
    isrc: fc.subarray(ISRCS, { minLength: 1 }),
    deezer: fc.constantFrom("1", "2", "3"),
  },
  { requiredKeys: [] },
);

const record = (id: string) =>
  ids.map((its): LooseRecord => ({ kind: "track", id, title: `track ${id}`, ids: its }));

/** Some of the records a to f, with ids at random. */
const batch = fc
  .subarray(["a", "b", "c", "d", "e", "f"], { minLength: 1 })
  .chain((names) => fc.tuple(...names.map(record)));

const source = fc.constantFrom("one", "two", "musicbrainz");

async function apply(tx: AnySql, deliveryId: number, records: LooseRecord[]): Promise<void> {
  await tx`select * from ingest.apply(${deliveryId}, ${tx.json(records as never)})`;
}

test("a batch of new records is linked as if they had come one by one", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(source, batch), { maxLength: 2 }),
      batch,
      async (before, records) => {
        const run = (size: number) =>
          undone(sql, async (tx) => {
            for (const [name, earlier] of before) await deliver(tx, name, earlier);
            const deliveryId = await openDelivery(tx, "three");
            for (let at = 0; at < records.length; at += size) {
              await apply(tx, deliveryId, records.slice(at, at + size));
            }
            return catalogState(tx);
          });
        const [one, all] = [await run(1), await run(100)];
        expect(all).toEqual(one);
      },
    ),
    { numRuns: 80 },
  );
}, 180_000);

test("a batch that changes records, too, as long as none takes an id back", async () => {
  await fc.assert(
    fc.asyncProperty(batch, batch, batch, async (others, first, second) => {
      // What comes again keeps its ids and adds to them.
      const known = new Map(first.map((each) => [each.id, each.ids as object]));
      const again = second.map((each) => ({
        ...each,
        title: `${each.title} again`,
        ids: merged(known.get(each.id), each.ids as object),
      }));
      const run = (size: number) =>
        undone(sql, async (tx) => {
          const deliveryId = await openDelivery(tx, "two");
          await apply(tx, deliveryId, first);
          await deliver(tx, "one", others);
          // Records that are known come first: their numbers are lower.
          const ordered = [
            ...again.filter(({ id }) => known.has(id)),
            ...again.filter(({ id }) => !known.has(id)),
          ];
          for (let at = 0; at < ordered.length; at += size) {
            await apply(tx, deliveryId, ordered.slice(at, at + size));
          }
          return catalogState(tx);
        });
      expect(await run(100)).toEqual(await run(1));
    }),
    { numRuns: 50 },
  );
}, 180_000);

/** Both, every value a list. */
function merged(a: { [scheme: string]: string | string[] } | object = {}, b: object = {}) {
  const result: { [scheme: string]: string[] } = {};
  for (const [scheme, value] of [...Object.entries(a), ...Object.entries(b)]) {
    result[scheme] = [...new Set([...(result[scheme] ?? []), ...[value].flat()])];
  }
  return result;
}

/** A small discography of one source: every record has its own ids, and refers to others in both directions. */
const DISCOGRAPHY: LooseRecord[] = [
  {
    kind: "artist",
    id: "a1",
    name: "Radiohead",
    ids: { spotify: "a".repeat(22) },
    genres: genre("Rock"),
  },
  { kind: "artist", id: "a2", name: "Nigel Godrich", ids: { discogs: "12" } },
  { kind: "label", id: "l1", name: "Parlophone", parent: { kind: "label", id: "l2" } },
  { kind: "label", id: "l2", name: "EMI", parent: { kind: "label", id: "l1" } },
  { kind: "album", id: "al1", title: "OK Computer", credits: credits("a1") },
  {
    kind: "release",
    id: "r1",
    title: "OK Computer",
    album: { kind: "album", id: "al1" },
    labels: [{ label: { kind: "label", id: "l1" }, catalog_number: "NODATA 02" }],
    tracks: ["t1", "t2", "t3"].map((id, index) => ({
      disc: 1,
      position: index + 1,
      track: { kind: "track", id },
    })),
  },
  { kind: "track", id: "t1", title: "Airbag", ids: { isrc: ISRCS }, credits: credits("a1", "a2") },
  {
    kind: "track",
    id: "t2",
    title: "Paranoid Android",
    ids: { isrc: ISRCS[0] },
    credits: credits("a1"),
  },
  { kind: "track", id: "t1", scope: "mention", title: "Airbag (2009)", duration_ms: 1 },
  { kind: "track", id: "t3", scope: "mention", title: "Subterranean Homesick Alien" },
  { kind: "track", id: "t3", scope: "mention", title: "Subterranean" },
  { kind: "work", id: "w1", title: "Airbag", credits: credits("a3"), genres: genre("rock") },
  {
    kind: "genre",
    id: "rock",
    name: "Rock",
    ids: { genre: "Rock" },
    parents: [{ genre: { kind: "genre", id: "music" } }],
  },
  { kind: "video", id: "v1", title: "Airbag", track: { kind: "track", id: "t1" } },
];

function credits(...artists: string[]) {
  return artists.map((id) => ({ contributor: { kind: "artist", id }, role: "artist" }));
}
function genre(name: string) {
  return [{ genre: { kind: "genre", id: name.toLowerCase() } }];
}

test("the records of a source make the same catalog in any order and in batches of any size", async () => {
  const run = (records: readonly LooseRecord[], size: number) =>
    undone(sql, async (tx) => {
      const deliveryId = await openDelivery(tx, "one");
      for (let at = 0; at < records.length; at += size) {
        await apply(tx, deliveryId, records.slice(at, at + size));
      }
      return settled(await catalogState(tx));
    });
  const expected = await run(DISCOGRAPHY, 100);
  expect(expected.length).toBeGreaterThan(40);
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray(DISCOGRAPHY, { minLength: DISCOGRAPHY.length }),
      fc.integer({ min: 1, max: DISCOGRAPHY.length }),
      async (records, size) => {
        expect(await run(records, size)).toEqual(expected);
      },
    ),
    { numRuns: 30 },
  );
}, 180_000);

/** An ISRC that two recordings share is bound to the one that came first: that alone depends on the order. */
function settled(lines: string[]): string[] {
  return lines.filter((line) => !line.startsWith(`external_id isrc ${ISRCS[0]}`));
}

test("mentions fill the same gaps in whatever order, cut and repetition they arrive", async () => {
  const mention = fc.record(
    {
      title: fc.constantFrom("A", "B", "C"),
      duration_ms: fc.nat(3),
      explicit: fc.boolean(),
      aliases: fc.constantFrom([{ name: "x" }], [{ name: "y" }, { name: "z" }]),
      ids: fc.constantFrom({ deezer: "1" }, { isrc: ISRCS }),
    },
    { requiredKeys: ["title"] },
  );
  await fc.assert(
    fc.asyncProperty(
      fc
        .array(mention, { minLength: 1, maxLength: 5 })
        .chain((mentions) =>
          fc.tuple(
            fc.constant(mentions),
            fc.shuffledSubarray([...mentions, ...mentions], { minLength: mentions.length * 2 }),
            fc.integer({ min: 1, max: 5 }),
          ),
        ),
      async ([mentions, shuffled, size]) => {
        const run = (said: object[], step: number) =>
          undone(sql, async (tx) => {
            const deliveryId = await openDelivery(tx, "one");
            for (let at = 0; at < said.length; at += step) {
              const records = said
                .slice(at, at + step)
                .map(
                  (each): LooseRecord => ({ kind: "track", id: "t", scope: "mention", ...each }),
                );
              await apply(tx, deliveryId, records);
            }
            return catalogState(tx);
          });
        expect(await run(shuffled, size)).toEqual(await run(mentions, 100));
      },
    ),
    { numRuns: 30 },
  );
}, 180_000);
