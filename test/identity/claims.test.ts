import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { deliver, entityOf, insertEntity, type LooseRecord } from "../catalog-builder.ts";
import { testDatabase } from "../database.ts";
import { answers, claim, merge, recordOf, remove, retract, undo } from "./ledger-calls.ts";
import { refused } from "./refusals.ts";

const { sql } = await testDatabase();

let count = 0;
/** Ids that no other test uses. */
const newSpotify = () => String(++count).padStart(22, "0");
const newIsrc = () => `GBAYE68${String(++count).padStart(5, "0")}`;
/** The later, the greater. */
const newId = () => `c${String(++count).padStart(6, "0")}`;

beforeAll(async () => {
  await sql`
    insert into ingest.source (source, title, priority)
    values ('low', 'low', 1), ('mid', 'mid', 100), ('mid-too', 'mid too', 100), ('high', 'high', 2000)`;
});

type Kind = "artist" | "track";
const said = (kind: Kind, id: string, ids: object = {}): LooseRecord => ({
  kind,
  id,
  [kind === "artist" ? "name" : "title"]: id,
  ids,
});

/** An entity of one record of a source; an mbid of its own keeps it from any other. */
async function newEntity(source = "mid", kind: Kind = "artist", ids: object = {}, id = newId()) {
  await deliver(sql, source, [said(kind, id, { mbid: randomUUID(), ...ids })]);
  const juke = (await entityOf(sql, source, kind, id)) as string;
  return { juke, record: await recordOf(sql, source, kind, id), source, kind, id };
}

async function binding(scheme: string, value: string) {
  const [row] = await sql`
    select juke_id, record_id, is_contested, method, confidence
    from identity.external_id where source = ${scheme} and external_id = ${value}`;
  return row;
}

/** The claims to an id that stand, the bound one first, then by age. */
const ledger = (value: string) => sql`
  select juke_id, status, method, is_binding, retracted_by, reason
  from identity.assertion where external_id = ${value}
  order by retracted_at is not null, is_binding desc, asserted_at`;

type Written = { record: string; confidence: number; at: Date };

/** Writes claims into the ledger as a matching rule would, and binds the id. */
async function assertAll(value: string, claims: Written[]) {
  for (const { record, confidence, at } of claims) {
    await sql`
      insert into identity.further_claim (external_id, source, kind, record_id, method, confidence, asserted_at)
      values (${value}, 'spotify', 'artist', ${record}, 'matched', ${confidence}, ${at})`;
  }
  await sql`
    select identity.rebind(array[row (${value}, 'spotify', 'artist')::identity.id_key])`;
}

describe("the winner of an id", () => {
  test("is the claim of a person, then the surest, of the highest authority, of the least name", async () => {
    // Each is better than the next in one respect only, and worse in all that count less.
    const last = await newEntity("mid-too");
    const fourth = await newEntity("mid");
    const fifth = await newEntity("mid");
    const third = await newEntity("high");
    const second = await newEntity("low");
    const first = await newEntity("low");
    expect(BigInt(last.record)).toBeLessThan(BigInt(fourth.record));
    const value = newSpotify();
    const day = (n: number) => new Date(Date.UTC(2020, 0, n));
    await assertAll(value, [
      { record: last.record, confidence: 0.8, at: day(3) },
      { record: third.record, confidence: 0.8, at: day(6) },
      { record: fifth.record, confidence: 0.8, at: day(4) },
      { record: second.record, confidence: 0.9, at: day(7) },
      { record: fourth.record, confidence: 0.8, at: day(5) },
    ]);
    await claim(sql, first.juke, "spotify", value, 0.1);
    const found = [];
    for (let n = 0; n < 6; n++) {
      const winner = (await binding("spotify", value))?.juke_id;
      found.push(winner);
      await retract(sql, winner, "spotify", value);
    }
    expect(found).toEqual([first, second, third, fourth, fifth, last].map(({ juke }) => juke));
    expect(await binding("spotify", value)).toBeUndefined();
  });

  test("is the same whatever the order in which the claims came, one by one or together", async () => {
    const owners = await Promise.all(
      ["low", "mid", "mid-too", "high", "high"].map((source) => newEntity(source)),
    );
    const authority: Record<string, number> = { low: 1, mid: 100, "mid-too": 100, high: 2000 };
    const claims = fc.shuffledSubarray(owners, { minLength: 2 }).chain((some) =>
      fc.tuple(
        ...some.map((owner) =>
          fc.record({
            owner: fc.constant(owner),
            confidence: fc.constantFrom(0.5, 0.75, 1),
            day: fc.constantFrom(1, 2),
          }),
        ),
      ),
    );
    await fc.assert(
      fc.asyncProperty(claims, fc.boolean(), async (written, together) => {
        const value = newSpotify();
        const rows = written.map(({ owner, confidence, day }) => ({
          record: owner.record,
          confidence,
          at: new Date(Date.UTC(2020, 0, day)),
        }));
        for (const batch of together ? [rows] : rows.map((row) => [row])) {
          await assertAll(value, batch);
        }
        const [best] = written.toSorted(
          (a, b) =>
            b.confidence - a.confidence ||
            (authority[b.owner.source] ?? 0) - (authority[a.owner.source] ?? 0) ||
            ([a.owner.source, a.owner.id].join(" ") < [b.owner.source, b.owner.id].join(" ")
              ? -1
              : 1),
        );
        expect(await binding("spotify", value)).toMatchObject({
          juke_id: best?.owner.juke,
          record_id: best?.owner.record,
          confidence: best?.confidence,
          is_contested: true,
        });
      }),
      { numRuns: 60 },
    );
  });

  test("is never a tombstone while a living entity claims the id", async () => {
    const [person, source] = [await newEntity(), await newEntity("low")];
    const value = newSpotify();
    await claim(sql, person.juke, "spotify", value);
    await assertAll(value, [{ record: source.record, confidence: 0.1, at: new Date() }]);
    expect(await answers(sql, `spotify:artist:${value}`)).toEqual([person.juke]);
    const operation = await remove(sql, person.juke);
    expect(await answers(sql, `spotify:artist:${value}`)).toEqual([source.juke]);
    expect(await binding("spotify", value)).toMatchObject({ is_contested: false });
    await undo(sql, operation);
    expect(await answers(sql, `spotify:artist:${value}`)).toEqual([person.juke]);
  });
});

describe("a second claim on an exclusive id", () => {
  test("makes the binding contested and opens a review in the same transaction; nothing is stolen", async () => {
    const discogs = "4711";
    const first = await newEntity("mid", "artist", { discogs });
    const id = newId();
    await sql.begin(async (tx) => {
      await deliver(tx, "mid", [said("artist", id, { mbid: randomUUID(), discogs })]);
      const second = (await entityOf(tx, "mid", "artist", id)) as string;
      expect(second).not.toBe(first.juke);
      expect(await answers(tx, `discogs:artist:${discogs}`)).toEqual([first.juke]);
      const [bound] = await tx`
        select juke_id, is_contested from identity.external_id where external_id = ${discogs} and source = 'discogs'`;
      expect(bound).toEqual({ juke_id: first.juke, is_contested: true });
      const [review] = await tx`
        select topic, kind, a ->> 'juke_id' as a, b ->> 'juke_id' as b, source, external_id, evidence
        from identity.review_queue(1000) where external_id = ${discogs}`;
      expect(review).toMatchObject({
        topic: "contested",
        kind: "artist",
        a: first.juke,
        b: second,
        source: "discogs",
        external_id: discogs,
        evidence: { bound: { record_id: Number(first.record) }, claimed: { confidence: 1 } },
      });
    });
    const second = (await entityOf(sql, "mid", "artist", id)) as string;
    expect(await ledger(discogs)).toMatchObject([
      { juke_id: first.juke, is_binding: true },
      { juke_id: second, is_binding: false },
    ]);

    // Asked again and again it remains one question; when one of the two takes it back it is settled.
    await deliver(sql, "mid", [said("artist", id, { mbid: randomUUID(), discogs })]);
    expect(
      await sql`select from identity.review where external_id = ${discogs} and status = 'open'`,
    ).toHaveLength(1);
    await retract(sql, second, "discogs", discogs);
    expect(await binding("discogs", discogs)).toMatchObject({ is_contested: false });
    expect(
      await sql`select status, decided_by from identity.review where external_id = ${discogs}`,
    ).toMatchObject([{ status: "settled", decided_by: "jukebase" }]);
  });

  test("by a person binds the id to what the person says, and leaves the other claim standing", async () => {
    const value = newSpotify();
    const [first, second] = [
      await newEntity("high", "artist", { spotify: value }),
      await newEntity("low"),
    ];
    await sql.begin(async (tx) => {
      await claim(tx, second.juke, "spotify", value, 0.2, "the sleeve");
      const [bound] = await tx`
        select juke_id, is_contested, method, confidence from identity.external_id where external_id = ${value}`;
      expect(bound).toEqual({
        juke_id: second.juke,
        is_contested: true,
        method: "manual",
        confidence: 0.2,
      });
      expect(
        await tx`select a_juke_id, b_juke_id from identity.review where external_id = ${value} and status = 'open'`,
      ).toMatchObject([{ a_juke_id: second.juke, b_juke_id: first.juke }]);
    });
    expect(await ledger(value)).toMatchObject([
      { juke_id: second.juke, is_binding: true, method: "manual" },
      { juke_id: first.juke, is_binding: false, method: "stated", retracted_by: null },
    ]);
  });
});

test("an id of a shared scheme answers with all entities that claim it, the best first, and is not contested", async () => {
  const isrc = newIsrc();
  const low = await newEntity("low", "track", { isrc });
  const older = await newEntity("mid", "track", { isrc });
  const newer = await newEntity("mid-too", "track", { isrc });
  const high = await newEntity("high", "track", { isrc });
  expect(await answers(sql, `isrc:${isrc}`)).toEqual(
    [high, older, newer, low].map(({ juke }) => juke),
  );
  await claim(sql, low.juke, "isrc", isrc, 0.1);
  expect(await answers(sql, `isrc:${isrc}`)).toEqual(
    [low, high, older, newer].map(({ juke }) => juke),
  );
  expect(await binding("isrc", isrc)).toMatchObject({ juke_id: low.juke, is_contested: false });
  expect(await sql`select from identity.review where external_id = ${isrc}`).toHaveLength(0);

  const operation = await remove(sql, high.juke);
  expect(await answers(sql, `isrc:${isrc}`)).toEqual([low, older, newer].map(({ juke }) => juke));
  await undo(sql, operation);
  await merge(sql, newer.juke, [high.juke]);
  expect(await answers(sql, `isrc:${isrc}`)).toEqual([low, newer, older].map(({ juke }) => juke));
});

describe("a retraction", () => {
  test("binds the next best claim, and the one after that", async () => {
    const value = newSpotify();
    const mid = await newEntity("mid", "artist", { spotify: value });
    const high = await newEntity("high", "artist", { spotify: value });
    const low = await newEntity("low", "artist", { spotify: value });
    for (const { juke } of [high, mid, low]) {
      expect(await answers(sql, `spotify:artist:${value}`)).toEqual([juke]);
      await retract(sql, juke, "spotify", value, "a namesake");
    }
    expect(await answers(sql, `spotify:artist:${value}`)).toEqual([]);
    const claims = await ledger(value);
    expect(claims).toHaveLength(3);
    for (const each of claims) {
      expect(each).toMatchObject({ is_binding: false, reason: "a namesake" });
      expect(each.retracted_by).toBeTruthy();
    }
  });

  test("by a person holds however the source repeats the id; its undo lets it stand again", async () => {
    const value = newSpotify();
    const { juke, id } = await newEntity("mid", "artist", { spotify: value });
    const operation = await retract(sql, juke, "spotify", value, "a namesake");
    const url = `https://open.spotify.com/artist/${value}`;
    for (const [n, spotify] of [value, url, [value, url], null, value].entries()) {
      await deliver(sql, "mid", [{ ...said("artist", id), name: `${n}`, ids: { spotify } }]);
      expect(await answers(sql, `spotify:artist:${value}`)).toEqual([]);
      expect(await ledger(value)).toHaveLength(1);
    }
    await undo(sql, operation);
    expect(await answers(sql, `spotify:artist:${value}`)).toEqual([juke]);
  });

  test("by the source itself ends when it says the id again", async () => {
    const value = newSpotify();
    const { juke, id } = await newEntity("mid", "artist", { spotify: value });
    await deliver(sql, "mid", [said("artist", id)]);
    expect(await answers(sql, `spotify:artist:${value}`)).toEqual([]);
    expect(await ledger(value)).toMatchObject([{ is_binding: false, retracted_by: "record" }]);
    await deliver(sql, "mid", [said("artist", id, { spotify: value })]);
    expect(await answers(sql, `spotify:artist:${value}`)).toEqual([juke]);
    expect(await ledger(value)).toMatchObject([
      { is_binding: true, retracted_by: null },
      { is_binding: false, retracted_by: "record" },
    ]);
  });

  test("takes back what was written by hand, too", async () => {
    const entity = await insertEntity(sql, "artist", "by hand");
    const value = newSpotify();
    await sql`
      insert into catalog.artist_external_id (juke_id, source, external_id) values (${entity}, 'spotify', ${value})`;
    await retract(sql, entity, "spotify", value);
    expect(await answers(sql, `spotify:artist:${value}`)).toEqual([]);
    expect(await ledger(value)).toMatchObject([{ juke_id: entity, is_binding: false }]);
  });
});

test("an invalid value is kept as it came with status invalid, bound to nothing, and goes when it is corrected", async () => {
  const wrong = "0000-0002-1825-0098";
  const { juke, id } = await newEntity("mid", "artist", { isni: wrong });
  const claims = () => sql`
    select source, external_id, status, is_binding, retracted_by
    from identity.assertion where juke_id = ${juke} and source = 'isni' order by retracted_at nulls last`;
  expect([...(await claims())]).toEqual([
    {
      source: "isni",
      external_id: wrong,
      status: "invalid",
      is_binding: false,
      retracted_by: null,
    },
  ]);
  expect(await binding("isni", wrong)).toBeUndefined();
  expect(await binding("isni", "0000000218250098")).toBeUndefined();
  await deliver(sql, "mid", [said("artist", id, { isni: "0000-0002-1825-0097" })]);
  expect(await claims()).toMatchObject([
    { external_id: wrong, status: "invalid", is_binding: false, retracted_by: "record" },
    { external_id: "0000000218250097", status: "valid", is_binding: true },
  ]);
});

describe("a claim or retraction is refused, and says why and what to do", () => {
  const valid = newSpotify();

  test("an unknown scheme: JB105", async () => {
    const { juke } = await newEntity();
    for (const scheme of ["nonsense", null]) {
      await refused(claim(sql, juke, scheme, valid), "JB105");
      await refused(retract(sql, juke, scheme, valid), "JB105");
    }
  });

  test("a scheme that does not name the kind, or nobody's: JB106", async () => {
    const { juke } = await newEntity();
    await refused(claim(sql, juke, "isrc", newIsrc()), "JB106");
    await refused(retract(sql, juke, "isrc", newIsrc()), "JB106");
    await refused(claim(sql, juke, "juke_id", juke), "JB106");
  });

  test("an id that is not valid in its scheme: JB150", async () => {
    const { juke } = await newEntity();
    for (const value of ["0000000218250098", "", "x".repeat(5000), null]) {
      await refused(claim(sql, juke, "isni", value), "JB150");
      await refused(retract(sql, juke, "isni", value), "JB150");
    }
  });

  test("an entity that does not exist: JB151", async () => {
    for (const nobody of [randomUUID(), null]) {
      await refused(claim(sql, nobody, "spotify", valid), "JB151");
      await refused(retract(sql, nobody, "spotify", valid), "JB151");
    }
  });

  test("an entity that was merged or deleted: JB152", async () => {
    const [winner, loser, gone] = [await newEntity(), await newEntity(), await newEntity()];
    await merge(sql, winner.juke, [loser.juke]);
    await remove(sql, gone.juke);
    const { detail } = await refused(claim(sql, loser.juke, "spotify", valid), "JB152");
    expect(detail).toContain(winner.juke);
    await refused(claim(sql, gone.juke, "spotify", valid), "JB152");
    await refused(retract(sql, loser.juke, "spotify", valid), "JB152");
    await refused(retract(sql, gone.juke, "spotify", valid), "JB152");
  });

  test("what the entity does not claim, or not any more: JB169", async () => {
    const { juke } = await newEntity();
    await refused(retract(sql, juke, "spotify", valid), "JB169");
    const value = newSpotify();
    await claim(sql, juke, "spotify", value);
    await retract(sql, juke, "spotify", value);
    await refused(retract(sql, juke, "spotify", value), "JB169");
  });

  test("what a person has claimed already: JB170; it may be claimed again once it was taken back", async () => {
    const value = newSpotify();
    const { juke } = await newEntity("mid", "artist", { spotify: value });
    const operation = await claim(sql, juke, "spotify", value, 0.5);
    await refused(claim(sql, juke, "spotify", value, 0.9), "JB170");
    await undo(sql, operation);
    await claim(sql, juke, "spotify", value, 0.9);
    expect(await binding("spotify", value)).toMatchObject({ method: "manual", confidence: 0.9 });
  });

  test("a confidence that is no probability: JB171", async () => {
    const { juke } = await newEntity();
    for (const confidence of [-0.1, 1.1, Number.NaN, null]) {
      await refused(claim(sql, juke, "spotify", valid, confidence), "JB171");
    }
    await claim(sql, juke, "spotify", valid, 0);
  });

  test("and leaves nothing behind", async () => {
    const { juke } = await newEntity();
    await refused(claim(sql, juke, "isni", "x"), "JB150");
    await refused(retract(sql, juke, "spotify", newSpotify()), "JB169");
    expect(await sql`select from identity.operation where juke_id = ${juke}`).toHaveLength(0);
    expect(await sql`select from identity.membership where juke_id = ${juke}`).toHaveLength(1);
  });
});
