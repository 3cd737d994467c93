import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { bind, deliver, entityOf, insertEntity } from "../catalog-builder.ts";
import { testDatabase } from "../database.ts";
import { History, histories, prepareHistories } from "./history.ts";
import { merge, remove, undo } from "./ledger-calls.ts";
import { refused } from "./refusals.ts";
import { tellStory } from "./story.ts";

// One connection: the story is Ada's, who is named for the session.
const sql = (await testDatabase()).connect({ max: 1 });
let story: Awaited<ReturnType<typeof tellStory>>;
beforeAll(async () => {
  story = await tellStory(sql);
});

/** Rows as lines, as a person reads them: the keys of the two songs by their names, every date as `today`. */
async function told(rows: PromiseLike<readonly object[]>): Promise<string[]> {
  return (await rows).map((row) =>
    Object.values(row)
      .join(": ")
      .replaceAll(story.song, "Song 1")
      .replaceAll(story.other, "Song 2")
      .replaceAll("00000000-0000-4000-8000-00000000000", "mbid-")
      .replace(/operation \d+/gi, (text) => text.replace(/\d+/, (id) => nameOf(id)))
      .replace(/\d{4}-\d{2}-\d{2}/g, "today"),
  );
}
const nameOf = (id: string) =>
  Object.entries(story.operations).find(([, each]) => each === id)?.[0] ?? "later";

const explain = (ref: string) => told(sql`select what, detail from identity.explain(${ref})`);
const how = (entity: string) => told(sql`select what, detail from identity.how(${entity})`);
const whyNot = (a: string, b: string) =>
  told(sql`select verdict, detail from identity.why_not(${a}, ${b})`);

const keptApart =
  'made it, and was kept from others: its isrc GBAYE6800011 is also that of "Song" (Song 1), but their mbid differs: its own is mbid-2, the other\'s mbid-1';

describe("explain tells of a reference", () => {
  test("of a shared scheme who claims it, why each of them is what it is, and what it stands for", async () => {
    expect(await explain("isrc:GBAYE6800011")).toEqual([
      "read: This is the isrc GBAYE6800011 (International Standard Recording Code). Only ids of this scheme are asked: several things may have the same.",
      'bound claim: The record a1 of archive says since today that it is the id of the track "Song" (Song 1). The record made it: none of its ids was known.',
      'further claim: The record s1 of shop says since today that it is the id of the track "Song" (Song 1). The record was linked by its isrc GBAYE6800011.',
      `further claim: The record s2 of shop says since today that it is the id of the track "Song" (Song 2). The record ${keptApart}.`,
      'answer: It is the track "Song" (Song 1), by its isrc.',
      'answer: It is the track "Song" (Song 2), by its isrc.',
    ]);
  });

  test("that was taken back by whom and why", async () => {
    expect(await explain("mbid:00000000-0000-4000-8000-000000000001")).toEqual([
      "read: This is the mbid mbid-1 (MusicBrainz identifier). Only ids of this scheme are asked: each is of one thing, and a thing has one.",
      'retracted claim: The record a1 of archive said on today that it is the id of the track "Song" (Song 1). This was taken back on today by Ada: a typing error. The record made it: none of its ids was known.',
      "answer: Nothing here has this id.",
    ]);
  });

  test("that a person has claimed how sure they were", async () => {
    expect(await explain(`spotify:track:${"1".repeat(22)}`)).toEqual([
      "read: This is the spotify 1111111111111111111111 (Spotify), the id of a track. Only ids of this scheme are asked: each is of one thing, which may have several.",
      'bound claim: Ada says since today that it is the id of the track "Song" (Song 2), with confidence 0.8.',
      'answer: It is the track "Song" (Song 2), by its spotify.',
    ]);
  });

  test("that is a key what it was read as", async () => {
    expect(await explain(story.song)).toEqual([
      "read: A uuid that nothing qualifies: Song 1. It may be a juke_id, an mbid, or the id of another scheme that uses uuids; they are asked in this order.",
      'juke_id: It is the juke_id of the track "Song", made on today.',
      'answer: It is the track "Song" (Song 1), by its juke_id.',
    ]);
  });

  test("that is none what it might have been", async () => {
    expect(await explain("nonsense")).toEqual([
      "read: This is no reference: neither a uuid, nor scheme:value with a valid value of a known scheme, nor the URL of a known service.",
    ]);
  });

  test("that is no valid id which records have it, as it came", async () => {
    await deliver(sql, "archive", [
      { kind: "artist", id: "i1", name: "I", ids: { isni: "0000-0002-1825-0098" } },
    ]);
    const artist = (await entityOf(sql, "archive", "artist", "i1")) as string;
    const claim = `invalid claim: The record i1 of archive says since today that the isni 0000-0002-1825-0098, which is not valid, is the id of the artist "I" (${artist}). The record made it: none of its ids was known.`;
    for (const ref of [
      "0000-0002-1825-0098",
      "isni:0000-0002-1825-0098",
      "urn:ISNI: 0000-0002-1825-0098",
    ]) {
      const steps = await explain(ref);
      expect(steps, ref).toHaveLength(2);
      expect([steps[0]?.slice(0, 5), steps[1]]).toEqual(["read:", claim]);
    }
    expect(await explain("ipi:0000-0002-1825-0098")).toHaveLength(1);
    expect(await how(artist)).toEqual([
      "record: The record i1 of archive made it: none of its ids was known.",
      "invalid id: The record i1 of archive has the isni 0000-0002-1825-0098, which is not valid.",
    ]);
    await deliver(sql, "archive", [{ kind: "artist", id: "i1", name: "I", ids: {} }]);
    expect(await how(artist)).toContain(
      "invalid id: The record i1 of archive had the isni 0000-0002-1825-0098, which is not valid, and was taken back on today.",
    );
  });

  test("to what was merged or deleted who did that and why", async () => {
    const merged = await merge(sql, story.other, [story.song], "once more");
    expect((await explain(story.song)).at(-1)).toBe(
      'answer: It is now the track "Song" (Song 2), by its juke_id. It was merged on today by Ada: once more.',
    );
    expect(await whyNot(story.song, story.other)).toEqual([
      'same: They are one: "Song" (Song 2). Ada merged "Song" (Song 1) into "Song" (Song 2): once more.',
    ]);
    expect(await how(story.other)).toContain(
      "record: The record s1 of shop came with the merge by Ada on today (operation later): once more.",
    );
    await undo(sql, merged);
    const deleted = await remove(sql, story.song, "spam");
    expect((await explain(story.song)).at(-1)).toBe(
      'answer: It was the track "Song" (Song 1), by its juke_id. That was deleted on today by Ada: spam.',
    );
    expect((await whyNot(story.song, story.other)).at(-1)).toBe(
      'summary: "Song" (Song 1) was deleted.',
    );
    await undo(sql, deleted);
  });
});

describe("how tells of an entity what made it, in the order of time", () => {
  test("records with their evidence, operations with who and why and whether they still stand", async () => {
    expect((await how(story.song)).slice(0, 5)).toEqual([
      "record: The record a1 of archive made it: none of its ids was known.",
      "record: The record s1 of shop was linked by its isrc GBAYE6800011.",
      'merge: Ada merged "Song" (Song 2) into "Song" (Song 1): the same tape. Operation undone has undone it.',
      'undo: Ada undid operation merged, the merge by Ada on today; "Song" (Song 2) is active again: it was a cover.',
      'retract: Ada said that mbid mbid-1 is not the id of "Song" (Song 1): a typing error.',
    ]);
    expect((await how(story.other)).slice(0, 5)).toEqual([
      `record: The record s2 of shop ${keptApart}.`,
      'merge: Ada merged "Song" (Song 2) into "Song" (Song 1): the same tape. Operation undone has undone it.',
      'undo: Ada undid operation merged, the merge by Ada on today; "Song" (Song 2) is active again: it was a cover.',
      "record: A record of its own holds what people say of it.",
      'claim: Ada claimed spotify 1111111111111111111111 for "Song" (Song 2): the sleeve.',
    ]);
  });

  test("and of nobody that there is none: JB151", async () => {
    await refused(sql`select * from identity.how('01900000-0000-7000-8000-000000000000')`, "JB151");
  });
});

describe("why_not tells of two entities", () => {
  test("what was tried, what speaks against it and what for it", async () => {
    const arguments_ = await whyNot(story.song, story.other);
    expect(arguments_).toContain(
      "against: Ada merged them on today (the same tape), and Ada took that back on today (it was a cover).",
    );
    expect(arguments_.slice(-5)).toEqual([
      "against: When the record s2 of shop came, its isrc GBAYE6800011 was the other's too, but their mbid differs: its own is mbid-2, the other's mbid-1.",
      'for: Both claim isrc GBAYE6800011; it is bound to "Song" (Song 1).',
      "for: Their names are equal: Song.",
      "review: Review 1 asks whether they are one; it is open.",
      "summary: They are two. identity.merge makes them one, unless there is a veto.",
    ]);
  });

  test("which ids both claim, those that an entity without records claims too", async () => {
    const id = "2".repeat(22);
    const key = await insertEntity(sql, "track", "Bare");
    await bind(sql, "track", key, "spotify", id);
    await deliver(sql, "shop", [
      {
        kind: "track",
        id: "s9",
        title: "Other",
        ids: { mbid: "00000000-0000-4000-8000-000000000009" },
      },
    ]);
    const track = (await entityOf(sql, "shop", "track", "s9")) as string;
    await sql`select identity.claim(${track}, 'spotify', ${id})`;
    expect(await whyNot(key, track), key).toContain(
      `for: Both claim spotify ${id}; it is bound to "Bare" (${key}).`,
    );
  });

  test("who ruled that they are different, and why", async () => {
    await sql`select identity.rule(${story.song}, ${story.other}, 'cannot_link', 'a cover')`;
    expect((await whyNot(story.other, story.song))[0]).toBe(
      "veto: Ada ruled on today that they are different: a cover.",
    );
    await sql`delete from identity.link_fact`;
  });

  test("that ids which change hands need a second one", async () => {
    await deliver(sql, "archive", [
      { kind: "artist", id: "v1", name: "V", ids: { viaf: "100000001" } },
    ]);
    await deliver(sql, "shop", [
      { kind: "artist", id: "v2", name: "W", ids: { viaf: "100000001" } },
    ]);
    const pair = [
      (await entityOf(sql, "archive", "artist", "v1")) as string,
      (await entityOf(sql, "shop", "artist", "v2")) as string,
    ] as const;
    expect((await whyNot(...pair))[0]).toBe(
      "against: When the record v2 of shop came, its viaf 100000001 was the other's too, but ids of that scheme change hands, and no other id agrees.",
    );
  });

  test("that are of two kinds that they never meet; of nobody: JB151", async () => {
    const artist = (await entityOf(sql, "archive", "artist", "v1")) as string;
    expect((await whyNot(story.song, artist))[0]).toBe(
      "veto: One is of kind track, the other of kind artist.",
    );
    await refused(
      sql`select * from identity.why_not(${story.song}, '01900000-0000-7000-8000-000000000000')`,
      "JB151",
    );
  });
});

describe("resolve_as_of", () => {
  test("answers what resolve answered then, for every id at every moment of random histories", async () => {
    const past = (await testDatabase()).connect({ max: 1 });
    await prepareHistories(past);
    type Answer = { ref: string; at: string; answers: string[] };
    await fc.assert(
      fc.asyncProperty(histories(10), async (steps) => {
        const history = new History(past);
        const moments: Answer[] = [];
        await history.run(steps, async () => {
          const rows = await past<Answer[]>`
            select i.ref, clock_timestamp()::text as at, array(
              select concat_ws(' ', r.status, r.juke_id, r.kind, r.rule, r.scheme, r.value) from identity.resolve(i.ref) r
            ) as answers
            from unnest(${history.references}::text[]) i (ref)`;
          moments.push(...rows);
        });
        const now = await past<{ answers: string[] }[]>`
          select array(
            select concat_ws(' ', r.status, r.juke_id, r.kind, r.rule, r.scheme, r.value)
            from identity.resolve_as_of(i.ref, i.at::timestamptz) r
          ) as answers
          from rows from (unnest(${moments.map(({ ref }) => ref)}::text[]), unnest(${moments.map(({ at }) => at)}::text[]))
            with ordinality i (ref, at, n)
          order by i.n`;
        for (const [n, moment] of moments.entries()) {
          expect(
            { ref: moment.ref, answers: now[n]?.answers },
            `${moment.at}\n${history.log.join("\n")}`,
          ).toEqual({ ref: moment.ref, answers: moment.answers });
        }
      }),
      { numRuns: 40 },
    );
  });

  test("answers nothing before there was anything, and refuses what is no reference: JB103", async () => {
    const before = "2000-01-01T00:00:00Z";
    for (const ref of [story.song, "isrc:GBAYE6800011"]) {
      expect(await sql`select * from identity.resolve_as_of(${ref}, ${before})`).toHaveLength(0);
    }
    await refused(sql`select * from identity.resolve_as_of('nonsense', now())`, "JB103");
    await refused(sql`select * from identity.resolve_as_of(null, now())`, "JB103");
  });

  test("says what a bare code may be as resolve does, and asks for the moment: JB175", async () => {
    const several = "4006381333931 123";
    const now = await refused(sql`select * from identity.resolve(${several})`, "JB103");
    const then = await refused(
      sql`select * from identity.resolve_as_of(${several}, now())`,
      "JB103",
    );
    expect(then).toMatchObject({ message: now.message, detail: now.detail, hint: now.hint });
    await refused(sql`select * from identity.resolve_as_of('isrc:GBAYE6800011', null)`, "JB175");
  });
});

describe("an undo that needs no review", () => {
  const put = (operation: string) => sql`select identity.review_undo(${operation})`;

  test("is said to be one, to be done already, or to concern one entity, and what to do instead: JB173", async () => {
    const { merged, undone, claimed } = story.operations;
    expect(await refused(put(undone), "JB173")).toMatchObject({
      detail: "It is an undo.",
      hint: "Do again what it took back.",
    });
    expect(await refused(put(merged), "JB173")).toMatchObject({
      detail: `Operation ${undone} has undone it already.`,
      hint: "Nothing has to be done.",
    });
    expect(await refused(put(claimed), "JB173")).toMatchObject({
      detail: "It is a claim: it concerns one entity.",
      hint: "Call identity.undo.",
    });
  });
});

describe("a refusal has a detail", () => {
  test("of an entity that would change its kind, and of a delivery that there is not", async () => {
    const free = (await testDatabase({ guarded: false })).sql;
    const entity = await insertEntity(free, "artist", "x");
    const change = free`update catalog.entity set kind = 'label' where juke_id = ${entity}`;
    expect((await refused(change, "JB101")).detail).toBe(
      `${entity} is of kind artist, and would become one of kind label.`,
    );
    await refused(sql`select * from ingest.apply(null, '[]')`, "JB204");
  });
});
