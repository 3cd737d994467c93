import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type AnySql,
  deliver,
  entityOf,
  eventsAfter,
  failure,
  head,
  type LooseRecord,
} from "../catalog-builder.ts";
import { undone } from "../catalog-state.ts";
import { testDatabase } from "../database.ts";
import { difference, exactState } from "../identity/exact-state.ts";
import { parts, ref } from "./projection-builder.ts";
import { answer, type Holder, type Question, type Term } from "./rights-model.ts";

const { sql } = await testDatabase();

const keyOf = async (db: AnySql, kind: string, id: string, source = "label") =>
  (await entityOf(db, source, kind, id)) ?? expect.fail(`no ${kind} ${id}`);

type Answer = {
  streamable: boolean;
  reasons: string;
  held_by: string | null;
  position: number | null;
  juke_id: string | null;
};

async function ask(
  db: AnySql,
  jukeId: string,
  territory: string,
  at = "2026-06-01T00:00:00Z",
  usage = "Stream",
): Promise<Answer> {
  const [row] = await db<[Answer]>`
    select r.*, r.reasons::text from catalog.is_streamable(${jukeId}, ${territory}, ${at}, ${usage}) r`;
  return row;
}

/** The track t on the releases r1, r2…, with these terms. */
const world = (releases: object[], track: object = {}): LooseRecord[] => [
  { kind: "track", id: "t", title: "T", ...track },
  ...releases.map((release, n) => ({
    kind: "release" as const,
    id: `r${n + 1}`,
    title: `R${n + 1}`,
    tracks: [{ disc: 1, position: 1, track: ref("track", "t") }],
    ...release,
  })),
];

/** Delivers the records, asks for the track, and leaves nothing behind. */
const asked = (records: LooseRecord[], territory: string, at?: string, usage?: string) =>
  undone(sql, async (tx) => {
    await deliver(tx, "label", records);
    const { streamable, reasons, held_by, position } = await ask(
      tx,
      await keyOf(tx, "track", "t"),
      territory,
      at,
      usage,
    );
    const [holder] = await tx`select display_name from catalog.entity where juke_id = ${held_by}`;
    return [streamable, reasons, holder?.display_name ?? null, position];
  });

describe("the terms in the catalog", () => {
  test("are those of the best source that gives any list; everywhere is null, days are moments, codes are today's", async () => {
    const ids = { isrc: "GBAYE6800011" };
    const terms = await undone(sql, async (tx) => {
      await deliver(tx, "label", [
        {
          kind: "track",
          id: "t",
          title: "T",
          ids,
          rights: [
            {
              territories: ["UK", "DE", "CA-QC", "DE"],
              usages: ["Stream", "Download"],
              commercial_models: ["SubscriptionModel"],
              valid_from: "2026-01-01",
              valid_until: "2026-03-31",
            },
            {
              territories: ["DE", "Worldwide"],
              excluded_territories: ["US", "UK"],
              valid_from: "2026-04-01T02:00:00+02:00",
              valid_until: "2026-05-01T00:00:00Z",
            },
            {},
          ],
        },
      ]);
      await deliver(tx, "zzz", [
        { kind: "track", id: "t", title: "T", ids, rights: [{ territories: ["FR"] }] },
      ]);
      return parts(tx, "usage_right", "label", "track", "t");
    });
    expect(
      terms.map((term) => ({
        ...term,
        ...(term.valid_from ? { valid_from: new Date(String(term.valid_from)).toISOString() } : {}),
        ...(term.valid_until
          ? { valid_until: new Date(String(term.valid_until)).toISOString() }
          : {}),
      })),
    ).toEqual([
      {
        position: 1,
        territories: ["CA-QC", "DE", "GB"],
        usages: ["Download", "Stream"],
        commercial_models: ["SubscriptionModel"],
        valid_from: "2026-01-01T00:00:00.000Z",
        valid_until: "2026-04-01T00:00:00.000Z",
      },
      {
        position: 2,
        excluded_territories: ["GB", "US"],
        valid_from: "2026-04-01T00:00:00.000Z",
        valid_until: "2026-05-01T00:00:00.000Z",
      },
      { position: 3 },
    ]);
  });

  test("an empty list of the best source is that nothing holds any more, whatever worse sources say", async () => {
    const ids = { isrc: "GBAYE6800012" };
    const look = (lists: [source: string, rights: object[]][]) =>
      undone(sql, async (tx) => {
        for (const [source, rights] of lists) {
          await deliver(tx, source, [{ kind: "track", id: "t", title: "T", ids, rights }]);
        }
        return parts(tx, "usage_right", lists[0]?.[0] ?? "", "track", "t");
      });
    expect(await look([["aaa", [{ territories: ["FR"] }]]])).toHaveLength(1);
    for (const lists of [
      [
        ["manual", []],
        ["aaa", [{ territories: ["FR"] }]],
      ],
      [
        ["aaa", [{ territories: ["FR"] }]],
        ["manual", []],
      ],
    ] as [string, object[]][][]) {
      expect(await look(lists)).toEqual([{ position: 1, excluded_territories: ["Worldwide"] }]);
    }
  });

  test("can be edited, taken back and emptied by hand; what is no term is refused", async () => {
    await undone(sql, async (tx) => {
      await deliver(tx, "label", world([], { rights: [{ territories: ["DE"] }] }));
      const track = await keyOf(tx, "track", "t");
      const edit = (patch: object) => tx`select catalog.edit(${track}, ${tx.json(patch as never)})`;
      await edit({ rights: [{ territories: ["FR"], valid_until: "2026-12-31" }] });
      expect((await ask(tx, track, "FR")).streamable).toBe(true);
      expect((await ask(tx, track, "DE")).streamable).toBe(false);
      await edit({ rights: [] });
      expect((await ask(tx, track, "FR")).reasons).toBe("{withdrawn}");
      await edit({ rights: null });
      expect((await ask(tx, track, "DE")).streamable).toBe(true);
    });
    await undone(sql, async (tx) => {
      await deliver(tx, "label", world([]));
      const track = await keyOf(tx, "track", "t");
      for (const rights of [
        {},
        [{ territories: [] }],
        [{ territories: ["Germany"] }],
        [{ usages: "Stream" }],
        [{ usages: [] }],
        [{ valid_from: "2026-02-30" }],
        [{ valid_until: "2026" }],
        [{ valid_until: "2026-01-01T00:00:00" }],
        [{ until: "2026-01-01" }],
      ]) {
        const edited = (
          tx as unknown as { savepoint: (w: (s: AnySql) => unknown) => unknown }
        ).savepoint((s) => s`select catalog.edit(${track}, ${s.json({ rights } as never)})`);
        expect([rights, await failure(edited as Promise<unknown>)]).toEqual([rights, "JB163"]);
      }
    });
  });

  test("a delivery that changes them is one event; the same again is none", async () => {
    await deliver(sql, "events", [
      { kind: "album", id: "a", title: "A", rights: [{ territories: ["DE", "FR"] }] },
    ]);
    const album = await keyOf(sql, "album", "a", "events");
    const changes = async (record: object) => {
      const cursor = await head(sql);
      await deliver(sql, "events", [{ kind: "album", id: "a", title: "A", ...record }]);
      return (await eventsAfter(sql, cursor)).map(({ juke_id, changed }) => [juke_id, changed]);
    };
    // The record differs, what the catalog shows does not.
    expect(await changes({ rights: [{ territories: ["FR", "DE", "FR"] }] })).toEqual([]);
    expect(
      await changes({
        rights: [{ territories: ["FR"] }, { territories: ["ES"] }],
        copyrights: [{ line: "P", year: 2026, text: "Ours" }],
      }),
    ).toEqual([[album, ["copyrights", "rights"]]]);
    expect(
      await changes({
        rights: [{ territories: ["FR"] }, { territories: ["ES"] }],
        copyrights: [{ line: "P", year: 2026, text: "Ours" }],
      }),
    ).toEqual([]);
    expect(await changes({})).toEqual([[album, ["copyrights", "rights"]]]);
  });
});

describe("a term", () => {
  const own = (...rights: Term[]) => world([], { rights });

  test("holds from its first moment to the last before its end", async () => {
    const records = own({ valid_from: "2026-01-01", valid_until: "2026-03-31" });
    for (const [at, reasons] of [
      ["2025-12-31T23:59:59.999999Z", "{not_yet}"],
      ["2026-01-01T00:00:00Z", "{}"],
      ["2026-01-01T01:00:00+01:00", "{}"],
      ["2026-03-31T23:59:59.999999Z", "{}"],
      ["2026-04-01T00:00:00Z", "{expired}"],
    ] as const) {
      const [streamable, said] = await asked(records, "DE", at);
      expect([at, streamable, said]).toEqual([at, reasons === "{}", reasons]);
    }
    const exact = own({
      valid_from: "2026-01-01T12:00:00+02:00",
      valid_until: "2026-01-01T10:00:00.5Z",
    });
    expect((await asked(exact, "DE", "2026-01-01T09:59:59.999999Z"))[1]).toBe("{not_yet}");
    expect((await asked(exact, "DE", "2026-01-01T10:00:00Z"))[0]).toBe(true);
    expect((await asked(exact, "DE", "2026-01-01T10:00:00.499999Z"))[0]).toBe(true);
    expect((await asked(exact, "DE", "2026-01-01T10:00:00.5Z"))[1]).toBe("{expired}");
  });

  test("says from when, and since when no longer", async () => {
    await undone(sql, async (tx) => {
      await deliver(
        tx,
        "label",
        own(
          { valid_until: "2026-01-31" },
          { valid_from: "2026-09-01" },
          { valid_from: "2026-08-01" },
        ),
      );
      const track = await keyOf(tx, "track", "t");
      // The nearest: what begins soonest.
      const rows = await tx`
        select reasons::text, position, valid_from from catalog.is_streamable(${track}, 'DE', '2026-06-01T00:00:00Z')`;
      expect(rows).toEqual([
        { reasons: "{not_yet}", position: 3, valid_from: new Date("2026-08-01T00:00:00Z") },
      ]);
    });
  });

  test("covers the parts of its countries; exclusions beat inclusions, and only there", async () => {
    const canada = own({ territories: ["CA", "FR"], excluded_territories: ["CA-QC"] });
    expect((await asked(canada, "CA"))[0]).toBe(true);
    expect((await asked(canada, "CA-ON"))[0]).toBe(true);
    expect((await asked(canada, "ca-qc"))[1]).toBe("{territory_excluded}");
    expect((await asked(canada, "DE"))[1]).toBe("{territory_not_covered}");
    const quebec = own({ territories: ["CA-QC"] });
    expect((await asked(quebec, "CA-QC"))[0]).toBe(true);
    expect((await asked(quebec, "CA"))[1]).toBe("{territory_not_covered}");
    const world = own({ territories: ["Worldwide"], excluded_territories: ["CA", "UK"] });
    expect((await asked(world, "CA-QC"))[1]).toBe("{territory_excluded}");
    expect((await asked(world, "GB"))[1]).toBe("{territory_excluded}");
    expect((await asked(world, "XK"))[0]).toBe(true);
    const both = own(
      { territories: ["DE"], excluded_territories: ["DE"] },
      { territories: ["DE"] },
    );
    expect(await asked(both, "DE")).toEqual([true, "{}", "T", 2]);
  });

  test("that names a use covers those below it, and one below answers for those above", async () => {
    const streams = own({ usages: ["OnDemandStream"] });
    const at = undefined;
    expect((await asked(streams, "DE", at, "Stream"))[0]).toBe(true);
    expect((await asked(streams, "DE", at, "OnDemandStream"))[0]).toBe(true);
    expect((await asked(streams, "DE", at, "NonInteractiveStream"))[1]).toBe("{usage_not_covered}");
    expect((await asked(streams, "DE", at, "PermanentDownload"))[1]).toBe("{usage_not_covered}");
    const any = own({ usages: ["Download", "SomethingOfOurs"] });
    expect((await asked(any, "DE", at, "TetheredDownload"))[0]).toBe(true);
    expect((await asked(any, "DE", at, "Stream"))[1]).toBe("{usage_not_covered}");
    expect((await asked(own({ usages: ["Use"] }), "DE", at, "Stream"))[0]).toBe(true);
    expect((await asked(own({ usages: ["AsPerContract"] }), "DE", at, "Stream"))[0]).toBe(false);
  });

  test("that lacks the least is the one that is named", async () => {
    const records = own(
      { territories: ["FR"], usages: ["Print"], valid_until: "2020-01-01" },
      { territories: ["FR"] },
      { territories: ["DE"], valid_until: "2020-01-01" },
      { territories: ["DE"], valid_until: "2021-01-01" },
    );
    expect(await asked(records, "DE")).toEqual([false, "{expired}", "T", 4]);
  });
});

describe("what has no terms of its own", () => {
  test("has those of the releases that it is on", async () => {
    expect(
      await asked(
        world([{ rights: [{ territories: ["FR"] }] }, { rights: [{ territories: ["DE"] }] }]),
        "DE",
      ),
    ).toEqual([true, "{}", "R2", 1]);
    expect(
      await asked(
        world([{ rights: [{ territories: ["DE"] }] }], { rights: [{ territories: ["FR"] }] }),
        "DE",
      ),
    ).toEqual([false, "{territory_not_covered}", "T", 1]);
    expect(await asked(world([{}]), "DE")).toEqual([false, "{no_rights_known}", null, null]);
  });

  test("has none from anywhere when its source has taken all of its own back", async () => {
    const rights = [{ territories: ["DE"] }];
    expect(await asked(world([{ rights }], { rights: [] }), "DE")).toEqual([
      false,
      "{withdrawn}",
      "T",
      1,
    ]);
    expect(await asked(world([{ rights: [] }, { rights }]), "DE")).toEqual([true, "{}", "R2", 1]);
    expect(await asked(world([{ rights: [] }]), "DE")).toEqual([false, "{withdrawn}", "R1", 1]);
  });

  test("has none of a release that was withdrawn or cancelled", async () => {
    const rights = [{ territories: ["DE"] }];
    for (const status of ["withdrawn", "cancelled"]) {
      expect(await asked(world([{ status, rights }]), "DE")).toEqual([
        false,
        "{withdrawn}",
        "R1",
        1,
      ]);
      expect(await asked(world([{ status, rights }, { rights }]), "DE")).toEqual([
        true,
        "{}",
        "R2",
        1,
      ]);
      expect((await asked(world([{ status, rights }], { rights }), "DE"))[0]).toBe(true);
    }
    await undone(sql, async (tx) => {
      await deliver(tx, "label", world([{ status: "withdrawn" }]));
      expect((await ask(tx, await keyOf(tx, "release", "r1"), "DE")).reasons).toBe("{withdrawn}");
    });
  });

  test("an episode has its podcast's; a video its releases'; an album and an audiobook have their own or none", async () => {
    const rights = [{ territories: ["DE"] }];
    await undone(sql, async (tx) => {
      await deliver(tx, "label", [
        { kind: "podcast", id: "p", title: "P", rights },
        { kind: "episode", id: "e", title: "E", podcast: ref("podcast", "p") },
        { kind: "video", id: "v", title: "V" },
        { kind: "album", id: "a", title: "A" },
        {
          kind: "release",
          id: "r",
          title: "R",
          rights,
          album: ref("album", "a"),
          tracks: [{ disc: 1, position: 1, video: ref("video", "v") }],
        },
        { kind: "book", id: "b", title: "B", rights },
        { kind: "audiobook", id: "l", title: "L", book: ref("book", "b") },
      ]);
      for (const [kind, id, reasons, holder] of [
        ["episode", "e", "{}", "p"],
        ["video", "v", "{}", "r"],
        ["album", "a", "{no_rights_known}", null],
        ["audiobook", "l", "{no_rights_known}", null],
        ["book", "b", "{}", "b"],
      ] as const) {
        const said = await ask(tx, await keyOf(tx, kind, id), "DE");
        const kinds = { p: "podcast", r: "release", b: "book" };
        const held = holder && (await keyOf(tx, kinds[holder], holder));
        expect([kind, said.reasons, said.held_by]).toEqual([kind, reasons, held]);
      }
    });
  });
});

test("merges and undos bring the terms to the survivor and exactly back; a redirect is followed", async () => {
  await deliver(sql, "m1", [
    { kind: "track", id: "x", title: "X", rights: [{ territories: ["DE"] }] },
  ]);
  await deliver(sql, "m2", [
    {
      kind: "track",
      id: "y",
      title: "Y",
      rights: [{ territories: ["FR"] }],
      copyrights: [{ line: "P", text: "P" }],
    },
    {
      kind: "release",
      id: "r",
      title: "R",
      rights: [{ territories: ["ES"] }],
      tracks: [{ disc: 1, position: 1, track: ref("track", "z") }],
    },
    { kind: "track", id: "z", title: "Z" },
  ]);
  const [x, y, z] = [
    await keyOf(sql, "track", "x", "m1"),
    await keyOf(sql, "track", "y", "m2"),
    await keyOf(sql, "track", "z", "m2"),
  ];
  const before = await exactState(sql);
  const [merged] = await sql`
    select operation_id from identity.merge(${x}, ${[y, z]}::uuid[], 'the same')`;
  expect(await ask(sql, y, "DE")).toMatchObject({ streamable: true, juke_id: x, held_by: x });
  expect(await ask(sql, y, "FR")).toMatchObject({ reasons: "{territory_not_covered}" });
  await sql`select identity.undo(${merged?.operation_id}, null, 'they are not')`;
  expect(difference(before, await exactState(sql))).toEqual({ gone: [], come: [] });
  expect(await ask(sql, y, "FR")).toMatchObject({ streamable: true, juke_id: y });
  expect(await ask(sql, z, "ES")).toMatchObject({ streamable: true });

  const [deleted] = await sql`select operation_id from identity.delete(${y}, 'gone')`;
  expect(await ask(sql, y, "FR")).toMatchObject({ reasons: "{entity_deleted}", juke_id: null });
  await sql`select identity.undo(${deleted?.operation_id}, null, 'back')`;
  expect(difference(before, await exactState(sql))).toEqual({ gone: [], come: [] });
});

test("a list of no territories or usages allows nothing, whoever lets it through", async () => {
  await undone(sql, async (tx) => {
    for (const term of [{ territories: [] }, { usages: [] }]) {
      await deliver(tx, "label", [{ kind: "release", id: "none", title: "N", rights: [term] }]);
      const [row] = await tx`
        select s.streamable from catalog.is_streamable(${await keyOf(tx, "release", "none")}, 'GB') s`;
      expect(row).toEqual({ streamable: false });
    }
  });
});

test("what is no territory or use type is refused, and too many ids", async () => {
  const id = "01900000-0000-7000-8000-000000000000";
  for (const territory of [
    "EU",
    "Worldwide",
    "ZZ",
    "DEU",
    "",
    "D",
    "SU",
    "YU",
    "DE-",
    "2136",
    null,
  ]) {
    expect([
      territory,
      await failure(sql`select catalog.is_streamable(${id}, ${territory})`),
    ]).toEqual([territory, "JB260"]);
  }
  for (const usage of ["stream", "Sing", ""]) {
    expect(await failure(sql`select catalog.is_streamable(${id}, 'DE', now(), ${usage})`)).toBe(
      "JB261",
    );
  }
  const many = (count: number) =>
    sql`select catalog.rights_at(array_fill(${id}::uuid, array[${count}::int]), 'DE')`;
  expect(await failure(many(10_001))).toBe("JB104");
  expect(await many(10_000)).toHaveLength(10_000);
  expect(await sql`select catalog.rights_at('{}', 'DE')`).toHaveLength(0);
  const [row] =
    await sql`select r.*, r.reasons::text from catalog.is_streamable(${id}, 'UK', null, null) r`;
  expect(row).toMatchObject({ asked_id: id, reasons: "{entity_unknown}", juke_id: null });
});

test("all that is asked of random terms is what the model says, one by one and in bulk", {
  timeout: 240_000,
}, async () => {
  const takenBack: Term = { excluded_territories: ["Worldwide"] };
  const territory = fc.constantFrom("DE", "FR", "CA", "CA-QC", "CA-ON", "US", "XK");
  const listed = fc.uniqueArray(
    fc.oneof({ weight: 6, arbitrary: territory }, fc.constant("Worldwide")),
    {
      minLength: 1,
      maxLength: 3,
    },
  );
  const usage = fc.constantFrom(
    ...["Stream", "OnDemandStream", "NonInteractiveStream", "Download", "PermanentDownload"],
    ...["Broadcast", "Use", "TimeInfluencedStream"],
  );
  const moment = fc.constantFrom(
    ...["2026-01-01", "2026-01-02", "2026-01-02T00:00:00Z", "2026-01-02T01:00:00+01:00"],
    ...["2026-01-03T12:00:00Z", "2026-01-04"],
  );
  const term = fc.record(
    {
      territories: listed,
      excluded_territories: listed,
      usages: fc.uniqueArray(usage, { minLength: 1, maxLength: 2 }),
      valid_from: moment,
      valid_until: moment,
    },
    { requiredKeys: [] },
  );
  // Nothing said, all taken back, terms.
  const terms: fc.Arbitrary<Term[]> = fc.oneof(
    fc.constant<Term[]>([]),
    fc.constant<Term[]>([takenBack]),
    fc.array(term, { minLength: 1, maxLength: 3 }),
    fc.array(term, { minLength: 1, maxLength: 3 }),
  );
  const said = (all: Term[]) =>
    all.length === 0 ? {} : { rights: all[0] === takenBack ? [] : all };
  const scene = fc.record({
    track: terms,
    releases: fc.array(fc.record({ terms, withdrawn: fc.boolean() }), { maxLength: 2 }),
    podcast: terms,
    episode: terms,
  });
  const question = fc.record({
    territory,
    usage,
    at: fc.constantFrom(
      ...["2025-12-31T23:59:59.999Z", "2026-01-01T00:00:00Z", "2026-01-01T23:59:59.999Z"],
      ...["2026-01-02T00:00:00Z", "2026-01-03T00:00:00Z", "2026-01-03T12:00:00Z"],
      ...["2026-01-04T23:59:59.999Z", "2026-01-05T00:00:00Z"],
    ),
  });
  let run = 0;
  let allowed = 0;
  let total = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(scene, { minLength: 3, maxLength: 8 }),
      fc.array(question, { minLength: 10, maxLength: 20 }),
      async (scenes, questions) => {
        run += 1;
        const holders: [kind: string, id: string, holder: Holder][] = [];
        const records: LooseRecord[] = [];
        for (const [n, { track, releases, podcast, episode }] of scenes.entries()) {
          const id = `${run}-${n}`;
          records.push({ kind: "track", id, title: "t", ...said(track) });
          const lenders = releases.map((each, m) => {
            const status = each.withdrawn ? "withdrawn" : "official";
            const tracks = [{ disc: 1, position: 1, track: ref("track", id) }];
            const release = { kind: "release" as const, id: `${id}-${m}`, title: "r" };
            records.push({ ...release, status, tracks, ...said(each.terms) });
            holders.push(["release", `${id}-${m}`, each]);
            return each;
          });
          holders.push(["track", id, { terms: track, lenders }]);
          records.push({ kind: "podcast", id, title: "p", ...said(podcast) });
          const of = ref("podcast", id);
          records.push({ kind: "episode", id, title: "e", ...said(episode), podcast: of });
          holders.push(["podcast", id, { terms: podcast }]);
          holders.push(["episode", id, { terms: episode, lenders: [{ terms: podcast }] }]);
        }
        await deliver(sql, "random", records);
        const ids = await Promise.all(holders.map(([kind, id]) => keyOf(sql, kind, id, "random")));
        for (const { territory, at, usage } of questions) {
          const asked: Question = { territory, usage, at: new Date(at) };
          const rows = await sql`
            select r.asked_id, r.streamable, r.reasons::text[], to_jsonb(r) as whole
            from catalog.rights_at(${ids}::uuid[], ${territory}, ${at}, ${usage}) r`;
          expect(rows.map(({ asked_id }) => asked_id)).toEqual(ids);
          for (const [n, row] of rows.entries()) {
            const [, , holder] = holders[n] ?? expect.fail();
            const model = answer(holder, asked);
            expect(row.streamable).toBe(model.streamable);
            expect(model.reasons).toContainEqual(row.reasons);
            total += 1;
            if (row.streamable) allowed += 1;
          }
          const one = Math.floor((rows.length * run) / 7) % rows.length;
          const [single] = await sql`
            select to_jsonb(r) as whole
            from catalog.is_streamable(${ids[one] ?? ""}, ${territory}, ${at}, ${usage}) r`;
          expect(single?.whole).toEqual(rows[one]?.whole);
        }
      },
    ),
    { numRuns: 25 },
  );
  // The questions tell both apart.
  expect(allowed / total).toBeGreaterThan(0.05);
  expect(allowed / total).toBeLessThan(0.9);
});
