import { randomUUID } from "node:crypto";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { deliver, entityOf, eventsAfter, head, insertEntity } from "../catalog-builder.ts";
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

const { sql } = await testDatabase();
beforeAll(() => fillReferringCatalog(sql));

// Each test begins with nothing merged, split or deleted.
afterEach(async () => {
  const standing = await sql`
    select operation_id from identity.operation where op <> 'undo' and undone_by is null order by operation_id desc`;
  for (const { operation_id } of standing) await undo(sql, operation_id);
});

const one = async (kind: string, id: string, source = "first") =>
  (await entityOf(sql, source, kind, id)) as string;
const three = async () =>
  [await one("artist", "ann"), await one("artist", "anne"), await one("artist", "bob")] as const;

async function resolved(ref: string) {
  const [row] = await sql`select status, juke_id from identity.resolve(${ref})`;
  return row;
}

describe("a merge is refused, says why, and changes nothing", () => {
  test("of what does not exist: JB151", async () => {
    const [ann] = await three();
    await refused(merge(sql, ann, [randomUUID()]), "JB151");
    await refused(merge(sql, randomUUID(), [ann]), "JB151");
    await refused(sql`select identity.merge(null, ${[ann]}::uuid[])`, "JB151");
  });

  test("of what was merged or deleted: JB152, which names the survivor", async () => {
    const [ann, anne, bob] = await three();
    await merge(sql, ann, [anne]);
    expect((await refused(merge(sql, bob, [anne]), "JB152")).detail).toContain(ann);
    await refused(merge(sql, anne, [bob]), "JB152");
    await remove(sql, bob);
    await refused(merge(sql, ann, [bob]), "JB152");
    await refused(merge(sql, bob, [ann]), "JB152");
  });

  test("of an entity with itself, alone or among others: JB153", async () => {
    const [ann, anne] = await three();
    await refused(merge(sql, ann, [ann]), "JB153");
    await refused(merge(sql, ann, [anne, ann]), "JB153");
  });

  test("across kinds: JB154, which names both", async () => {
    const [ann, anne] = await three();
    const label = await one("label", "big");
    const { detail } = await refused(merge(sql, ann, [anne, label]), "JB154");
    expect(detail).toContain(`${label} is of kind label`);
  });

  test.each([
    ["Various Artists by its mbid", { mbid: "89ad4ac3-39f7-470e-963a-56509c546377" }],
    ["Various by its discogs id", { discogs: "194" }],
  ])("of %s: JB155, on either side; nor can it be deleted", async (_what, ids) => {
    const [ann] = await three();
    const id = Object.values(ids)[0] as string;
    await deliver(sql, "first", [{ kind: "artist", id, name: "Various", ids }]);
    const various = await one("artist", id);
    await refused(merge(sql, ann, [various]), "JB155");
    await refused(merge(sql, various, [ann]), "JB155");
    await refused(remove(sql, various), "JB155");
  });

  test("of what people have ruled to be different: JB156, which says who and why; of what they became, too", async () => {
    const [ann, anne, bob] = await three();
    await sql.begin(async (tx) => {
      await tx`set local jukebase.actor = 'Ada'`;
      await tx`select identity.rule(${ann}, ${bob}, 'cannot_link', 'mother and son')`;
    });
    const { detail } = await refused(merge(sql, ann, [bob]), "JB156");
    expect(detail).toMatch(/Ada decided on .* mother and son/);
    await merge(sql, anne, [bob]);
    await refused(merge(sql, ann, [anne]), "JB156");
    // The last word holds, also over what was said of those they have become.
    await sql`select identity.rule(${anne}, ${ann}, 'must_link')`;
    await merge(sql, ann, [anne]);
  });

  test("of nothing: JB157", async () => {
    const [ann] = await three();
    await refused(merge(sql, ann, []), "JB157");
    await refused(sql`select identity.merge(${ann}, array[null]::uuid[])`, "JB157");
    await refused(sql`select identity.merge(${ann}, null)`, "JB157");
  });

  test("and its plan is refused in the same way", async () => {
    const [ann, anne] = await three();
    const label = await one("label", "big");
    for (const [losers, code] of [
      [[], "JB157"],
      [[ann], "JB153"],
      [[anne, label], "JB154"],
      [[randomUUID()], "JB151"],
    ] as const) {
      const before = await exactState(sql);
      await refused(sql`select * from identity.merge_plan(${ann}, ${losers}::uuid[])`, code);
      await refused(merge(sql, ann, [...losers]), code);
      expect(await exactState(sql)).toEqual(before);
    }
  });
});

test("a split by no records, by another's records or by all of them is refused: JB158", async () => {
  const [ann, , bob] = await three();
  const [own, other, stray] = [
    await recordOf(sql, "first", "artist", "ann"),
    await recordOf(sql, "second", "artist", "a"),
    await recordOf(sql, "first", "artist", "bob"),
  ];
  expect((await refused(split(sql, ann, []), "JB158")).detail).toContain("No record");
  expect((await refused(split(sql, ann, [own, stray]), "JB158")).detail).toContain(stray);
  expect((await refused(split(sql, ann, [own, other]), "JB158")).detail).toContain("All");
  await refused(split(sql, ann, ["999999"]), "JB158");
  await refused(split(sql, randomUUID(), [own]), "JB151");
  await remove(sql, bob);
  await refused(split(sql, bob, [stray]), "JB152");
});

test("redirects are one hop, however deep the merges: the history has every step", async () => {
  const [ann, anne, bob] = await three();
  const first = await merge(sql, anne, [bob]);
  const second = await merge(sql, ann, [anne]);
  for (const loser of [anne, bob]) {
    expect(await resolved(loser)).toEqual({ status: "redirected", juke_id: ann });
    const [row] =
      await sql`select status, merged_into from catalog.entity where juke_id = ${loser}`;
    expect(row).toEqual({ status: "merged", merged_into: ann });
  }
  const changes = (operation: string) => sql`
    select juke_id, from_status, from_merged_into, to_status, to_merged_into
    from identity.changed_entity where operation_id = ${operation} order by from_status, juke_id`;
  const into = { to_status: "merged" };
  const was = { from_status: "active", from_merged_into: null };
  expect([...(await changes(first))]).toEqual([
    { juke_id: bob, ...was, ...into, to_merged_into: anne },
  ]);
  expect([...(await changes(second))]).toEqual([
    { juke_id: anne, ...was, ...into, to_merged_into: ann },
    { juke_id: bob, from_status: "merged", from_merged_into: anne, ...into, to_merged_into: ann },
  ]);
});

test("a tombstone resolves as deleted by its juke_id and by its ids, and so does what was merged into it", async () => {
  const [ann, anne, bob] = await three();
  await merge(sql, bob, [anne]);
  await remove(sql, bob);
  for (const ref of [bob, anne]) expect((await resolved(ref))?.status).toBe("deleted");
  for (const ref of [
    "mbid:00000000-0000-4000-8000-000000000003",
    "00000000-0000-4000-8000-000000000002",
    "discogs:artist:2",
    "wikidata:artist:Q1",
  ]) {
    expect([ref, await resolved(ref)]).toEqual([ref, { status: "deleted", juke_id: bob }]);
  }
  // What a living entity claims too is that one's.
  const other = await one("artist", "b", "second");
  expect(await resolved("discogs:artist:3")).toEqual({ status: "found", juke_id: other });
  expect(await resolved("discogs:artist:1")).toEqual({ status: "found", juke_id: ann });
});

describe("a plan", () => {
  const bound = async () =>
    new Map(
      (await sql`select source, external_id, juke_id from identity.external_id`).map((row) => [
        `${row.source} ${row.external_id} names the winner`,
        row.juke_id,
      ]),
    );
  /** Who refers to an entity in the catalog. */
  const referring = async (entity: string): Promise<string[]> => {
    const [row] = await sql`select identity.referrers(${[entity]}::uuid[]) as referrers`;
    return row?.referrers.sort();
  };

  test.each(
    Object.entries(pairs).flatMap(([kind, [a, b]]) => [
      [kind, a, b],
      [kind, b, a],
    ]),
  )("of merging the %ss %s and %s lists what the merge then does", async (kind, a, b) => {
    const [winner, loser] = [
      await one(kind as string, a as string),
      await one(kind as string, b as string),
    ];
    const ids = await bound();
    const referrers = await referring(loser);
    const plan = await sql`select * from identity.merge_plan(${winner}, ${[loser]}::uuid[])`;
    const steps = (step: string) => plan.filter((row) => row.step === step);
    const operation = await merge(sql, winner, [loser]);

    const redirected =
      await sql`select juke_id from identity.changed_entity where operation_id = ${operation}`;
    expect(steps("redirect").map(({ juke_id }) => juke_id)).toEqual(
      redirected.map(({ juke_id }) => juke_id),
    );
    const moved = await sql`
      select record_id from identity.moved_record where operation_id = ${operation} order by 1`;
    expect(
      steps("move record")
        .map(({ record_id }) => record_id)
        .sort(),
    ).toEqual(moved.map(({ record_id }) => record_id).sort());
    const now = await bound();
    const rebound = [...now].filter(([id, entity]) => ids.get(id) !== entity);
    expect(
      steps("bind")
        .map(({ detail }) => detail)
        .sort(),
    ).toEqual(rebound.map(([id]) => id).sort());
    expect(new Set(rebound.map(([, entity]) => entity))).toEqual(
      new Set(rebound.length > 0 ? [winner] : []),
    );
    expect(
      steps("refer")
        .map(({ juke_id }) => juke_id)
        .sort(),
    ).toEqual(referrers.filter((each) => each !== winner));
    expect(await referring(winner)).toEqual(
      expect.arrayContaining(steps("refer").map(({ juke_id }) => juke_id)),
    );
    expect(new Set(plan.map(({ step }) => step)).size).toBeLessThanOrEqual(4);
  });

  test("of an undo lists what the undo then does", async () => {
    const [ann, anne, bob] = await three();
    await merge(sql, anne, [bob]);
    for (const operation of [
      await merge(sql, ann, [anne]),
      await split(sql, ann, [await recordOf(sql, "second", "artist", "a")]),
      await remove(sql, await one("artist", "b", "second")),
      await claim(sql, ann, "discogs", "91"),
      await retract(sql, ann, "discogs", "1"),
    ].reverse()) {
      const plan = await sql`select * from identity.undo_plan(${operation})`;
      const steps = (step: string) => plan.filter((row) => row.step === step);
      expect(plan.filter(({ is_blocker }) => is_blocker)).toEqual([]);
      const undone = await undo(sql, operation);
      const changed =
        await sql`select juke_id from identity.changed_entity where operation_id = ${undone}`;
      expect(
        steps("restore entity")
          .map(({ juke_id }) => juke_id)
          .sort(),
      ).toEqual(changed.map(({ juke_id }) => juke_id).sort());
      const moved = await sql`
        select record_id, to_juke_id from identity.moved_record where operation_id = ${undone}`;
      expect(
        steps("move record back")
          .map((row) => [row.record_id, row.juke_id])
          .sort(),
      ).toEqual(moved.map((row) => [row.record_id, row.to_juke_id]).sort());
      const claims = await sql`
        select source || ' ' || external_id as detail from identity.changed_claim where operation_id = ${operation}`;
      const named = plan.filter(({ step }) => /claim/.test(step));
      expect(named.map(({ detail }) => detail).sort()).toEqual(
        claims.map(({ detail }) => detail).sort(),
      );
      // Of what has been undone, and of the undo itself, nothing remains to be done.
      for (const past of [operation, undone]) {
        const rest = await sql`select * from identity.undo_plan(${past})`;
        expect(rest).toMatchObject([{ is_blocker: true }]);
      }
    }
  });

  test("of an undo does not promise a claim that its record has stopped making", async () => {
    const bob = await one("artist", "bob");
    const operation = await retract(sql, bob, "discogs", "3");
    const said = { kind: "artist", id: "bob", name: "Bob" } as const;
    const mbid = "00000000-0000-4000-8000-000000000003";
    await deliver(sql, "first", [{ ...said, ids: { mbid } }]);
    const plan = await sql`select step, is_blocker from identity.undo_plan(${operation})`;
    expect([...plan]).toEqual([{ step: "leave claim", is_blocker: false }]);
    await undo(sql, operation);
    expect(await answers(sql, "discogs:artist:3")).toEqual([await one("artist", "b", "second")]);
    await deliver(sql, "first", [{ ...said, ids: { mbid, discogs: "3" } }]);
    expect(await answers(sql, "discogs:artist:3")).toEqual([bob]);
  });

  test("changes nothing", async () => {
    const [ann, anne] = await three();
    const operation = await merge(sql, ann, [anne]);
    const before = await exactState(sql);
    const at = await head(sql);
    await sql`select * from identity.undo_plan(${operation})`;
    await sql`select * from identity.merge_plan(${ann}, ${[await one("artist", "bob")]}::uuid[])`;
    expect(await exactState(sql)).toEqual(before);
    expect(await eventsAfter(sql, at)).toEqual([]);
  });
});

test.each(["Zoë", ""])(
  "who did it and why is recorded: the setting jukebase.actor (%j), else the database user",
  async (actor) => {
    const [ann, anne, bob] = await three();
    const [user] = await sql`select session_user as name`;
    const expected = actor || user?.name;
    await sql.begin(async (tx) => {
      await tx`select set_config('jukebase.actor', ${actor}, true)`;
      const merged = await merge(tx, ann, [anne], "why merge");
      const part = [await recordOf(tx, "second", "artist", "a")];
      const done = {
        delete: await remove(tx, bob, "why delete"),
        claim: await claim(tx, ann, "discogs", "92", 1, "why claim"),
        retract: await retract(tx, ann, "discogs", "1", "why retract"),
        split: await split(tx, ann, part, "why split"),
        merge: merged,
        undo: await undo(tx, merged, undefined, "why undo"),
      };
      for (const [op, operation] of Object.entries(done)) {
        const [row] = await tx`
        select op, actor, reason from identity.operation where operation_id = ${operation}`;
        expect(row).toEqual({ op, actor: expected, reason: `why ${op}` });
      }
      const [claimed] = await tx`
      select retracted_by, reason from identity.assertion
      where external_id = '1' and source = 'discogs' and retracted_by is not null
      order by retracted_at desc limit 1`;
      expect(claimed).toEqual({ retracted_by: expected, reason: "why retract" });
    });
  },
);

describe("the feed", () => {
  /** The events of what is done: the op of each entity; one each. */
  async function events(work: () => Promise<unknown>) {
    const before = await head(sql);
    await work();
    const found = await eventsAfter(sql, before);
    expect(new Set(found.map(({ juke_id }) => juke_id)).size).toBe(found.length);
    return Object.fromEntries(found.map(({ juke_id, op }) => [juke_id, op]));
  }

  test("says of each entity once what an operation has made of it", async () => {
    const [ann, anne, bob] = await three();
    const [album, work, track] = [
      await one("album", "album"),
      await one("work", "song"),
      await one("track", "one"),
    ];
    let operation = "";
    expect(
      await events(async () => {
        operation = await merge(sql, ann, [anne]);
      }),
    ).toEqual({
      [ann]: "upsert",
      [anne]: "merge",
      [album]: "upsert",
      [track]: "upsert",
      [await one("release", "release")]: "upsert",
    });
    // What redirected to a loser redirects to the winner: for whoever holds its key it was merged once more.
    let second = "";
    const again = await events(async () => {
      second = await merge(sql, bob, [ann]);
    });
    expect(again).toMatchObject({
      [bob]: "upsert",
      [ann]: "merge",
      [anne]: "merge",
      [work]: "upsert",
    });
    expect(await events(() => undo(sql, second))).toMatchObject({
      [bob]: "upsert",
      [ann]: "upsert",
      [anne]: "merge",
    });
    expect(await events(() => undo(sql, operation))).toMatchObject({
      [ann]: "upsert",
      [anne]: "upsert",
      [album]: "upsert",
    });
  });

  test("says of a split whose records were parted, and of its undo where the new key redirects", async () => {
    const ann = await one("artist", "ann");
    let operation = "";
    const found = await events(async () => {
      operation = await split(sql, ann, [await recordOf(sql, "second", "artist", "a")]);
    });
    const part = await partOf(sql, operation);
    expect(found).toEqual({ [ann]: "split", [part]: "upsert" });
    expect(await events(() => undo(sql, operation))).toEqual({ [ann]: "upsert", [part]: "merge" });
  });

  test("says of a deletion what is gone, redirects included, and who no longer refers to it", async () => {
    const [ann, anne, bob] = await three();
    await merge(sql, bob, [anne]);
    let operation = "";
    const found = await events(async () => {
      operation = await remove(sql, bob);
    });
    expect(found).toMatchObject({
      [bob]: "delete",
      [anne]: "delete",
      [await one("track", "two")]: "upsert",
      [await one("artist", "b", "second")]: "upsert", // the id that both claim is its own now
    });
    expect(found).not.toHaveProperty(ann);
    expect(await events(() => undo(sql, operation))).toMatchObject({
      [bob]: "upsert",
      [anne]: "merge",
      [await one("track", "two")]: "upsert",
    });
  });

  test("is silent about what refused and what changed nothing", async () => {
    const [ann] = await three();
    expect(await events(() => refused(merge(sql, ann, [ann]), "JB153"))).toEqual({});
    expect(await events(() => refused(undo(sql, "999999"), "JB159"))).toEqual({});
  });
});

test("the same delivery again, after merges, splits, deletions and retractions, changes nothing and leaves no event", async () => {
  const [ann, anne, bob] = await three();
  await merge(sql, ann, [anne]);
  await split(sql, ann, [await recordOf(sql, "second", "artist", "a")]);
  await retract(sql, ann, "discogs", "2");
  await claim(sql, bob, "discogs", "93");
  await remove(sql, await one("label", "big"));
  const said = await sql`
    select r.source, r.kind, r.source_record_id as id, r.body
    from ingest.record r where r.source <> 'manual' and r.body is not null`;
  const before = await exactState(sql);
  const at = await head(sql);
  for (const source of ["first", "second"]) {
    const again = said.filter((row) => row.source === source);
    const counts = await deliver(
      sql,
      source,
      again.map(({ kind, id, body }) => ({ ...body, kind, id })),
    );
    expect(counts).toMatchObject({ new: 0, changed: 0, entities_minted: 0, entities_changed: 0 });
  }
  expect(difference(before, await exactState(sql))).toEqual({ gone: [], come: [] });
  expect(await eventsAfter(sql, at)).toEqual([]);
});

describe("a direct write of what is computed is refused with JB168, also to the owner", () => {
  const projected = async () =>
    (
      await sql`
        select c.relname as name from pg_class c
        where c.relnamespace = 'catalog'::regnamespace and c.relkind = 'r' and c.relname <> 'entity'
          -- A list of codes is computed from nothing.
          and exists (select from pg_attribute a where a.attrelid = c.oid and a.atttypid = 'uuid'::regtype)`
    ).map(({ name }) => `catalog.${name}`);

  test("to every projected table, the hub and the ids; by insert, update and delete", async () => {
    const tables = await projected();
    expect(tables.length).toBeGreaterThan(20);
    for (const table of tables) {
      await refused(sql.unsafe(`delete from ${table}`), "JB168");
      await refused(sql.unsafe(`insert into ${table} select * from ${table}`), "JB168");
    }
    for (const table of [...tables, "catalog.entity", "identity.external_id"]) {
      const [column] = await sql`
        select attname as name from pg_attribute where attrelid = ${table}::regclass and attnum = 1`;
      await refused(sql.unsafe(`update ${table} set ${column?.name} = ${column?.name}`), "JB168");
      await refused(sql.unsafe(`delete from ${table}`), "JB168");
    }
  });

  test.each([
    ["in one line", "delete from catalog.artist;"],
    ["dynamically", "execute 'delete from catalog.artist';"],
    ["in a loop", "for i in 1..2 loop delete from catalog.artist; end loop;"],
    [
      "beside a call of one of our functions",
      "perform identity.actor(); update catalog.artist set name = 'x' where juke_id = (select juke_id from identity.resolve('discogs:artist:1'));",
    ],
    [
      "in several lines that name our functions",
      "update catalog.artist a\n set name = 'x'\n from identity.resolve('discogs:artist:1') r\n where a.juke_id = r.juke_id;",
    ],
    [
      "beside a comment",
      "delete from catalog.artist -- as\n -- catalog.project(uuid[]) line 1 does\n;",
    ],
  ])("from a DO block, %s", async (_how, statement) => {
    await refused(sql.unsafe(`do $$ begin ${statement} end $$`), "JB168");
  });

  test("from a function of somebody else", async () => {
    await sql.unsafe(`
      create function public.wipe() returns void language plpgsql as $$ begin delete from catalog.artist; end $$;
      create function public.wipe_too() returns void language sql as $$ delete from catalog.artist $$`);
    await refused(sql`select public.wipe()`, "JB168");
    await refused(sql`select public.wipe_too()`, "JB168");
  });

  test("but foreign keys and our own functions may, from anywhere", async () => {
    const [ann, anne] = await three();
    await sql.unsafe(`do $$ begin
      perform identity.undo((identity.merge('${ann}', array['${anne}']::uuid[])).operation_id);
      perform catalog.edit('${ann}', '{"area": "Leeds"}');
    end $$`);
    const [row] = await sql`select area from catalog.artist where juke_id = ${ann}`;
    expect(row?.area).toBe("Leeds");
    // A record that is removed takes its claims with it.
    await deliver(sql, "first", [
      { kind: "artist", id: "gone", name: "Gone", ids: { discogs: "94" } },
    ]);
    const gone = await one("artist", "gone");
    await sql.begin(async (tx) => {
      await tx`select catalog.writing(true)`;
      await tx`delete from catalog.entity where juke_id = ${gone}`;
      await tx`select catalog.writing(false)`;
      expect(await failureOf(tx, "delete from catalog.artist")).toBe("JB168");
    });
    expect(await answers(sql, "discogs:artist:94")).toEqual([]);
    expect(await insertEntity(sql, "artist", "by hand")).toBeTruthy();
  });
});

/** The SQLSTATE of a statement in a transaction that goes on. */
async function failureOf(tx: import("postgres").TransactionSql, statement: string) {
  return tx
    .savepoint((inner) => inner.unsafe(statement))
    .then(
      () => null,
      (error: { code: string }) => error.code,
    );
}
