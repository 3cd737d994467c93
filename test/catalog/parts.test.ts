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
import { golden, inEveryOrder, parts, ref } from "./projection-builder.ts";

const { sql } = await testDatabase();

const keyOf = async (db: AnySql, source: string, kind: string, id: string) =>
  (await entityOf(db, source, kind, id)) ?? expect.fail(`no ${kind} ${id} of ${source}`);

/** How an artist is related to others, as GraphQL shows it: "member Ringo Starr 1962–1970". */
async function relatives(db: AnySql, jukeId: string): Promise<string[]> {
  const rows = await db`
    select concat_ws(' ', t.relation, e.display_name, t.begin_date || '–' || coalesce(t.end_date, ''), 'over ' || t.ended) as line
    from catalog.related_artist t
    join catalog.entity e on e.juke_id = t.related_id
    where t.juke_id = ${jukeId}
    order by 1`;
  return rows.map(({ line }) => line);
}

const artist = (id: string, ...relations: object[]): LooseRecord => ({
  kind: "artist",
  id,
  name: id,
  relations,
});
const to = (relation: string, id: string, more = {}) => ({
  artist: ref("artist", id),
  relation,
  ...more,
});

describe("the parts of the best source:", () => {
  test("P-lines and C-lines, counted within each", async () => {
    const copyrights = [
      { line: "P", year: 2020, text: "2020 One" },
      { line: "C", text: "Two" },
      { line: "P", text: "Three" },
    ];
    const ids = { gtin: "5099902987927" };
    const says = (source: string, lines: object[]) =>
      [source, [{ kind: "release" as const, id: "x", title: "x", ids, copyrights: lines }]] as [
        string,
        LooseRecord[],
      ];
    expect(
      await inEveryOrder(
        sql,
        [says("aaa", copyrights), says("zzz", [{ line: "C", text: "worse" }])],
        (tx) => parts(tx, "copyright", "aaa", "release", "x"),
      ),
    ).toEqual([
      { line: "C", position: 1, text: "Two" },
      { line: "P", position: 1, text: "2020 One", year: 2020 },
      { line: "P", position: 2, text: "Three" },
    ]);
  });

  test("chapters in the order of their time, transcripts, the season, ways to pay, shares", async () => {
    const value = [
      {
        type: "lightning",
        method: "keysend",
        recipients: [{ name: "host", type: "node", address: "03ab", split: 99 }],
      },
    ];
    await undone(sql, async (tx) => {
      await deliver(tx, "pod", [
        { kind: "podcast", id: "p", title: "P", value },
        {
          kind: "episode",
          id: "e",
          title: "E",
          podcast: ref("podcast", "p"),
          season: 2,
          season_name: "Volcanoes",
          chapters_url: "https://example.com/chapters.json",
          chapters: [
            { start_ms: 60_000, title: "Second", url: "https://example.com/2" },
            { start_ms: 0, end_ms: 60_000, image_url: "https://example.com/1.png" },
          ],
          transcripts: [
            {
              url: "https://example.com/e.vtt",
              media_type: "text/vtt",
              language: "en",
              rel: "captions",
            },
            { url: "https://example.com/e.html" },
          ],
          value,
        },
        { kind: "audiobook", id: "b", title: "B", chapters: [{ start_ms: 5, title: "One" }] },
        {
          kind: "work",
          id: "w",
          title: "W",
          credits: [
            {
              contributor: ref("artist", "composer"),
              role: "composer",
              share: 50,
              mechanical_share: 37.5,
              synchronization_share: 12.25,
            },
          ],
        },
      ]);
      expect(await golden(tx, "pod", "podcast", "p")).toMatchObject({ value });
      expect(await golden(tx, "pod", "episode", "e")).toMatchObject({
        value,
        season_name: "Volcanoes",
        chapters_url: "https://example.com/chapters.json",
      });
      expect(await parts(tx, "chapter", "pod", "episode", "e")).toEqual([
        { position: 1, start_ms: 0, end_ms: 60_000, image_url: "https://example.com/1.png" },
        { position: 2, start_ms: 60_000, title: "Second", url: "https://example.com/2" },
      ]);
      expect(await parts(tx, "chapter", "pod", "audiobook", "b")).toEqual([
        { position: 1, start_ms: 5, title: "One" },
      ]);
      expect(await parts(tx, "transcript", "pod", "episode", "e")).toEqual([
        {
          position: 1,
          url: "https://example.com/e.vtt",
          media_type: "text/vtt",
          language: "en",
          rel: "captions",
        },
        { position: 2, url: "https://example.com/e.html" },
      ]);
      expect(await parts(tx, "credit", "pod", "work", "w")).toMatchObject([
        { share: 50, mechanical_share: 37.5, synchronization_share: 12.25 },
      ]);
      const episode = await keyOf(tx, "pod", "episode", "e");
      const [row] = await tx`select state from catalog.state(${[episode]}::uuid[])`;
      expect(row?.state).toMatchObject({
        seasonName: "Volcanoes",
        value,
        chapters: [{ startMs: 0 }, { startMs: 60_000 }],
        transcripts: [{ mediaType: "text/vtt" }, { url: "https://example.com/e.html" }],
      });
    });
  });

  test("an edit of them shows, and one of another shape is refused", async () => {
    await undone(sql, async (tx) => {
      await deliver(tx, "pod", [
        { kind: "episode", id: "e", title: "E" },
        { kind: "artist", id: "a", name: "A" },
        { kind: "artist", id: "b", name: "B" },
      ]);
      const episode = await keyOf(tx, "pod", "episode", "e");
      const [a, b] = [await keyOf(tx, "pod", "artist", "a"), await keyOf(tx, "pod", "artist", "b")];
      const edit = (entity: string, patch: object) =>
        (tx as unknown as { savepoint: (w: (s: AnySql) => unknown) => Promise<unknown> }).savepoint(
          (s) => s`select catalog.edit(${entity}, ${s.json(patch as never)})`,
        );
      const recipient = { type: "node", address: "03ab", split: 1 };
      const value = [{ type: "lightning", method: "keysend", recipients: [recipient] }];
      await edit(episode, {
        chapters: [{ start_ms: 0 }],
        transcripts: [{ url: "https://example.com/t" }],
        copyrights: [{ line: "C", text: "Ours", year: 2026 }],
        season_name: "One",
        value,
      });
      expect(await golden(tx, "pod", "episode", "e")).toMatchObject({ season_name: "One", value });
      expect(await parts(tx, "chapter", "pod", "episode", "e")).toHaveLength(1);
      expect(await parts(tx, "transcript", "pod", "episode", "e")).toHaveLength(1);
      expect(await parts(tx, "copyright", "pod", "episode", "e")).toHaveLength(1);
      await edit(a, { relations: [to("group", b, { begin_date: "1970" })] });
      expect(await relatives(tx, b)).toEqual(["member A 1970–"]);
      for (const [entity, patch] of [
        [episode, { chapters: [{ title: "no time" }] }],
        [episode, { chapters: [{ start_ms: -1 }] }],
        [episode, { transcripts: [{}] }],
        [episode, { copyrights: [{ line: "X", text: "x" }] }],
        [episode, { copyrights: [{ line: "P" }] }],
        [episode, { value: {} }],
        [episode, { value: [{ type: "lightning", method: "keysend" }] }],
        [episode, { value: [{ ...value[0], recipients: [{ ...recipient, split: "1" }] }] }],
        [episode, { relations: [] }],
        [a, { chapters: [] }],
        [a, { rights: [] }],
        [a, { relations: [to("friend", b)] }],
        [a, { relations: [{ relation: "member" }] }],
        [a, { relations: [to("member", episode)] }],
      ] as const) {
        expect([patch, await failure(edit(entity, patch))]).toEqual([patch, "JB163"]);
      }
    });
  });
});

describe("related artists", () => {
  test("are the same whoever of the two says so, and twice is once", async () => {
    const band = to("member", "ringo", { begin_date: "1962", end_date: "1970", ended: true });
    const drummer = to("group", "beatles", { begin_date: "1962", end_date: "1970", ended: true });
    for (const records of [
      [artist("beatles", band), artist("ringo")],
      [artist("beatles"), artist("ringo", drummer)],
      [artist("beatles", band), artist("ringo", drummer)],
    ]) {
      await undone(sql, async (tx) => {
        await deliver(tx, "aaa", records);
        expect(await relatives(tx, await keyOf(tx, "aaa", "artist", "beatles"))).toEqual([
          "member ringo 1962–1970 over true",
        ]);
        expect(await relatives(tx, await keyOf(tx, "aaa", "artist", "ringo"))).toEqual([
          "group beatles 1962–1970 over true",
        ]);
        const facts = await tx`
          select distinct artist_id, related_id, relation, begin_date from catalog.artist_relation`;
        expect(facts).toHaveLength(1);
      });
    }
  });

  test("of another name are so to each other", async () => {
    for (const records of [
      [artist("aphex twin", to("alias", "afx")), artist("afx")],
      [artist("aphex twin"), artist("afx", to("alias", "aphex twin"))],
      [artist("aphex twin", to("alias", "afx")), artist("afx", to("alias", "aphex twin"))],
    ]) {
      await undone(sql, async (tx) => {
        await deliver(tx, "aaa", records);
        const [one, other] = [
          await keyOf(tx, "aaa", "artist", "aphex twin"),
          await keyOf(tx, "aaa", "artist", "afx"),
        ];
        expect(await relatives(tx, one)).toEqual(["alias afx"]);
        expect(await relatives(tx, other)).toEqual(["alias aphex twin"]);
      });
    }
  });

  test("are all that any source knows; what is told more exactly replaces what is told less so", async () => {
    const says = (source: string, ...relations: object[]): [string, LooseRecord[]] => [
      source,
      [
        {
          kind: "artist",
          id: "x",
          name: "x",
          ids: { spotify: "4Z8W4fKeB5YxbusRsdQVPb" },
          relations,
        },
      ],
    ];
    const seen = await inEveryOrder(
      sql,
      [
        says("aaa", to("member", "one"), to("member", "two", { begin_date: "1990-05" })),
        says(
          "bbb",
          to("member", "three"),
          to("member", "two", { begin_date: "1990", ended: true }),
        ),
        says(
          "ccc",
          to("member", "two", { begin_date: "2001", end_date: "2003" }),
          to("member", "x"),
        ),
      ],
      async (tx) => relatives(tx, await keyOf(tx, "aaa", "artist", "x")),
    );
    // "two" is another artist to each source, for nothing says that they are one.
    expect(seen).toEqual([
      "member one",
      "member three",
      "member two 1990-05–",
      "member two 1990– over true",
      "member two 2001–2003",
    ]);
    await undone(sql, async (tx) => {
      await deliver(tx, "aaa", [
        artist(
          "band",
          to("member", "m"),
          to("member", "m", { begin_date: "1990" }),
          to("member", "m", { begin_date: "1990-05" }),
          to("member", "m", { begin_date: "2001" }),
        ),
        artist("m", to("group", "band", { begin_date: "1990-05-02", end_date: "1999" })),
      ]);
      expect(await relatives(tx, await keyOf(tx, "aaa", "artist", "band"))).toEqual([
        "member m 1990-05-02–1999",
        "member m 2001–",
      ]);
      expect(await relatives(tx, await keyOf(tx, "aaa", "artist", "m"))).toEqual([
        "group band 1990-05-02–1999",
        "group band 2001–",
      ]);
    });
  });

  test("follow merges, splits and deletions, and undos bring back exactly what was", async () => {
    await deliver(sql, "one", [
      artist("queen", to("member", "freddie"), to("member", "brian")),
      artist("freddie", to("alias", "larry")),
      artist("brian", to("group", "queen", { begin_date: "1970" })),
      artist("larry"),
    ]);
    await deliver(sql, "two", [artist("q", to("member", "f")), artist("f"), artist("fan")]);
    const of = (id: string, source = "one") => keyOf(sql, source, "artist", id);
    const [queen, freddie, brian, larry] = [
      await of("queen"),
      await of("freddie"),
      await of("brian"),
      await of("larry"),
    ];
    const [q, f] = [await of("q", "two"), await of("f", "two")];
    const before = await exactState(sql);
    const same = async () =>
      expect(difference(before, await exactState(sql))).toEqual({ gone: [], come: [] });
    const undo = (rows: readonly { operation_id?: unknown }[]) =>
      sql`select identity.undo(${rows[0]?.operation_id as string}, null, 'not so')`;
    const merge = (survivor: string, ...losers: string[]) =>
      sql`select operation_id from identity.merge(${survivor}, ${losers}::uuid[], 'the same')`;

    const bands = await merge(queen, q);
    expect(await relatives(sql, queen)).toEqual([
      "member brian 1970–",
      "member f",
      "member freddie",
    ]);
    const singers = await merge(freddie, f);
    expect(await relatives(sql, queen)).toEqual(["member brian 1970–", "member freddie"]);
    expect(await relatives(sql, freddie)).toEqual(["alias larry", "group queen"]);
    await undo(singers);
    await undo(bands);
    await same();

    // The group itself goes: who names it loses it, and has it again.
    for (const gone of [queen, freddie, brian]) {
      const deleted = await sql`select operation_id from identity.delete(${gone}, 'gone')`;
      expect(await relatives(sql, gone)).toEqual([]);
      await undo(deleted);
      await same();
    }
    // Those who are one are not related to themselves.
    const names = await merge(larry, freddie);
    expect(await relatives(sql, larry)).toEqual(["group queen"]);
    await undo(names);
    await same();
    const member = await merge(queen, brian);
    expect(await relatives(sql, queen)).toEqual(["member freddie"]);
    await undo(member);
    await same();
  });

  test("are a change of the one whose records say so; one event for each transaction", async () => {
    await deliver(sql, "ev", [artist("g"), artist("m")]);
    const g = await keyOf(sql, "ev", "artist", "g");
    const cursor = await head(sql);
    await deliver(sql, "ev", [
      { kind: "artist", id: "g", name: "g", country: "GB", relations: [to("member", "m")] },
    ]);
    const events = await eventsAfter(sql, cursor);
    expect(events.map(({ juke_id, changed }) => [juke_id, changed])).toEqual([
      [g, ["country", "relations"]],
    ]);
    const [row] = await sql`select state from catalog.state(${[g]}::uuid[])`;
    expect(row?.state.relations).toEqual([
      { artistId: g, relatedId: await keyOf(sql, "ev", "artist", "m"), relation: "member" },
    ]);
    await sql`select descriptor.refresh(100000)`;
    const found = await sql`select juke_id from descriptor.search('m', '{artist}', 10)`;
    expect(found.map(({ juke_id }) => juke_id)).toContain(g);
  });
});

test("none of them can be written by hand", async () => {
  const [{ juke_id: id } = {}] = await sql`select juke_id from catalog.artist limit 1`;
  for (const statement of [
    sql`insert into catalog.usage_right (juke_id, position) values (${id}, 1)`,
    sql`insert into catalog.copyright (juke_id, line, position, text) values (${id}, 'P', 1, 'x')`,
    sql`delete from catalog.artist_relation`,
    sql`insert into catalog.chapter (juke_id, position, start_ms) values (${id}, 1, 0)`,
    sql`delete from catalog.transcript`,
  ]) {
    expect(await failure(statement)).toBe("JB168");
  }
});
