import { expect, test } from "vitest";
import { eventsAfter, insertEntity } from "../catalog-builder.ts";
import { testDatabase } from "../database.ts";

const { sql, connect } = await testDatabase({ guarded: false });

type Row = {
  next_cursor: string;
  kind: string | null;
  juke_id: string | null;
  version: number;
  state: Record<string, unknown> | null;
};

test("of an empty catalog there is the cursor alone", async () => {
  const rows = await sql<Row[]>`select * from feed.bootstrap()`;
  expect(rows).toMatchObject([{ juke_id: null, state: null }]);
  const id = await insertEntity(sql, "artist", "first");
  const events = await eventsAfter(sql, rows[0]?.next_cursor ?? "");
  expect(events).toMatchObject([{ juke_id: id }]);
});

test("it has every entity of the kinds that are asked for, with its state", async () => {
  const artist = await insertEntity(sql, "artist", "a");
  const album = await insertEntity(sql, "album", "al");
  const work = await insertEntity(sql, "work", "w");
  const ids = async (query: Promise<Row[]>) => (await query).map(({ juke_id }) => juke_id);
  const all = await ids(sql<Row[]>`select * from feed.bootstrap()`);
  expect(all).toEqual(expect.arrayContaining([artist, album, work]));
  const some = await sql<Row[]>`select * from feed.bootstrap('album', 'work') order by juke_id`;
  expect(some.map(({ juke_id }) => juke_id)).toEqual([album, work]);
  expect(some[0]).toMatchObject({
    kind: "album",
    version: 1,
    state: { jukeId: album, kind: "album", version: 1, status: "active", title: "al" },
  });
  expect(new Set(some.map(({ next_cursor }) => next_cursor)).size).toBe(1);
});

test("what was merged is there with what it redirects to; what was deleted is not", async () => {
  const [winner, loser, gone] = [
    await insertEntity(sql, "label", "winner"),
    await insertEntity(sql, "label", "loser"),
    await insertEntity(sql, "label", "gone"),
  ];
  await sql`update catalog.entity set status = 'merged', merged_into = ${winner} where juke_id = ${loser}`;
  await sql`update catalog.entity set status = 'deleted' where juke_id = ${gone}`;
  const rows = await sql<Row[]>`select * from feed.bootstrap('label')`;
  expect(rows.map(({ juke_id }) => juke_id)).toEqual([winner, loser]);
  expect(rows[1]?.state).toMatchObject({ status: "merged", mergedInto: winner });
});

test("a catalog that is rebuilt from it and the feed, while others write, is the catalog", async () => {
  for (let n = 0; n < 1200; n++) await insertEntity(sql, "video", `${n}`);
  const ids = (await sql`select juke_id from catalog.video`).map(
    ({ juke_id }) => juke_id as string,
  );
  let writing = true;
  const writers = Array.from({ length: 3 }, async () => {
    const client = connect({ max: 1 });
    while (writing) {
      const id = ids[Math.floor(Math.random() * ids.length)] ?? "";
      await client.begin(async (tx) => {
        await tx`update catalog.video set title = ${`${Math.random()}`} where juke_id = ${id}`;
        if (Math.random() < 0.3) await insertEntity(tx, "video", "new");
      });
    }
  });
  const copy = new Map<string, number>();
  let cursor: string | null = null;
  // Read in steps, as a client of a large catalog does.
  for await (const rows of connect()<Row[]>`select * from feed.bootstrap('video')`.cursor(100)) {
    for (const { juke_id, version, next_cursor } of rows) {
      copy.set(juke_id ?? "", version);
      cursor = next_cursor;
    }
  }
  for (let ended = false; ; ) {
    const events = await eventsAfter(sql, cursor);
    for (const { juke_id, version, kind, next_cursor } of events) {
      cursor = next_cursor;
      if (kind !== "video") continue;
      expect(version).toBe((copy.get(juke_id) ?? 0) + 1); // not one is missed, not one comes twice
      copy.set(juke_id, version);
    }
    if (ended && events.length === 0) break;
    if (!ended) {
      writing = false;
      await Promise.all(writers);
      ended = true;
    }
  }
  const truth = await sql`select juke_id, version from catalog.entity where kind = 'video'`;
  expect(copy).toEqual(new Map(truth.map(({ juke_id, version }) => [juke_id, version])));
});
