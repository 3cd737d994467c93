import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type AnySql,
  deliver,
  eventsAfter,
  type FeedEvent,
  failure,
  head,
  insertEntity,
} from "../catalog-builder.ts";
import { testDatabase } from "../database.ts";
import { until } from "../worker/until.ts";

const { sql, connect } = await testDatabase({ guarded: false });

const rename = (client: AnySql, id: string, name: string) =>
  client`update catalog.artist set name = ${name} where juke_id = ${id}`;

/** Reads on from a cursor, page by page, until nothing is left. */
async function walk(cursor: string | null, limit: number): Promise<FeedEvent[]> {
  const events: FeedEvent[] = [];
  for (;;) {
    const page = await eventsAfter(sql, cursor, limit);
    expect(page.length).toBeLessThanOrEqual(limit);
    if (page.length === 0) return events;
    events.push(...page);
    cursor = page.at(-1)?.next_cursor ?? cursor;
  }
}

const withoutCursor = (events: FeedEvent[]) => events.map(({ next_cursor: _, ...event }) => event);

test("a feed without events has no rows, and its head continues to what comes", async () => {
  const before = await head(sql);
  expect(await eventsAfter(sql, before)).toEqual([]);
  const id = await insertEntity(sql, "artist", "a");
  expect(await eventsAfter(sql, before)).toMatchObject([{ juke_id: id, op: "upsert", version: 1 }]);
  expect(await eventsAfter(sql, await head(sql))).toEqual([]);
});

test("pages of any size say what one big read says, in the same order", async () => {
  await deliver(
    sql,
    "paging",
    Array.from({ length: 57 }, (_, n) => ({ kind: "work", id: `${n}`, title: `${n}` })),
  );
  for (let n = 0; n < 5; n++) await insertEntity(sql, "work", `w${n}`);
  const all = withoutCursor(await eventsAfter(sql, null));
  expect(all.length).toBeGreaterThanOrEqual(63);
  for (const limit of [1, 2, 7, 56, 57, 58, 10_000]) {
    expect(withoutCursor(await walk(null, limit))).toEqual(all);
  }
});

test("a page that cuts a batch never loses what is committed meanwhile", async () => {
  const before = await head(sql);
  const ids = [];
  for (let n = 0; n < 6; n++) ids.push(await insertEntity(sql, "artist", `${n}`));
  const [first] = await eventsAfter(sql, before, 1);
  // While the reader is in the middle, what it has read and what it has not changes.
  for (const id of ids) await rename(sql, id, "later");
  const rest = await walk(first?.next_cursor ?? "", 2);
  expect(rest.map(({ juke_id, version }) => [juke_id, version])).toEqual([
    ...ids.slice(1).map((id) => [id, 1]),
    ...ids.map((id) => [id, 2]),
  ]);
});

test("every row's cursor continues right after that row", async () => {
  const before = await head(sql);
  for (let n = 0; n < 4; n++) await insertEntity(sql, "artist", `${n}`);
  const all = await eventsAfter(sql, before);
  for (const [index, event] of all.entries()) {
    expect(withoutCursor(await walk(event.next_cursor, 3))).toEqual(
      withoutCursor(all.slice(index + 1)),
    );
  }
});

test("a transaction that was open when the cursor was taken is read after it commits, though its events are older", async () => {
  const [slow, fast] = [
    await insertEntity(sql, "artist", "s"),
    await insertEntity(sql, "artist", "f"),
  ];
  let cursor = await head(sql);
  const other = connect({ max: 1 });
  await other.begin(async (tx) => {
    await tx`update catalog.artist set name = 'slow' where juke_id = ${slow}`;
    await rename(sql, fast, "fast");
    const seen = await eventsAfter(sql, cursor);
    expect(seen.map(({ juke_id }) => juke_id)).toEqual([fast]);
    cursor = seen.at(-1)?.next_cursor ?? "";
    expect(await eventsAfter(sql, cursor)).toEqual([]);
  });
  const late = await eventsAfter(sql, cursor);
  expect(late.map(({ juke_id }) => juke_id)).toEqual([slow]);
  expect(await eventsAfter(sql, late.at(-1)?.next_cursor ?? "")).toEqual([]);
});

test("an open transaction that is in the middle of a cut batch is not lost", async () => {
  const ids: string[] = [];
  for (let n = 0; n < 3; n++) ids.push(await insertEntity(sql, "artist", `${n}`));
  const before = await head(sql);
  const other = connect({ max: 1 });
  let cursor: string | null = before;
  await other.begin(async (tx) => {
    await tx`update catalog.artist set name = 'open' where juke_id = ${ids[0] ?? ""}`;
    for (const id of ids.slice(1)) await rename(sql, id, "done");
    cursor = (await eventsAfter(sql, cursor, 1)).at(-1)?.next_cursor ?? "";
  });
  const rest = await walk(cursor, 1);
  expect(rest.map(({ juke_id }) => juke_id)).toEqual([ids[2], ids[0]]);
});

test("a reader inside a writing transaction sees what is committed, not itself, and loses nothing", async () => {
  const id = await insertEntity(sql, "artist", "a");
  const before = await head(sql);
  let cursor: string = before;
  let headInside = "";
  await sql.begin(async (tx) => {
    await tx`update catalog.artist set name = 'mine' where juke_id = ${id}`;
    const theirs = await insertEntity(connect({ max: 1 }), "artist", "theirs");
    const seen = await eventsAfter(tx, cursor);
    expect(seen.map(({ juke_id }) => juke_id)).toEqual([theirs]);
    cursor = seen.at(-1)?.next_cursor ?? "";
    headInside = await head(tx);
    await tx`update catalog.artist set country = 'GB' where juke_id = ${id}`;
  });
  for (const from of [cursor, headInside]) {
    expect(await eventsAfter(sql, from)).toMatchObject([
      { juke_id: id, changed: ["country", "name"] },
    ]);
  }
});

test("a reader inside a writing transaction loses nothing of those that began just before it", async () => {
  const [theirs, mine] = [
    await insertEntity(sql, "artist", "theirs"),
    await insertEntity(sql, "artist", "mine"),
  ];
  const [other, own] = [connect({ max: 1 }), connect({ max: 1 })];
  // No transaction that is younger than the other has finished: a snapshot ends before both of them.
  for (let round = 0; round < 10; round++) {
    let cursor = await head(sql);
    await own.begin(async (tx) => {
      await other.begin(async (before) => {
        await rename(before, theirs, `${round}`);
        await rename(tx, mine, `${round}`);
        cursor = await head(tx);
      });
    });
    const seen = await eventsAfter(sql, cursor);
    expect(seen.map(({ juke_id }) => juke_id)).toEqual([theirs, mine]);
  }
});

test("a rolled back transaction is not heard of", async () => {
  const id = await insertEntity(sql, "artist", "a");
  const before = await head(sql);
  await sql
    .begin(async (tx) => {
      await tx`update catalog.artist set name = 'x' where juke_id = ${id}`;
      throw new Error("rolled back");
    })
    .catch(() => {});
  expect(await eventsAfter(sql, before)).toEqual([]);
});

test("a reader at repeatable read sees the feed of its snapshot", async () => {
  const before = await head(sql);
  await sql.begin("isolation level repeatable read", async (tx) => {
    expect(await eventsAfter(tx, before)).toEqual([]);
    await insertEntity(connect({ max: 1 }), "artist", "x");
    expect(await eventsAfter(tx, before)).toEqual([]);
  });
  expect(await eventsAfter(sql, before)).toHaveLength(1);
});

test("a reader at repeatable read is not sent past what its snapshot does not show", async () => {
  const before = await head(sql);
  await insertEntity(sql, "artist", "seen");
  await sql.begin("isolation level repeatable read", async (tx) => {
    expect(await eventsAfter(tx, before)).toHaveLength(1);
    for (let n = 0; n < 3; n++) await insertEntity(connect({ max: 1 }), "artist", `${n}`);
    const until = await head(connect({ max: 1 }));
    const [first] = await eventsAfter(connect({ max: 1 }), before, 2); // a cursor within a later batch
    for (const [cursor, end] of [
      [before, until],
      [first?.next_cursor ?? "", null],
      [first?.next_cursor ?? "", until],
    ] as const) {
      const [read] = await tx`select * from feed.read(${cursor}, 100, null, ${end})`;
      expect(read).toEqual({ next_cursor: cursor, updates: [] });
    }
  });
});

/** A cursor that is well formed, made of these parts. */
async function sealed(...parts: (string | bigint)[]): Promise<string> {
  const [row] = await sql`select feed.seal(${parts.join("/")}) as cursor`;
  return row?.cursor;
}

test("a cursor of another cluster is refused with JB302, and so is one from the future", async () => {
  const [cluster = "", snapshot = "", next = "", last = ""] = (await head(sql)).split("/");
  const foreign = await sealed(`${cluster}1`, snapshot, next, last);
  expect(await failure(eventsAfter(sql, foreign))).toBe("JB302");
  const [xmin = "", xmax = ""] = snapshot.split(":");
  // A cluster that was set back to an earlier moment has not got there yet.
  const ahead = `${xmin}:${BigInt(xmax) + 1_000_000n}:`;
  for (const parts of [
    [cluster, ahead, next, last],
    [cluster, snapshot, ahead, next, last, "0"],
  ]) {
    const error = await eventsAfter(sql, await sealed(...parts)).catch((e) => e);
    expect(error).toMatchObject({ code: "JB302", hint: expect.stringContaining("full read") });
  }
});

test("a cursor that is not what it was, however little, is refused with JB301", async () => {
  for (const cursor of [
    await head(sql),
    (await eventsAfter(sql, null, 1)).at(-1)?.next_cursor ?? "",
  ]) {
    for (let at = 0; at < cursor.length; at++) {
      for (const other of [cursor.slice(0, at), cursor.slice(at + 1), swapped(cursor, at)]) {
        expect(await failure(eventsAfter(sql, other))).toBe("JB301");
      }
    }
  }
});

/** The text with another digit, or sign, at a place. */
function swapped(text: string, at: number): string {
  const other = text[at] === "1" ? "2" : "1";
  return `${text.slice(0, at)}${other}${text.slice(at + 1)}`;
}

test.each([
  ["", "JB301"],
  ["0", "JB301"],
  ["null", "JB301"],
  ["1:1:", "JB301"],
  ["99999999999999999999999/1:1:", "JB301"],
])("%j is no cursor", async (cursor, code) => {
  expect(await failure(eventsAfter(sql, cursor))).toBe(code);
});

test("whatever text is passed as a cursor: events, or JB301, or JB302", async () => {
  const cursor = await head(sql);
  const [cluster = ""] = cursor.split("/");
  const wellFormed = (parts: string[]) => {
    const body = parts.join("/");
    return `${body}/${createHash("md5").update(body).digest("hex").slice(0, 8)}`;
  };
  const number = fc.constantFrom(
    "0",
    "3",
    "7",
    "4294967296",
    "18446744073709551615",
    "18446744073709551616",
    "",
  );
  const snapshot = fc
    .tuple(number, number, fc.array(number, { maxLength: 3 }))
    .map(([xmin, xmax, xip]) => `${xmin}:${xmax}:${xip.join(",")}`);
  const text = fc.oneof(
    fc
      .string({ unit: "binary", maxLength: 30 })
      .map((s) => s.replaceAll("\u0000", "").toWellFormed()),
    fc.tuple(fc.constantFrom(cluster, "1.1"), snapshot, number, number).map(wellFormed),
    fc.tuple(fc.constant(cluster), snapshot, snapshot, number, number, number).map(wellFormed),
    fc
      .tuple(fc.nat(cursor.length), fc.string({ maxLength: 3 }))
      .map(([at, rest]) => cursor.slice(0, at) + rest.replaceAll("\u0000", "") + cursor.slice(at)),
  );
  await fc.assert(
    fc.asyncProperty(text, async (garbage) => {
      expect([null, "JB301", "JB302"]).toContain(await failure(eventsAfter(sql, garbage, 1)));
    }),
    { numRuns: 600 },
  );
});

test.each([0, -1, 10_001, null])("the limit %j is refused with JB304", async (limit) => {
  expect(await failure(sql`select * from feed.updates(null, ${limit})`)).toBe("JB304");
});

test("the notifier says when something came, once for all that came meanwhile", async () => {
  const listener = connect({ max: 1 });
  let heard = 0;
  await listener.listen("jukebase_feed", () => {
    heard += 1;
  });
  const watch = async (seen: string | null) =>
    (await sql`call feed.watch(${seen}::pg_snapshot, '20 ms', '1 ms')`)[0]?.seen;
  let seen = await watch(null);
  await until("what came while nobody looked is said", () => heard === 1);
  for (let n = 0; n < 5; n++) await insertEntity(sql, "artist", `${n}`);
  seen = await watch(seen);
  await until("what came meanwhile is said", () => heard === 2);
  await sql`select pg_current_xact_id()`; // a transaction that changed nothing
  seen = await watch(seen);
  await insertEntity(sql, "artist", "x");
  await watch(seen);
  await until("what came last is said", () => heard === 3);
});
