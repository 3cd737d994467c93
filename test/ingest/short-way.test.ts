import fc from "fast-check";
import { expect, test } from "vitest";
import { type AnySql, deliver, type LooseRecord, openDelivery } from "../catalog-builder.ts";
import { catalogState, undone } from "../catalog-state.ts";
import { testDatabase } from "../database.ts";

const { sql } = await testDatabase();

/** The functions that know every case, called one after the other: what `ingest.apply` may shorten, and has to equal. */
async function applyTheLongWay(tx: AnySql, deliveryId: number, records: LooseRecord[]) {
  await tx`
    with stored as materialized (
      select * from ingest.store(${deliveryId}, ${tx.json(records as never)})
    ),
    linked as materialized (
      select l.*
      from stored s
      cross join lateral identity.link(
        s.record_ids || array(select a.record_id from unnest(s.arrivals) a)
      ) l
    )
    select catalog.project(l.juke_ids) from linked l`;
}

const reference = (kind: string, ...ids: string[]) =>
  fc.constantFrom(...ids).map((id) => ({ kind, id }));
const optional = <T extends object>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record(model, { requiredKeys: [] } as never);

const ids = optional({
  spotify: fc.constantFrom("1".repeat(22), "2".repeat(22), "no id"),
  mbid: fc.constantFrom(...["1", "2"].map((d) => `${d.repeat(8)}-1111-4111-8111-111111111111`)),
  isrc: fc.subarray(["GBAYE6800001", "gb-aye-68-00002", "GBAYE6800002"]),
});
const common = {
  ids,
  aliases: fc.array(
    optional({ name: fc.constantFrom("A", "B"), locale: fc.constantFrom("en", "de") }).map(
      (a: object) => ({ name: "C", ...a }),
    ),
    { maxLength: 2 },
  ),
  genres: fc.array(fc.record({ genre: reference("genre", "rock", "pop") }), { maxLength: 2 }),
  credits: fc.array(
    fc.record({ contributor: reference("artist", "a1", "a2", "a3"), role: fc.constant("artist") }),
    { maxLength: 2 },
  ),
  images: fc.constantFrom([{ url: "https://example.com/1", width: 3 }]),
  unknown_to_the_catalog: fc.constantFrom<unknown>([1], { a: 1 }, "x", null),
};

const ofKind = {
  track: optional({
    ...common,
    title: fc.constantFrom("T", null as never),
    name: fc.constant("no title"),
    duration_ms: fc.nat(3),
    first_release_date: fc.constant("1997-05"),
    works: fc.array(fc.record({ work: reference("work", "w1") }), { maxLength: 1 }),
  }),
  artist: optional({ ...common, name: fc.constant("N"), title: fc.constant("no name") }),
  release: optional({
    ...common,
    title: fc.constant("R"),
    status: fc.constantFrom("official", "bootleg"),
    album: reference("album", "al1"),
    labels: fc.array(fc.record({ label: reference("label", "l1", "l2") }), { maxLength: 2 }),
    media: fc.constant([{ disc: 1, format: "CD" }]),
    tracks: fc.array(
      fc.record({
        disc: fc.constant(1),
        position: fc.nat(2),
        track: reference("track", "t1", "t2"),
      }),
      { maxLength: 3 },
    ),
    release_events: fc.constant([{ country: "GB" }, { country: "GB" }, { date: "1997" }]),
  }),
  label: optional({
    ...common,
    name: fc.constant("L"),
    label_code: fc.integer({ min: 1, max: 9 }),
    parent: reference("label", "l1", "l2"),
  }),
  album: optional({ ...common, title: fc.constant("AL"), secondary_types: fc.constant(["live"]) }),
  genre: optional({
    name: fc.constant("Rock"),
    parents: fc.array(fc.record({ genre: reference("genre", "music", "rock") }), { maxLength: 2 }),
  }),
};

const names = {
  track: ["t1", "t2", "t3"],
  artist: ["a1", "a2"],
  release: ["r1", "r2"],
  label: ["l1", "l2"],
  album: ["al1"],
  genre: ["rock"],
};

const record = fc
  .constantFrom(...(Object.keys(ofKind) as (keyof typeof ofKind)[]))
  .chain((kind) =>
    fc
      .tuple(
        fc.constantFrom(...names[kind]),
        fc.constantFrom("full", "full", "partial", "mention"),
        ofKind[kind] as fc.Arbitrary<object>,
      )
      .map(([id, scope, said]): LooseRecord => ({ ...said, kind, id, scope })),
  );

test("the short way of new records comes to the same as the long way", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(record, { maxLength: 4 }),
      fc.array(record, { minLength: 1, maxLength: 8 }),
      async (before, records) => {
        const run = (apply: (tx: AnySql, id: number, said: LooseRecord[]) => Promise<unknown>) =>
          undone(sql, async (tx) => {
            await deliver(tx, "one", before);
            const again = await openDelivery(tx, "one");
            await apply(tx, again, records.slice(0, 3));
            const other = await openDelivery(tx, "musicbrainz");
            await apply(tx, other, records);
            return { catalog: await catalogState(tx), events: await eventsOf(tx) };
          });
        const long = await run(applyTheLongWay);
        const short = await run(
          (tx, id, said) => tx`select ingest.apply(${id}, ${tx.json(said as never)})`,
        );
        expect(short).toEqual(long);
      },
    ),
    { numRuns: 100 },
  );
}, 240_000);

/** How many events there are of what sort: those of new entities have no names. */
async function eventsOf(tx: AnySql) {
  return [
    ...(await tx`
      select v.kind, v.op, v.version, v.changed is null as is_new, count(*)::int
      from feed.event v
      where v.xid = pg_current_xact_id()
      group by 1, 2, 3, 4
      order by 1, 2, 3, 4`),
  ];
}
