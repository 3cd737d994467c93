import type { ReservedSql, Sql } from "postgres";
import { expect } from "vitest";
import { randomSource } from "../../bench/random.ts";
import type { TestDatabase } from "../database.ts";

const SESSIONS = 4;
const STEPS = 45;
const KINDS = ["artist", "album", "track"];

/** Sessions that stay open from history to history. */
export type Stage = { sql: Sql; sessions: ReservedSql[] };

export async function openStage({ connect }: TestDatabase): Promise<Stage> {
  const sessions = await Promise.all(
    Array.from({ length: SESSIONS }, () => connect({ max: 1 }).reserve()),
  );
  return { sql: connect({ max: 1 }), sessions };
}

/** A head that was taken: the cursor, and its place as text. */
type Head = { cursor: string; snapshot: string; place: string };
/** A batch that is read by feed.page, some steps between its pages. */
type Reading = {
  from: Head;
  to: Head;
  kinds: string[] | null;
  got: string[];
  after: string | null;
};
/** A chain of feed.read. */
type Chain = { cursor: string; got: string[] };

/** What happened in a history, to see that the histories are what they are meant to be. */
export type Tally = {
  batches: number;
  pages: number;
  late: number;
  inside: number;
  chained: number;
};

type State = "idle" | "read committed" | "repeatable read";

/**
 * Plays the history of a number: sessions begin, write events, take heads, read pages and end, step by step in an order that the
 * number tells. Raises when a batch that was read by pages is not what its definition says, or a chain of reads lacks or repeats an event.
 */
export async function playHistory(
  { sql, sessions }: Stage,
  seed: number,
  tally: Tally,
): Promise<void> {
  const random = randomSource(seed);
  const below = (count: number) => Math.floor(random() * count);
  const oneOf = <T>(list: readonly T[]) => list[below(list.length)] as T;
  const said: string[] = [];
  const states = new Map<Sql, State>(sessions.map((session) => [session, "idle"]));
  const name = (session: Sql) => `session ${sessions.indexOf(session as ReservedSql)}`;
  const inState = (...wanted: State[]) =>
    sessions.filter((session) => wanted.includes(states.get(session) as State));

  const headOf = async (session: Sql): Promise<Head> => {
    const [row] = await session`
      select feed.head() as cursor, h.from_snapshot::text as snapshot, h.place from (
        select h.from_snapshot, h::text as place from feed.here() h) h`;
    return row as unknown as Head;
  };
  const [end] = await sql`select coalesce(max(id), 0)::text as id from feed.event`;
  const heads: Head[] = [await headOf(sql)];
  const chains: Chain[] = Array.from({ length: 2 }, () => ({
    cursor: heads[0]?.cursor ?? "",
    got: [],
  }));
  const readings: Reading[] = [];

  const write = async (session: Sql) => {
    await session`
      insert into feed.event (kind, juke_id, op, version)
      select k, gen_random_uuid(), 'upsert', 1
      from unnest(${Array.from({ length: 1 + below(5) }, () => oneOf(KINDS))}::text[]::catalog.entity_kind[]) k`;
  };
  const follow = async (session: Sql, chain: Chain, limit: number) => {
    const [page] = await session`
      select r.next_cursor, array(select u.id::text from unnest(r.updates) u) as ids
      from feed.read(${chain.cursor}, ${limit}) r`;
    chain.cursor = page?.next_cursor; // also when nothing came
    const found = page?.ids as string[];
    chain.got.push(...found);
    return found.length;
  };
  const nextPage = async (reading: Reading) => {
    const { from, to, kinds, got, after } = reading;
    const limit = 1 + below(6);
    const found = await sql`
      select p.id from feed.page(
        (select row (f.from_snapshot, case when ${after}::bigint is not null then t.from_snapshot end,
          f.next_xid, f.last_id, ${after}::bigint, null)::feed.place
          from (select (${from.place}::text::feed.place).*) f, (select (${to.place}::text::feed.place).*) t),
        ${to.snapshot}::text::pg_snapshot, ${limit}, ${kinds}::text[]::catalog.entity_kind[]) p`;
    got.push(...found.map(({ id }) => id as string));
    tally.pages += 1;
    reading.after = got.at(-1) ?? null;
    return found.length === limit;
  };
  /** Reads the rest of a batch and compares. */
  const finish = async (reading: Reading) => {
    while (await nextPage(reading));
    const { from, to, kinds, got } = reading;
    const due = await sql`
      select v.id from feed.event v
      where pg_visible_in_snapshot(v.xid, ${to.snapshot}::text::pg_snapshot)
        and not pg_visible_in_snapshot(v.xid, ${from.snapshot}::text::pg_snapshot)
        and (${kinds}::text[] is null or v.kind::text = any (${kinds}))
      order by v.id`;
    expect(got, `the batch from ${from.snapshot} to ${to.snapshot}`).toEqual(
      due.map(({ id }) => id),
    );
    tally.batches += 1;
    const last = BigInt(from.place.split(",").at(-3) ?? 0);
    tally.late += got.filter((id) => BigInt(id) <= last).length;
  };

  const steps: [string, () => Promise<unknown>][] = [
    ...Array.from({ length: 5 }, (): [string, () => Promise<unknown>] => [
      "begin",
      async () => {
        const session = oneOf([...inState("idle"), undefined]);
        if (!session) return;
        const level: State = below(4) === 0 ? "repeatable read" : "read committed";
        said.push(`${name(session)} begins, ${level}`);
        await session.unsafe(`begin isolation level ${level}`);
        states.set(session, level);
        if (below(2) === 0) await session`select pg_current_xact_id()`;
        else if (level === "repeatable read") await session`select 1`;
      },
    ]),
    ...Array.from({ length: 5 }, (): [string, () => Promise<unknown>] => [
      "write",
      async () => {
        const open = inState("read committed", "repeatable read");
        const session = oneOf(below(4) === 0 || open.length === 0 ? sessions : open);
        said.push(`${name(session)} writes`);
        await write(session); // a transaction of its own when it has begun none
      },
    ]),
    [
      "write within",
      async () => {
        const session = oneOf([...inState("read committed", "repeatable read"), undefined]);
        if (!session) return;
        const isKept = below(2) === 0;
        said.push(
          `${name(session)} writes in a subtransaction that is ${isKept ? "" : "not "}kept`,
        );
        await session`savepoint s`;
        await write(session);
        await session.unsafe(isKept ? "release s" : "rollback to s");
      },
    ],
    ...Array.from({ length: 3 }, (): [string, () => Promise<unknown>] => [
      "end",
      async () => {
        const session = oneOf([...inState("read committed", "repeatable read"), undefined]);
        if (!session) return;
        const how = below(5) === 0 ? "rollback" : "commit";
        said.push(`${name(session)}: ${how}`);
        await session.unsafe(how);
        states.set(session, "idle");
      },
    ]),
    [
      "pass",
      async () => {
        said.push("a transaction that writes nothing");
        await sql`select pg_current_xact_id()`;
      },
    ],
    ...Array.from({ length: 3 }, (): [string, () => Promise<unknown>] => [
      "head",
      async () => {
        const session = oneOf([sql, ...sessions]);
        heads.push(await headOf(session));
        said.push(
          `${session === sql ? "the reader" : name(session)} takes the head ${heads.at(-1)?.place}`,
        );
      },
    ]),
    [
      "read",
      async () => {
        const [from, to] = [oneOf(heads), oneOf(heads)];
        const [row] = await sql`
          select feed.covers(${to.snapshot}::text::pg_snapshot, ${from.snapshot}::text::pg_snapshot) as "isLater"`;
        if (!row?.isLater) return;
        const kinds = below(3) === 0 ? KINDS.slice(below(2), 2) : null;
        readings.push({ from, to, kinds, got: [], after: null });
        said.push(`a batch from ${from.place} to ${to.snapshot} is begun`);
      },
    ],
    [
      "page",
      async () => {
        const reading = readings.pop();
        if (!reading) return;
        if (await nextPage(reading)) readings.push(reading);
        else await finish(reading);
      },
    ],
    ...Array.from({ length: 3 }, (): [string, () => Promise<unknown>] => [
      "follow",
      async () => {
        const session = oneOf([sql, ...sessions]);
        const chain = oneOf(chains);
        const count = await follow(session, chain, 1 + below(4));
        if (states.has(session) && states.get(session) !== "idle") tally.inside += count;
        said.push(`${session === sql ? "the reader" : name(session)} goes on, to ${chain.cursor}`);
      },
    ]),
  ];

  try {
    for (let step = 0; step < STEPS; step++) await oneOf(steps)[1]();
    for (const session of inState("read committed", "repeatable read")) {
      await session.unsafe(below(4) === 0 ? "rollback" : "commit");
      states.set(session, "idle");
    }
    heads.push(await headOf(sql));
    readings.push({
      from: oneOf(heads.slice(0, -1)),
      to: heads.at(-1) as Head,
      kinds: null,
      got: [],
      after: null,
    });
    for (const reading of readings) await finish(reading);
    const all = (await sql`select id from feed.event where id > ${end?.id} order by id`).map(
      ({ id }) => id as string,
    );
    for (const chain of chains) {
      while ((await follow(sql, chain, 1 + below(20))) > 0);
      expect(
        chain.got.toSorted((a, b) => Number(a) - Number(b)),
        "a chain of reads",
      ).toEqual(all);
      tally.chained += all.length;
    }
  } catch (error) {
    for (const session of sessions) await session`rollback`.catch(() => {});
    throw new Error(`history ${seed}: ${(error as Error).message}\n${said.join("\n")}`, {
      cause: error,
    });
  }
}
