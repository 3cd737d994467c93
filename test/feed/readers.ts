import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import type { Sql } from "postgres";
import type { TestDatabase } from "../database.ts";
import type { Delivery, Event } from "./checker.ts";
import { between } from "./writers.ts";

/** What is read meanwhile, and until nothing comes any more once `isOver`. */
export type Span = { isOver: boolean };

export type Reader = {
  name: string;
  /** All it got, in its order; complete when `ended` is. */
  log: Delivery[];
  /** Of these kinds; all without. */
  kinds?: string[];
  ended: Promise<unknown>;
  /** How often what happened to it. */
  facts: Record<string, number>;
};

/** An event as it comes from a driver. */
type Row = { id: number | string; kind: string; juke_id: string; version: number };

export function eventsOf(rows: Iterable<object>): Event[] {
  return [...rows].map((row) => {
    const { id, kind, juke_id, version } = row as Row;
    return { id: Number(id), kind, juke_id, version };
  });
}

/** Reads on again and again, each time what is new; ends when it is over and nothing was. */
export function follow(
  name: string,
  span: Span,
  next: () => Promise<Event[]>,
  { kinds }: { kinds?: string[] } = {},
): Reader {
  const log: Delivery[] = [];
  const facts = { reads: 0 };
  const reading = async () => {
    for (;;) {
      const isLast = span.isOver;
      const events = await next();
      facts.reads += 1;
      if (events.length > 0) log.push({ events, acked: true });
      else if (isLast) return;
      else await pause(between(0, 8));
    }
  };
  return { name, log, facts, ended: reading(), ...(kinds && { kinds }) };
}

/** feed.updates from page to page. */
export function updatesReader(
  { connect }: TestDatabase,
  span: Span,
  { name, cursor, limit }: { name: string; cursor: string; limit: number },
): Reader {
  const client = connect({ max: 1 });
  let place = cursor;
  return follow(name, span, async () => {
    const found = await client`select * from feed.updates(${place}, ${limit})`;
    place = found.at(-1)?.next_cursor ?? place;
    return eventsOf(found);
  });
}

/** feed.read of some kinds. */
export function kindsReader(
  { connect }: TestDatabase,
  span: Span,
  { name, cursor, limit, kinds }: { name: string; cursor: string; limit: number; kinds: string[] },
): Reader {
  const client = connect({ max: 1 });
  let place = cursor;
  const next = async () => {
    const page = await readPage(client, { cursor: place, limit, kinds });
    place = page.cursor;
    return page.events;
  };
  return follow(name, span, next, { kinds });
}

/**
 * Some readers that read to one and the same moment, each with pages of its own size, and then all go on from the cursor
 * that the first of them ended at. Raises when they do not end at one, or before their pages do.
 */
export function untilReaders(
  { connect }: TestDatabase,
  span: Span,
  { name, cursor, limits }: { name: string; cursor: string; limits: number[] },
): Reader[] {
  const members = limits.map((limit) => ({
    limit,
    client: connect({ max: 1 }),
    log: [] as Delivery[],
    facts: { reads: 0 },
  }));
  const [leader] = members;
  if (!leader) throw new RangeError("no readers");
  const reading = async () => {
    let place = cursor;
    for (;;) {
      const isLast = span.isOver;
      const [head] = await leader.client`select feed.head() as cursor`;
      const ends = await Promise.all(
        members.map(async ({ limit, client, log, facts }) => {
          for (let at = place; ; ) {
            const { cursor: next, events } = await readPage(client, {
              cursor: at,
              limit,
              until: head?.cursor,
            });
            facts.reads += 1;
            at = next;
            if (events.length > 0) log.push({ events, acked: true });
            if (events.length < limit) return at;
          }
        }),
      );
      for (const end of ends) {
        if (end !== head?.cursor)
          throw new Error(`${name} ended at ${end}, not at ${head?.cursor}`);
      }
      if (isLast) return;
      place = ends[0] ?? place;
      await pause(between(0, 40));
    }
  };
  const ended = reading();
  return members.map(({ limit, log, facts }) => ({
    name: `${name}, pages of ${limit}`,
    log,
    facts,
    ended,
  }));
}

type Page = { cursor: string; limit: number; kinds?: string[]; until?: string };

async function readPage(
  client: Sql,
  { cursor, limit, kinds, until }: Page,
): Promise<{ cursor: string; events: Event[] }> {
  const found = await client`
    select r.next_cursor, u.id, u.kind, u.juke_id, u.version
    from feed.read(${cursor}, ${limit}, ${kinds ?? null}::text[]::catalog.entity_kind[], ${until ?? null}) r
    left join unnest(r.updates) u on true`;
  return {
    cursor: found[0]?.next_cursor,
    events: eventsOf(found.filter(({ id }) => id !== null)),
  };
}

/** A connection that may be lost at any moment. */
async function fragile(url: string, name: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: name });
  client.on("error", () => {});
  await client.connect();
  return client;
}

/** Cuts a connection off: the server notices by itself. */
function abandon(client: pg.Client): void {
  (
    client as unknown as { connection: { stream: { destroy(): void } } }
  ).connection.stream.destroy();
}

/** Ends a session of that name every now and then, whatever it does. */
async function kill({ sql }: TestDatabase, span: Span, name: string): Promise<number> {
  let killed = 0;
  while (!span.isOver) {
    await pause(between(50, 250));
    const found = await sql`
      select pg_terminate_backend(pid) from (
        select pid from pg_stat_activity
        where datname = current_database() and application_name = ${name}
        order by random() limit 1) one`;
    killed += found.length;
  }
  return killed;
}

/** What ends the life of a worker's session; anything else is a bug. */
function isLost(error: unknown): boolean {
  const { code, message } = error as { code?: string; message: string };
  return (
    code === "57P01" ||
    /Connection terminated|not queryable|Client was closed|ECONNRESET|EPIPE/.test(message)
  );
}

type Work = {
  name: string;
  facts: { lost: number };
  /** Does a piece of work; false when nothing was left. */
  work: (client: pg.Client) => Promise<boolean>;
};

/** A worker, with a new connection whenever it has lost one; ends when it is over and nothing was left. */
async function relive(
  { url }: TestDatabase,
  span: Span,
  { name, facts, work }: Work,
): Promise<void> {
  for (let isDone = false; !isDone; ) {
    try {
      const client = await fragile(url, `${name} worker`);
      try {
        while (!isDone) {
          const isLast = span.isOver;
          if (await work(client)) continue;
          isDone = isLast;
          await pause(between(0, 10));
        }
      } finally {
        await client.end().catch(() => {});
      }
    } catch (error) {
      if (!isLost(error)) throw error;
      facts.lost += 1;
    }
  }
}

/**
 * A named consumer that works in the database: it polls, writes what it got into a table of its own and acks, in one
 * transaction. Several workers do it at once, and all are killed, cut off and started anew all the time. Its log is what the table holds.
 */
export async function insideConsumer(
  database: TestDatabase,
  span: Span,
  { cursor, workers }: { cursor: string; workers: number },
): Promise<Reader> {
  const { sql } = database;
  const name = "inside";
  await sql`
    create table public.received (
      nth bigint generated always as identity, id bigint, kind text, juke_id uuid, version int)`;
  await sql`select feed.add_consumer(${name}, ${cursor})`;
  const log: Delivery[] = [];
  const facts = { committed: 0, "cut off": 0, lost: 0, killed: 0 };

  const work = async (client: pg.Client): Promise<boolean> => {
    await client.query("begin");
    const limit = Math.random() < 0.3 ? Math.ceil(between(0, 20)) : 500;
    const { rows } = await client.query("select * from feed.poll($1, $2)", [name, limit]);
    if (rows.length > 0) {
      await client.query(
        `insert into public.received (id, kind, juke_id, version)
         select r.id, r.kind, r.juke_id, r.version
         from jsonb_array_elements($1) with ordinality j (event, nth)
         cross join lateral jsonb_to_record(j.event) r (id bigint, kind text, juke_id uuid, version int)
         order by j.nth`,
        [JSON.stringify(rows)],
      );
      if (!span.isOver && Math.random() < 0.1) {
        // Sometimes after a while in which the others wait for it.
        if (Math.random() < 0.3) await pause(between(0, 100));
        facts["cut off"] += 1;
        abandon(client);
      }
      await client.query("select feed.ack($1, $2)", [name, rows.at(-1).next_cursor]);
      if (!span.isOver && Math.random() < 0.05) {
        facts["cut off"] += 1;
        abandon(client);
      }
    }
    await client.query("commit");
    facts.committed += 1;
    return rows.length > 0;
  };
  const ended = Promise.all([
    kill(database, span, `${name} worker`).then((killed) => {
      facts.killed = killed;
    }),
    ...Array.from({ length: workers }, () => relive(database, span, { name, facts, work })),
  ]).then(async () => {
    const rows = await sql`select * from public.received order by nth`;
    log.push({ events: eventsOf(rows), acked: true });
  });
  return { name: "a consumer inside, exactly once", log, facts, ended };
}

/**
 * A named consumer that works outside of the database: it polls, takes in what came, and acks all of it, or what it has done so
 * far; each call is a transaction. It is killed between poll and ack, and at any other moment, and begins anew.
 */
export async function outsideConsumer(
  database: TestDatabase,
  span: Span,
  { cursor }: { cursor: string },
): Promise<Reader> {
  const { sql } = database;
  const name = "outside";
  await sql`select feed.add_consumer(${name}, ${cursor})`;
  const log: Delivery[] = [];
  const facts = { acked: 0, "cut off": 0, lost: 0, "lost in ack": 0, killed: 0 };

  const work = async (client: pg.Client): Promise<boolean> => {
    const limit = Math.ceil(between(0, 200));
    const { rows } = await client.query("select * from feed.poll($1, $2)", [name, limit]);
    if (rows.length === 0) return false;
    const done = Math.random() < 0.2 ? Math.ceil(rows.length / 2) : rows.length;
    const delivered = { events: eventsOf(rows.slice(0, done)), acked: false };
    log.push(delivered, { events: eventsOf(rows.slice(done)), acked: false });
    if (!span.isOver && Math.random() < 0.1) {
      facts["cut off"] += 1;
      abandon(client);
    }
    const ack = rows[done - 1].next_cursor;
    try {
      await client.query("select feed.ack($1, $2)", [name, ack]);
      delivered.acked = true;
      facts.acked += 1;
    } catch (error) {
      if (!isLost(error)) throw error;
      // Whether it was done before the connection was lost, only the database knows, when that session has ended.
      for (;;) {
        const [row] = await sql`
          select c.cursor,
            (select count(*)::int from pg_stat_activity
              where datname = current_database() and application_name = ${`${name} worker`}) as sessions
          from feed.consumer c where c.consumer = ${name}`;
        delivered.acked = row?.cursor === ack;
        if (row?.sessions === 0) break;
        await pause(2);
      }
      if (delivered.acked) facts["lost in ack"] += 1;
      throw error;
    }
    return true;
  };
  const ended = Promise.all([
    kill(database, span, `${name} worker`).then((killed) => {
      facts.killed = killed;
    }),
    relive(database, span, { name, facts, work }),
  ]);
  return { name: "a consumer outside, at least once", log, facts, ended };
}
