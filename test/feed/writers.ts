import { setTimeout as pause } from "node:timers/promises";
import type { Sql, TransactionSql } from "postgres";
import { insertEntity } from "../catalog-builder.ts";
import type { TestDatabase } from "../database.ts";

const WRITERS = 16;
/** Of these, so many hold their transactions open for seconds. */
const SLOW_WRITERS = 4;
/** What a batch inserts or updates in one statement. */
const BATCH = 300;

export const between = (least: number, most: number) => least + Math.random() * (most - least);
const chance = (share: number) => Math.random() < share;
const oneOf = <T>(list: readonly T[]) => list[Math.floor(Math.random() * list.length)] as T;

/** Whether the load goes on, and whether nobody is to hold a transaction open for the moment. */
export type Phase = { writing: boolean; calm: boolean };

export type Writers = {
  /** Ends when all of them have, after phase.writing became false. */
  ended: Promise<unknown>;
  /** How many committed transactions changed an entity, of those that only plain updates reach. */
  committed: Map<string, number>;
  /** How often a transaction ended which way: committed, rolled back, or an SQLSTATE. */
  ends: Map<string, number>;
};

/** What a transaction has done so far; it counts when it is committed. */
type Deed = { changed: Set<string>; albums: string[]; undone: Undoable[]; merged: Undoable[] };
type Undoable = { operation: string; winner: string; losers: string[] };

type World = {
  shared: string[];
  /** Artists of everybody that are merged and taken apart again. */
  mergeable: string[];
  phase: Phase;
  /** The actions, each as often as it is likely. */
  quick: Action[];
};

/** Refusals of identity functions when another session was faster, and deadlocks: the transaction is rolled back. */
const refused = /^(40P01|JB15[1-7]|JB16[01])$/;

const rollback = new Error("rolled back");

/** Sixteen sessions that write, each change in a transaction of its own, until phase.writing is false. */
export async function startWriters(
  { sql, connect }: TestDatabase,
  phase: Phase,
  { batches = 1 }: { batches?: number },
): Promise<Writers> {
  const quick = weighed(batches);
  const artists = async (names: string) =>
    Promise.all(Array.from({ length: 6 }, (_, n) => insertEntity(sql, "artist", `${names} ${n}`)));
  const world = {
    shared: await artists("shared"),
    mergeable: await artists("mergeable"),
    phase,
    quick,
  };
  const committed = new Map(world.shared.map((id) => [id, 1]));
  const ends = new Map<string, number>();
  const writers = Array.from({ length: WRITERS }, async (_, who) => {
    const own = await insertEntity(sql, "artist", `own ${who}`);
    committed.set(own, 1);
    await write(connect({ max: 1 }), { who, own, world, committed, ends });
  });
  return { ended: Promise.all(writers), committed, ends };
}

type Writer = Pick<Writers, "committed" | "ends"> & { who: number; own: string; world: World };

async function write(client: Sql, { who, own, world, committed, ends }: Writer): Promise<void> {
  const isSlow = who < SLOW_WRITERS;
  const albums: string[] = [];
  const merges: Undoable[] = [];
  while (world.phase.writing) {
    if (isSlow && world.phase.calm) {
      await pause(20);
      continue;
    }
    const deed: Deed = { changed: new Set(), albums: [], merged: [], undone: [] };
    const end = await client
      .begin(async (tx) => {
        if (isSlow) await slow(tx, who % 2 === 0 ? "xid" : "ids", { own, world, deed });
        else await oneOf(world.quick)(tx, { own, world, deed, albums, merges });
        if (chance(0.1)) throw rollback;
      })
      .then(
        () => "committed",
        (error) => {
          if (error === rollback) return "rolled back";
          if (refused.test(error.code)) return error.code as string;
          throw error;
        },
      );
    ends.set(end, (ends.get(end) ?? 0) + 1);
    if (end === "committed") {
      for (const id of deed.changed) {
        if (committed.has(id)) committed.set(id, (committed.get(id) ?? 0) + 1);
      }
      albums.push(...deed.albums);
      merges.push(...deed.merged);
      for (const undone of deed.undone) merges.splice(merges.indexOf(undone), 1);
    }
    await pause(between(0, 4));
  }
}

/** Changes an artist. One that is merged has no row: nothing happens. */
async function touch(tx: TransactionSql, id: string, { changed }: Deed): Promise<void> {
  const { count } = await tx`
    update catalog.artist set sort_name = gen_random_uuid()::text where juke_id = ${id}`;
  if (count > 0) changed.add(id);
}

/** A transaction that takes its id, or those of events too, long before it changes what others change meanwhile. */
async function slow(
  tx: TransactionSql,
  early: "xid" | "ids",
  { own, world, deed }: { own: string; world: World; deed: Deed },
): Promise<void> {
  if (early === "xid") {
    await tx`select pg_current_xact_id()`;
  } else {
    await touch(tx, own, deed);
    await newAlbums(tx, 5);
  }
  await pause(between(100, 2_000));
  await touch(tx, oneOf(world.shared), deed);
  if (chance(0.5)) await newAlbums(tx, 2);
}

type Action = (
  tx: TransactionSql,
  scene: { own: string; world: World; deed: Deed; albums: string[]; merges: Undoable[] },
) => Promise<void>;

const own: Action = async (tx, { own, deed }) => {
  await touch(tx, own, deed);
  if (chance(0.3)) await pause(between(0, 5));
};

const ownThenShared: Action = async (tx, { own, world, deed }) => {
  await touch(tx, own, deed);
  await pause(between(0, 6)); // its id is taken long before the shared entity is locked
  await touch(tx, oneOf(world.shared), deed);
  if (chance(0.5)) await pause(between(0, 3));
};

const partsOfShared: Action = async (tx, { world, deed }) => {
  const id = oneOf(world.shared);
  if (chance(0.5)) {
    await tx`insert into catalog.alias (juke_id, name) values (${id}, ${crypto.randomUUID()})`;
    deed.changed.add(id);
  } else {
    const { count } = await tx`
      delete from catalog.alias
      where (juke_id, name) in (select juke_id, name from catalog.alias where juke_id = ${id} limit 1)`;
    if (count > 0) deed.changed.add(id);
  }
};

/** Some of it is taken back by itself: a subtransaction has an id as well. */
const withSavepoint: Action = async (tx, { own, deed }) => {
  await touch(tx, own, deed);
  await tx
    .savepoint(async (inner) => {
      await newAlbums(inner, 2);
      if (chance(0.5)) throw rollback;
    })
    .catch((error) => {
      if (error !== rollback) throw error;
    });
};

const insertFew: Action = async (tx, { deed }) => {
  deed.albums.push(...(await newAlbums(tx, Math.ceil(between(0, 3)))));
};

const insertBatch: Action = async (tx, { deed }) => {
  deed.albums.push(...(await newAlbums(tx, BATCH)));
};

const updateBatch: Action = async (tx, { albums }) => {
  const some = albums.slice(0, BATCH);
  await tx`
    update catalog.album set disambiguation = gen_random_uuid()::text where juke_id = any (${some}::uuid[])`;
};

const merge: Action = async (tx, { world, deed }) => {
  const [winner = "", ...losers] = world.mergeable
    .toSorted(() => Math.random() - 0.5)
    .slice(0, Math.ceil(between(1, 3)));
  const [row] = await tx`
    select operation_id from identity.merge(${winner}, ${losers}::uuid[], 'of the test')`;
  deed.merged.push({ operation: row?.operation_id, winner, losers });
};

const undo: Action = async (tx, scene) => {
  const last = scene.merges.at(-1);
  if (!last) return merge(tx, scene);
  scene.deed.undone.push(last);
  await tx`select operation_id from identity.undo(${last.operation})`;
};

/** The actions, each as often as it is likely. */
const weighed = (batches: number): Action[] => [
  ...Array.from({ length: 15 }, () => own),
  ...Array.from({ length: 40 }, () => ownThenShared),
  ...Array.from({ length: 15 }, () => partsOfShared),
  ...Array.from({ length: 8 }, () => withSavepoint),
  ...Array.from({ length: 15 }, () => insertFew),
  ...Array.from({ length: batches }, () => insertBatch),
  ...Array.from({ length: batches }, () => updateBatch),
  ...Array.from({ length: 2 }, () => merge),
  ...Array.from({ length: 2 }, () => undo),
];
/** New albums, in one statement for the entities and one for their rows. */
async function newAlbums(tx: TransactionSql, count: number): Promise<string[]> {
  const made = await tx<{ juke_id: string }[]>`
    insert into catalog.entity (kind, display_name)
    select 'album', 'an album' from generate_series(1, ${count}::int)
    returning juke_id`;
  const ids = made.map(({ juke_id }) => juke_id);
  await tx`insert into catalog.album (juke_id, title) select id, 'an album' from unnest(${ids}::uuid[]) id`;
  return ids;
}
