import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { deliver, entityOf, type LooseRecord } from "../catalog-builder.ts";
import { testDatabase } from "../database.ts";
import { difference, exactState } from "./exact-state.ts";
import {
  answers,
  claim,
  merge,
  partOf,
  recordOf,
  remove,
  retract,
  split,
  undo,
} from "./ledger-calls.ts";
import { fillReferringCatalog, pairs } from "./referring-catalog.ts";
import { refused } from "./refusals.ts";

// What "restores" means here. Every row of the catalog, every membership with its rule, evidence and time, every binding and every
// standing claim is what it was, to the last column. Three things stay, because somebody may have seen them: versions
// count on; the key that a split has given out redirects to where its records went; and the ledger knows that a claim
// was made and taken back, or since when it stands again.

const { sql } = await testDatabase();
beforeAll(async () => {
  await fillReferringCatalog(sql);
  // An id that was written by hand becomes its entity's own word when it moves first: here it is from the beginning.
  await sql`select identity.adopt(array(select juke_id from identity.external_id where record_id is null))`;
});

// Each test begins with nothing merged, split or deleted.
afterEach(async () => {
  const standing = await sql`
    select operation_id from identity.operation where op <> 'undo' and undone_by is null order by operation_id desc`;
  for (const { operation_id } of standing) await undo(sql, operation_id);
});

const one = async (kind: string, id: string, source = "first") => {
  const found = await entityOf(sql, source, kind, id);
  if (!found) throw new Error(`there is no ${kind} ${id} of ${source}`);
  return found;
};

/** A small generator of numbers from 0 up to `below`, the same in each run. */
function generator(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (state * 48271) % 2147483647;
    return state % below;
  };
}

/** Expects that what was done in between has left nothing but what `but` passes over. */
async function expectUnchanged(before: string[], but: (line: string) => boolean = () => false) {
  const { gone, come } = difference(before, await exactState(sql));
  expect({ gone, come: come.filter((line) => !but(line)) }).toEqual({ gone: [], come: [] });
}

describe("the undo of a merge", () => {
  test.each(Object.entries(pairs))(
    "of the %ss %j restores every row",
    async (kind, [winner, loser]) => {
      const keys = [await one(kind, winner), await one(kind, loser)] as const;
      const before = await exactState(sql);
      const operation = await merge(sql, keys[0], [keys[1]]);
      const merged = await exactState(sql);
      expect(difference(before, merged).gone.length).toBeGreaterThan(2);
      expect(merged.filter((line) => line.startsWith(`catalog.${kind} `))).toHaveLength(
        before.filter((line) => line.startsWith(`catalog.${kind} `)).length - 1,
      );
      await undo(sql, operation);
      await expectUnchanged(before);
      // And the other way round.
      await undo(sql, await merge(sql, keys[1], [keys[0]]));
      await expectUnchanged(before);
    },
  );

  test("of everything at once, undone in another order, restores every row", async () => {
    const before = await exactState(sql);
    const operations: string[] = [];
    for (const [kind, [winner, loser]] of Object.entries(pairs)) {
      operations.push(await merge(sql, await one(kind, winner), [await one(kind, loser)]));
    }
    for (const n of [4, 0, 7, 10, 2, 9, 1, 3, 8, 6, 5]) await undo(sql, operations[n] as string);
    await expectUnchanged(before);
  });

  test("of one member of it leaves the others merged, and the last one restores every row", async () => {
    const [ann, anne, bob] = [
      await one("artist", "ann"),
      await one("artist", "anne"),
      await one("artist", "bob"),
    ];
    const before = await exactState(sql);
    const onlyBob = await merge(sql, ann, [bob]);
    const expected = await exactState(sql);
    await undo(sql, onlyBob);
    const operation = await merge(sql, ann, [anne, bob]);
    await undo(sql, operation, anne);
    const isOfOperation = (line: string) => /"rule": "merge"|"merged_into": "/.test(line);
    expect((await exactState(sql)).filter((line) => !isOfOperation(line))).toEqual(
      expected.filter((line) => !isOfOperation(line)),
    );
    expect(await answers(sql, bob)).toEqual([ann]);
    await undo(sql, operation);
    await expectUnchanged(before);
  });

  test("of what had taken others in lets those redirect to it again", async () => {
    const [ann, anne, bob] = [
      await one("artist", "ann"),
      await one("artist", "anne"),
      await one("artist", "bob"),
    ];
    const empty = await exactState(sql);
    const inner = await merge(sql, anne, [bob]);
    const before = await exactState(sql);
    const outer = await merge(sql, ann, [anne]);
    expect(await answers(sql, bob)).toEqual([ann]);
    await undo(sql, outer, anne);
    await expectUnchanged(before);
    expect(await answers(sql, bob)).toEqual([anne]);
    await undo(sql, inner);
    await expectUnchanged(empty);
  });
});

describe("the undo of a split", () => {
  test.each([
    ["artist", "ann", "a"],
    ["label", "big", "l"],
    ["track", "one", "t"],
  ])("of the %s %s restores every row; the key it gave out redirects", async (kind, id, other) => {
    const entity = await one(kind, id);
    for (const [source, record] of [
      ["first", id],
      ["second", other],
    ] as const) {
      const before = await exactState(sql);
      const operation = await split(sql, entity, [await recordOf(sql, source, kind, record)]);
      const part = await partOf(sql, operation);
      expect(difference(before, await exactState(sql)).gone.length).toBeGreaterThan(1);
      await undo(sql, operation);
      await expectUnchanged(before, (line) => line.includes(`"juke_id": "${part}"`));
      expect(await sql`select status, juke_id from identity.resolve(${part})`).toMatchObject([
        { status: "redirected", juke_id: entity },
      ]);
    }
  });
});

test("the key of a split in a split redirects to where the records are once both are undone", async () => {
  const ann = await one("artist", "ann");
  const outer = await split(sql, ann, [await recordOf(sql, "second", "artist", "a")]);
  const part = await partOf(sql, outer);
  const merged = await merge(sql, part, [await one("artist", "bob")]);
  const inner = await split(sql, part, [await recordOf(sql, "second", "artist", "a")]);
  const innermost = await partOf(sql, inner);
  await undo(sql, inner);
  expect(await answers(sql, innermost)).toEqual([part]);
  expect((await refused(undo(sql, outer), "JB161")).detail).toContain("merged into it since");
  await undo(sql, merged);
  await undo(sql, outer);
  expect(await answers(sql, innermost)).toEqual([ann]);
  expect(await answers(sql, part)).toEqual([ann]);
});

describe("the undo of a deletion", () => {
  test.each(Object.entries(pairs).flatMap(([kind, ids]) => ids.map((id) => [kind, id] as const)))(
    "of the %s %s restores every row",
    async (kind, id) => {
      const entity = await one(kind, id);
      const before = await exactState(sql);
      const operation = await remove(sql, entity);
      const { gone } = difference(before, await exactState(sql));
      expect(gone.some((line) => line.startsWith(`catalog.${kind} `))).toBe(true);
      await undo(sql, operation);
      await expectUnchanged(before);
    },
  );

  test("of what others were merged into lets them redirect again", async () => {
    const [ann, anne] = [await one("artist", "ann"), await one("artist", "anne")];
    const merged = await merge(sql, ann, [anne]);
    const before = await exactState(sql);
    const operation = await remove(sql, ann);
    expect(await sql`select status from identity.resolve(${anne})`).toMatchObject([
      { status: "deleted" },
    ]);
    await undo(sql, operation);
    await expectUnchanged(before);
    await undo(sql, merged);
  });

  test("of everything, undone in another order, restores every row", async () => {
    const all = Object.entries(pairs).flatMap(([kind, ids]) =>
      ids.map((id) => [kind, id] as const),
    );
    const before = await exactState(sql);
    const operations: string[] = [];
    for (const [kind, id] of all) operations.push(await remove(sql, await one(kind, id)));
    for (const operation of [...operations.slice(9), ...operations.slice(0, 9)]) {
      await undo(sql, operation);
    }
    await expectUnchanged(before);
  });
});

describe("the undo of a claim or a retraction", () => {
  /** An editor's empty record stays when the claim it held is taken back. */
  const isEditors = (line: string) =>
    line.startsWith("identity.membership") && line.includes('"rule": "manual"');
  const sinceWhen = (lines: string[]) =>
    lines.map((line) => line.replace(/"(restored_at|stands_from)": [^,}]+/g, '"$1": …')).sort();

  test.each([
    ["an id that nobody had", "discogs", "77"],
    ["an id that another has", "discogs", "2"],
    ["an id it has already", "discogs", "1"],
  ])(
    "of %s: the claim is taken back, and every row is what it was",
    async (_what, scheme, value) => {
      const ann = await one("artist", "ann");
      const before = await exactState(sql);
      const operation = await claim(sql, ann, scheme, value);
      expect(await answers(sql, `${scheme}:artist:${value}`)).toEqual([ann]);
      await undo(sql, operation);
      await expectUnchanged(before, isEditors);
      expect(
        await sql`
        select retracted_by, reason from identity.assertion
        where external_id = ${value} and source = ${scheme} and method = 'manual'`,
      ).toMatchObject([{ reason: `undo of operation ${operation}` }]);
    },
  );

  test.each([
    ["an exclusive id that two records of it state", "artist", "ann", "discogs", "1"],
    ["a shared id that another has too", "track", "one", "isrc", "GBAYE6800011"],
    ["a contested id", "artist", "bob", "discogs", "3"],
    ["the mbid", "artist", "anne", "mbid", "00000000-0000-4000-8000-000000000002"],
  ])(
    "of %s: it stands again since now, as old as it was",
    async (_what, kind, id, scheme, value) => {
      const entity = await one(kind, id);
      const before = await exactState(sql);
      const operation = await retract(sql, entity, scheme, value);
      expect(await answers(sql, `${scheme}:${kind}:${value}`)).not.toContain(entity);
      await undo(sql, operation);
      const { gone, come } = difference(sinceWhen(before), sinceWhen(await exactState(sql)));
      expect({ gone, come }).toEqual({ gone: [], come: [] });
      // Once more: what stands again can be taken back again.
      await undo(sql, await retract(sql, entity, scheme, value));
      expect(difference(sinceWhen(before), sinceWhen(await exactState(sql)))).toEqual({
        gone: [],
        come: [],
      });
    },
  );
});

test("any operations, undone in any order that is allowed, end where they began", async () => {
  const random = generator(7);
  const pick = <T>(from: readonly T[]): T => from[random(from.length)] as T;
  const members = async () => sql`
    select m.juke_id, e.kind, array_agg(m.record_id) as records
    from identity.membership m join catalog.entity e using (juke_id)
    where e.status = 'active' and m.rule <> 'manual'
    group by 1, 2 order by 1`;
  const ids = async (entity: string) => sql`
    select source as scheme, external_id as value from identity.external_id
    where juke_id = ${entity} and record_id is not null`; // one without a record becomes an editor's when it is taken back
  const isEditors = (line: string) => /"rule": "manual"/.test(line);
  const sinceWhen = (lines: string[]) =>
    lines.map((line) => line.replace(/"(restored_at|stands_from)": [^,}]+/g, '"$1": …')).sort();

  for (let round = 0; round < 6; round++) {
    const before = await exactState(sql);
    const standing: string[] = [];
    const parts: string[] = [];
    for (let n = 0; n < 10; n++) {
      const all = await members();
      const entity = pick(all);
      const peers = all.filter(
        ({ kind, juke_id }) => kind === entity.kind && juke_id !== entity.juke_id,
      );
      const what = random(6);
      if (what <= 1 && peers.length > 0) {
        await merge(sql, entity.juke_id, [pick(peers).juke_id]).then(
          (operation) => standing.push(operation),
          (error) => expect(error.code).toBe("JB156"), // the two were split before
        );
      } else if (what === 2) {
        standing.push(await remove(sql, entity.juke_id));
      } else if (what === 3 && entity.records.length > 1) {
        const operation = await split(sql, entity.juke_id, [pick(entity.records)]);
        parts.push(await partOf(sql, operation));
        standing.push(operation);
      } else {
        const known = await ids(entity.juke_id);
        if (known.length > 0) {
          const { scheme, value } = pick(known);
          standing.push(await retract(sql, entity.juke_id, scheme, value));
        }
      }
    }
    expect(difference(before, await exactState(sql)).gone.length).toBeGreaterThan(5);
    const done: string[] = [];
    while (standing.length > 0) {
      const n = random(standing.length);
      const outcome = await undo(sql, standing[n] as string).then(
        () => "done",
        (error) => error.code,
      );
      // Those that later ones stand in the way of have to wait for these; the last one waits for nobody.
      expect([n === standing.length - 1 ? "" : "JB161", "done"]).toContain(outcome);
      if (outcome === "done") done.push(...standing.splice(n, 1));
    }
    const { gone, come } = difference(sinceWhen(before), sinceWhen(await exactState(sql)));
    const isPart = (line: string) => parts.some((part) => line.includes(`"juke_id": "${part}"`));
    expect({ round, done, gone, come: come.filter((l) => !isPart(l) && !isEditors(l)) }).toEqual({
      round,
      done,
      gone: [],
      come: [],
    });
  }
});

describe("what has happened since stays", () => {
  const edited = async (entity: string, patch: Record<string, string | null>) =>
    sql`select version from catalog.edit(${entity}, ${sql.json(patch)})`;
  const row = async (entity: string) =>
    (await sql`select to_jsonb(a) as row from catalog.artist a where juke_id = ${entity}`)[0]?.row;

  test("an edit, a record that joined and another source's news outlive the undo of a merge", async () => {
    const [ann, anne, bob] = [
      await one("artist", "ann"),
      await one("artist", "anne"),
      await one("artist", "bob"),
    ];
    const before = await row(anne);
    const operation = await merge(sql, ann, [anne]);
    await edited(ann, { area: "Leeds" });
    await edited(bob, { area: "York" });
    const joins: LooseRecord = { kind: "artist", id: "joins", name: "Ann", ids: { discogs: "1" } };
    await deliver(sql, "second", [
      joins,
      { kind: "artist", id: "b", scope: "partial", gender: "male" },
    ]);
    await undo(sql, operation);
    expect(await row(ann)).toMatchObject({ name: "Ann", area: "Leeds" });
    expect(await row(anne)).toEqual(before);
    expect(await row(bob)).toMatchObject({ area: "York" });
    expect(await row(await one("artist", "b", "second"))).toMatchObject({ gender: "male" });
    expect(await one("artist", "joins", "second")).toBe(ann);
  });

  test("what a source has said since of a record that moves back moves back with it", async () => {
    const [ann, anne] = [await one("artist", "ann"), await one("artist", "anne")];
    const operation = await merge(sql, ann, [anne]);
    await deliver(sql, "first", [
      {
        kind: "artist",
        id: "anne",
        scope: "partial",
        area: "Paris",
        ids: { discogs: ["2", "22"] },
      },
    ]);
    expect(await answers(sql, "discogs:artist:22")).toEqual([ann]);
    await undo(sql, operation);
    expect(await row(anne)).toMatchObject({ name: "Anne", area: "Paris" });
    expect(await answers(sql, "discogs:artist:22")).toEqual([anne]);
    expect((await row(ann)).area).toBe("Leeds");
  });

  test("a reference that was made since to what was deleted is there after the undo", async () => {
    const ann = await one("artist", "ann");
    const operation = await remove(sql, ann);
    const credits = [{ role: "artist", contributor: { kind: "artist", id: "ann" } }];
    await deliver(sql, "first", [{ kind: "track", id: "late", title: "Late", credits }]);
    const late = await one("track", "late");
    const credit = () => sql`select contributor_id from catalog.credit where juke_id = ${late}`;
    expect(await credit()).toHaveLength(0);
    await undo(sql, operation);
    expect(await credit()).toEqual([{ contributor_id: ann }]);
  });

  test("a reference by a transaction that began before the deletion and ended after it is there, too", async () => {
    const ann = await one("artist", "ann");
    const credits = [{ role: "artist", contributor: { kind: "artist", id: "ann" } }];
    let operation = "";
    await sql.begin(async (tx) => {
      await tx`select now()`;
      operation = await remove(sql, ann);
      await deliver(tx, "first", [{ kind: "track", id: "later", title: "Later", credits }]);
    });
    await undo(sql, operation);
    const later = await one("track", "later");
    expect(await sql`select contributor_id from catalog.credit where juke_id = ${later}`).toEqual([
      { contributor_id: ann },
    ]);
  });
});

describe("an undo is refused", () => {
  test("with the plan, when later operations touched the same members: JB161", async () => {
    const [ann, anne, bob] = [
      await one("artist", "ann"),
      await one("artist", "anne"),
      await one("artist", "bob"),
    ];
    const first = await merge(sql, ann, [anne]);
    const second = await merge(sql, bob, [ann]);
    const { detail, hint } = await refused(undo(sql, first), "JB161");
    expect(detail).toContain(`operation ${second} (merge)`);
    expect(hint).toContain(`identity.undo_plan(${first})`);
    const before = await exactState(sql);
    await refused(undo(sql, first, anne), "JB161");
    expect(await exactState(sql)).toEqual(before);
    await undo(sql, second);
    await undo(sql, first);

    const parted = await split(sql, ann, [await recordOf(sql, "second", "artist", "a")]);
    const gone = await remove(sql, ann);
    const blocked = await refused(undo(sql, parted), "JB161");
    expect(blocked.detail).toContain("deleted");
    await undo(sql, gone);
    await undo(sql, parted);

    const claimed = await claim(sql, ann, "discogs", "78");
    const retracted = await retract(sql, ann, "discogs", "78");
    expect((await refused(undo(sql, claimed), "JB161")).detail).toContain(`operation ${retracted}`);
    await undo(sql, retracted);
    await undo(sql, claimed);
  });

  test("when it was undone already, is an undo, or has no such member: JB160", async () => {
    const [ann, anne, bob] = [
      await one("artist", "ann"),
      await one("artist", "anne"),
      await one("artist", "bob"),
    ];
    const merged = await merge(sql, ann, [anne]);
    await refused(undo(sql, merged, bob), "JB160");
    const undone = await undo(sql, merged);
    await refused(undo(sql, merged), "JB160");
    await refused(undo(sql, merged, anne), "JB160");
    await refused(undo(sql, undone), "JB160");
    for (const operation of [
      await split(sql, ann, [await recordOf(sql, "second", "artist", "a")]),
      await remove(sql, bob),
      await claim(sql, anne, "discogs", "79"),
      await retract(sql, anne, "discogs", "2"),
    ]) {
      await refused(undo(sql, operation, anne), "JB160");
      await undo(sql, operation);
      await refused(undo(sql, operation), "JB160");
    }
  });

  test("when there is no such operation: JB159", async () => {
    await refused(undo(sql, "999999"), "JB159");
    await refused(undo(sql, null), "JB159");
    await refused(sql`select * from identity.undo_plan(999999)`, "JB159");
  });
});

describe("a merge of sixty", () => {
  const names = Array.from({ length: 61 }, (_, n) => `many-${n}`);
  let winner = "";
  let losers: string[] = [];

  beforeAll(async () => {
    await deliver(
      sql,
      "first",
      names.flatMap((id, n) => [
        {
          kind: "artist",
          id,
          name: id,
          ids: { deezer: String(1000 + n), ipi: "00014107338" },
          aliases: [{ name: `alias ${n % 7}` }],
        },
        {
          kind: "track",
          id,
          title: id,
          credits: [
            { role: "artist", contributor: { kind: "artist", id } },
            { role: "artist", contributor: { kind: "artist", id: names[(n + 1) % 61] } },
          ],
        } as LooseRecord,
      ]),
    );
    const keys = await Promise.all(names.map((id) => one("artist", id)));
    [winner = "", ...losers] = keys;
  });

  test("gives one of them back, and all of the rest at once", async () => {
    const before = await exactState(sql);
    const operation = await merge(sql, winner, losers);
    await undo(sql, operation, losers[17]);
    expect(await answers(sql, losers[17] as string)).toEqual([losers[17]]);
    expect(await answers(sql, "deezer:artist:1018")).toEqual([losers[17]]);
    expect(await answers(sql, losers[18] as string)).toEqual([winner]);
    const credited = await sql`
      select e.display_name, c.position from catalog.credit c join catalog.entity e using (juke_id)
      where contributor_id = ${losers[17] as string} order by 1`;
    expect([...credited]).toEqual([
      { display_name: "many-17", position: 2 },
      { display_name: "many-18", position: 1 },
    ]);
    await undo(sql, operation);
    await expectUnchanged(before);
  });

  test("one by one, undone one by one in any order, ends where it began", async () => {
    const before = await exactState(sql);
    const operations = [];
    for (const loser of losers.slice(0, 24)) operations.push(await merge(sql, winner, [loser]));
    const whole = await merge(sql, winner, losers.slice(24));
    const random = generator(1);
    const rest: (readonly [string, string?])[] = [
      ...operations.map((operation) => [operation] as const),
      ...losers.slice(24, 48).map((loser) => [whole, loser] as const),
    ];
    while (rest.length > 0) {
      const [[operation, member] = [""]] = rest.splice(random(rest.length), 1);
      await undo(sql, operation, member);
    }
    await undo(sql, whole);
    await expectUnchanged(before);
  });
});
