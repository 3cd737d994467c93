import { afterEach, expect, test } from "vitest";
import { type AnySql, deliver, entityOf, insertEntity } from "../catalog-builder.ts";
import { testDatabase } from "../database.ts";
import { found, refresh, refreshAll } from "./documents.ts";

const { sql, connect } = await testDatabase({ guarded: false });
const [one, two, holder] = [connect({ max: 1 }), connect({ max: 1 }), connect({ max: 1 })];

afterEach(() => refreshAll(sql));

/** Resolves when this many sessions wait for another one's lock. */
async function waiting(sessions: number): Promise<void> {
  for (let tries = 0; tries < 2000; tries++) {
    const [row] = await sql`
      select count(*)::int as n from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`;
    if (row?.n >= sessions) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`${sessions} sessions do not wait`);
}

async function rename(client: AnySql, id: string, name: string): Promise<void> {
  await client`update catalog.entity set display_name = ${name} where juke_id = ${id}`;
}

async function documentName(id: string): Promise<string | undefined> {
  const [row] = await sql`select name from descriptor.document where juke_id = ${id}`;
  return row?.name;
}

async function marks(): Promise<number> {
  return (await sql`select count(*)::int as n from descriptor.dirty`)[0]?.n;
}

/** Holds the lock of an entity's document while `work` runs: whoever refreshes it has its marks and waits. */
async function heldBack(id: string, work: () => Promise<unknown>): Promise<void> {
  await holder.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(hashtextextended(${id}, 0))`;
    await work();
  });
}

test("two refreshers with marks of one entity end with its newest document", async () => {
  const id = await insertEntity(sql, "artist", "first");
  let second: Promise<unknown> | undefined;
  await one.begin(async (tx) => {
    expect(await refresh(tx)).toMatchObject({ refreshed: 1 });
    await rename(sql, id, "second");
    second = refresh(two);
    await waiting(1);
  });
  await second;
  expect(await documentName(id)).toBe("second");
  expect(await marks()).toBe(0);
});

test("the order in which two refreshers took their marks does not show", async () => {
  const id = await insertEntity(sql, "artist", "first");
  const refreshers: Promise<unknown>[] = [];
  await heldBack(id, async () => {
    refreshers.push(refresh(one));
    await waiting(1);
    await rename(sql, id, "second");
    refreshers.push(refresh(two));
    await waiting(2);
    await rename(sql, id, "third");
  });
  await Promise.all(refreshers);
  await refreshAll(sql);
  expect(await documentName(id)).toBe("third");
});

test("a change that is committed while its entity is refreshed is never lost", async () => {
  const id = await insertEntity(sql, "artist", "before");
  await one.begin(async (tx) => {
    await refresh(tx);
    await rename(sql, id, "meanwhile");
  });
  expect(await documentName(id)).toBe("before");
  expect(await refresh(sql)).toMatchObject({ refreshed: 1 });
  expect(await documentName(id)).toBe("meanwhile");
});

test("a change that is committed after a long transaction is not lost behind later ones", async () => {
  const [early, late] = [
    await insertEntity(sql, "artist", "early"),
    await insertEntity(sql, "artist", "late"),
  ];
  await refreshAll(sql);
  await one.begin(async (tx) => {
    await rename(tx, early, "early changed");
    await rename(sql, late, "late changed");
    await refreshAll(sql);
    expect(await documentName(late)).toBe("late changed");
  });
  await refreshAll(sql);
  expect(await documentName(early)).toBe("early changed");
});

test("a refresh that fails gives its marks back", async () => {
  const id = await insertEntity(sql, "artist", "undone");
  await one
    .begin(async (tx) => {
      await refresh(tx);
      throw new Error("undo");
    })
    .catch(() => {});
  expect(await documentName(id)).toBeUndefined();
  expect(await refresh(sql)).toMatchObject({ refreshed: 1 });
});

test("marks that another refresher holds are its own: nobody waits for them or asks again", async () => {
  const id = await insertEntity(sql, "artist", "held");
  await one.begin(async (tx) => {
    await refresh(tx);
    expect(await refresh(two)).toEqual({ refreshed: 0, unchanged: 0, remaining: 0 });
  });
  expect(await documentName(id)).toBe("held");
});

test("a writer waits for no refresher", async () => {
  const id = await insertEntity(sql, "artist", "written");
  await one.begin(async (tx) => {
    await refresh(tx);
    await two.begin(async (other) => {
      await other`set local lock_timeout = '1ms'`;
      await rename(other, id, "rewritten");
      await other`insert into catalog.alias (juke_id, name) values (${id}, 'alias')`;
    });
  });
  await refreshAll(sql);
  expect(await found(sql, "rewritten alias")).toEqual(["rewritten"]);
});

test("a refresh that meets the removal of an entity ends without it", async () => {
  const [gone, stays] = [
    await insertEntity(sql, "artist", "goes"),
    await insertEntity(sql, "artist", "stays"),
  ];
  let refreshing: Promise<unknown> | undefined;
  await one.begin(async (tx) => {
    await tx`delete from catalog.entity where juke_id = ${gone}`;
    refreshing = refresh(two);
    refreshing.catch(() => {});
    await waiting(1);
  });
  expect(await refreshing).toMatchObject({ refreshed: 1 });
  expect(await documentName(gone)).toBeUndefined();
  expect(await documentName(stays)).toBe("stays");
});

test("four refreshers and two writers at once leave every document as the catalog has it", async () => {
  const records = (n: number) => [
    { kind: "artist" as const, id: "a", name: `artist${n}` },
    ...Array.from({ length: 30 }, (_, i) => ({
      kind: "track" as const,
      id: `t${i}`,
      title: `track${i} version${n}`,
      credits: [{ contributor: { kind: "artist", id: "a" }, role: "artist" }],
    })),
  ];
  let writing = true;
  const refreshers = [connect({ max: 1 }), connect({ max: 1 }), one, two].map(async (client) => {
    while (writing) await refresh(client, 7);
  });
  await Promise.all(
    ["left", "right"].map(async (source) => {
      const client = connect({ max: 1 });
      for (let n = 1; n <= 8; n++) await deliver(client, source, records(n));
    }),
  );
  writing = false;
  await Promise.all(refreshers);
  await refreshAll(sql);
  const [row] = await sql`
    select count(*)::int as stale
    from descriptor.build(array(select e.juke_id from catalog.entity e)) b
    full join descriptor.document d using (juke_id)
    where d.checksum is distinct from b.checksum or d.tsv is distinct from b.tsv`;
  expect(row).toEqual({ stale: 0 });
  expect(await found(sql, "artist8", ["track"], 100)).toHaveLength(60);
  expect(await entityOf(sql, "left", "track", "t1")).toBeDefined();
});
