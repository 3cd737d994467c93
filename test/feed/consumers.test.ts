import { expect, test } from "vitest";
import { type AnySql, eventsAfter, failure, head, insertEntity } from "../catalog-builder.ts";
import { testDatabase } from "../database.ts";
import { until } from "../worker/until.ts";

const { sql, connect } = await testDatabase({ guarded: false });

type Polled = { next_cursor: string; juke_id: string; version: number };

let count = 0;
/** A consumer that begins with what comes now; returns its name. */
async function added(after?: string): Promise<string> {
  const name = `consumer-${++count}`;
  await sql`select from feed.add_consumer(${name}, ${after ?? (await head(sql))})`;
  return name;
}

const poll = (name: string, limit = 100, client: AnySql = sql): Promise<Polled[]> =>
  client<Polled[]>`select * from feed.poll(${name}, ${limit})`.then((rows) => [...rows]);

const ack = (name: string, cursor: string | undefined, client: AnySql = sql) =>
  client`select feed.ack(${name}, ${cursor ?? null})`;

const newArtists = async (n: number): Promise<string[]> => {
  const ids: string[] = [];
  for (let each = 0; each < n; each++) ids.push(await insertEntity(sql, "artist", `${each}`));
  return ids;
};

const ids = (events: { juke_id: string }[]) => events.map(({ juke_id }) => juke_id);

async function lagOf(name: string) {
  const [row] = await sql`select * from feed.lag(${name})`;
  return row;
}

test("a consumer gets what is next until it says that it is done with it", async () => {
  const name = await added();
  const made = await newArtists(5);
  const first = await poll(name, 2);
  expect(ids(first)).toEqual(made.slice(0, 2));
  expect(ids(await poll(name, 2))).toEqual(made.slice(0, 2)); // nothing was said
  await ack(name, first[0]?.next_cursor);
  expect(ids(await poll(name, 2))).toEqual(made.slice(1, 3));
  await ack(name, (await poll(name)).at(-1)?.next_cursor);
  expect(await poll(name)).toEqual([]);
});

test("a consumer without a cursor begins at the oldest event; adding it again changes nothing", async () => {
  await sql`select from feed.add_consumer('from-the-beginning')`;
  const [oldest] = await eventsAfter(sql, null, 1);
  expect(ids(await poll("from-the-beginning", 1))).toEqual([oldest?.juke_id]);
  const last = (await poll("from-the-beginning", 3)).at(-1)?.next_cursor;
  await ack("from-the-beginning", last);
  const [again] =
    await sql`select * from feed.add_consumer('from-the-beginning', ${await head(sql)})`;
  expect(again).toMatchObject({ consumer: "from-the-beginning", cursor: last });
});

test("poll, work and ack in one transaction: the work is done exactly once, whatever fails", async () => {
  const name = await added();
  await sql`create table done (juke_id uuid, version int)`;
  const made = await newArtists(40);
  const work = async (client: AnySql, fails: boolean) =>
    (client as typeof sql)
      .begin(async (tx) => {
        const events = await poll(name, 7, tx);
        for (const { juke_id, version } of events)
          await tx`insert into done values (${juke_id}, ${version})`;
        if (events.length > 0) await ack(name, events.at(-1)?.next_cursor, tx);
        if (fails) throw new Error("killed");
        return events.length;
      })
      .catch((error) => {
        if (error.message !== "killed") throw error;
        return -1;
      });
  // Several sessions work for the one consumer; half of their transactions come to nothing.
  await Promise.all(
    Array.from({ length: 4 }, async (_, who) => {
      const client = connect({ max: 1 });
      for (let turn = who; (await work(client, turn % 2 === 0)) !== 0; turn++);
    }),
  );
  const done = await sql<{ juke_id: string }[]>`select juke_id from done`;
  expect(ids(done)).toEqual(made);
});

test("of two sessions that poll without a transaction, the one that fell behind is refused", async () => {
  const name = await added();
  await newArtists(4);
  const [slow, fast] = [await poll(name, 2), await poll(name, 4)];
  await ack(name, fast.at(-1)?.next_cursor);
  const error = await ack(name, slow.at(-1)?.next_cursor).catch((e) => e);
  expect(error).toMatchObject({ code: "JB307", hint: expect.stringContaining("poll again") });
  await ack(name, fast.at(-1)?.next_cursor); // the same again is nothing
  expect(await poll(name)).toEqual([]);
});

test("a place is never moved back, wherever in a batch it is", async () => {
  const before = await head(sql);
  const name = await added(before);
  await newArtists(3);
  const places = [before];
  for (const { next_cursor } of await poll(name)) places.push(next_cursor);
  // The same events in pages of one: cursors within the batch.
  let within: string = before;
  for (let n = 0; n < 3; n++) {
    within = (await eventsAfter(sql, within, 1))[0]?.next_cursor ?? "";
    places.push(within);
  }
  await newArtists(1);
  places.push(await head(sql));
  for (const [later, place] of places.entries()) {
    await sql`select feed.reset(${name}, ${place})`;
    const remaining = (await poll(name, 1000)).length;
    for (const other of places.slice(0, later)) {
      await sql`select feed.reset(${name}, ${place})`;
      const code = await failure(ack(name, other));
      await sql`select feed.reset(${name}, ${other})`;
      const more = (await poll(name, 1000)).length;
      if (more > remaining) expect(code).toBe("JB307");
    }
    await sql`select feed.reset(${name}, ${before})`;
    expect(await failure(ack(name, place))).toBeNull();
  }
});

test("whoever polls waits for the session that has, and goes on after it", async () => {
  const name = await added();
  const made = await newArtists(2);
  const [one, two] = [connect({ max: 1 }), connect({ max: 1 })];
  const [backend] = await two`select pg_backend_pid() as pid`;
  let second: Promise<Polled[]> | undefined;
  await one.begin(async (tx) => {
    const [first] = await poll(name, 1, tx);
    second = poll(name, 1, two);
    await until("the second waits", async () => {
      const [row] = await sql`
        select wait_event_type = 'Lock' as waits from pg_stat_activity where pid = ${backend?.pid}`;
      return row?.waits as boolean;
    });
    await ack(name, first?.next_cursor, tx);
  });
  expect(ids((await second) ?? [])).toEqual([made[1]]);
});

test("a paused consumer gets nothing, keeps its place, and goes on when it is resumed", async () => {
  const name = await added();
  const made = await newArtists(2);
  await sql`select feed.pause(${name})`;
  expect(await poll(name)).toEqual([]);
  expect(await lagOf(name)).toMatchObject({ paused: true, events: "2" });
  await sql`select feed.resume(${name})`;
  expect(ids(await poll(name))).toEqual(made);
});

test("the lag is the number of unread events and the age of the oldest, also within a batch", async () => {
  const name = await added();
  expect(await lagOf(name)).toMatchObject({ events: "0", seconds: 0, acked_at: null });
  await newArtists(5);
  for (let left = 5; left > 0; left--) {
    const row = await lagOf(name);
    expect(row).toMatchObject({ consumer: name, paused: false, events: `${left}`, problem: null });
    expect(row?.seconds).toBeGreaterThan(0);
    await ack(name, (await poll(name, 1))[0]?.next_cursor);
  }
  expect(await lagOf(name)).toMatchObject({ events: "0", seconds: 0 });
  expect((await lagOf(name))?.acked_at).toBeInstanceOf(Date);
});

test("a reset goes back to the oldest, or anywhere", async () => {
  const name = await added();
  const made = await newArtists(2);
  await ack(name, (await poll(name)).at(-1)?.next_cursor);
  await sql`select feed.reset(${name})`;
  const [oldest] = await eventsAfter(sql, null, 1);
  expect(ids(await poll(name, 1))).toEqual([oldest?.juke_id]);
  await sql`select feed.reset(${name}, ${await head(sql)})`;
  expect(await poll(name)).toEqual([]);
  expect(made).toHaveLength(2);
});

test("a consumer that was removed is not known any more, nor is one that never was", async () => {
  const name = await added();
  await sql`select feed.remove_consumer(${name})`;
  for (const call of [
    sql`select * from feed.poll(${name})`,
    sql`select feed.ack(${name}, ${await head(sql)})`,
    sql`select feed.pause(${name})`,
    sql`select feed.resume(${name})`,
    sql`select feed.reset(${name})`,
    sql`select feed.remove_consumer(${name})`,
    sql`select * from feed.lag(${name})`,
    sql`select * from feed.poll(null)`,
  ]) {
    expect(await failure(call)).toBe("JB306");
  }
});

test.each(["", "Upper", "two words", "1st", "x".repeat(64), null])(
  "%j is no name for a consumer",
  async (name) => {
    expect(await failure(sql`select from feed.add_consumer(${name})`)).toBe("JB306");
  },
);

test("a cursor that is none, or of elsewhere, is not taken", async () => {
  const name = await added();
  expect(await failure(ack(name, "nonsense"))).toBe("JB301");
  expect(await failure(ack(name, undefined))).toBe("JB301");
  expect(await failure(sql`select feed.reset(${name}, 'nonsense')`)).toBe("JB301");
  expect(await failure(sql`select feed.add_consumer('other', 'nonsense')`)).toBe("JB301");
  expect(await failure(sql`select * from feed.poll(${name}, 0)`)).toBe("JB304");
});
