import { describe, expect, test } from "vitest";
import {
  deliver,
  entityOf,
  eventsAfter,
  failure,
  head,
  type LooseRecord,
  openDelivery,
} from "../catalog-builder.ts";
import { testDatabase } from "../database.ts";

const { sql } = await testDatabase();

let count = 0;
/** A source of its own for each test. */
const newSource = () => `source-${++count}`;

const track = (id: string, rest: object = {}): LooseRecord => ({ kind: "track", id, ...rest });

async function bodyOf(source: string, id: string) {
  const [row] = await sql`
    select body, mention, version from ingest.record where source = ${source} and source_record_id = ${id}`;
  return row;
}

async function titleOf(source: string, id: string): Promise<string | undefined> {
  const juke = await entityOf(sql, source, "track", id);
  const [row] = await sql`select title from catalog.track where juke_id = ${juke ?? null}`;
  return row?.title;
}

describe("scopes", () => {
  test("a full record replaces all that its source said before", async () => {
    const source = newSource();
    await deliver(sql, source, [track("t", { title: "A", duration_ms: 1 })]);
    await deliver(sql, source, [track("t", { title: "B" })]);
    expect(await bodyOf(source, "t")).toMatchObject({ body: { title: "B" }, version: 2 });
  });

  test("a partial record replaces the keys it has", async () => {
    const source = newSource();
    await deliver(sql, source, [track("t", { title: "A", duration_ms: 1, explicit: true })]);
    await deliver(sql, source, [track("t", { scope: "partial", title: "B", explicit: null })]);
    expect((await bodyOf(source, "t"))?.body).toEqual({
      title: "B",
      duration_ms: 1,
      explicit: null,
    });
    const [row] = await sql`
      select title, duration_ms, explicit from catalog.track
      where juke_id = ${(await entityOf(sql, source, "track", "t")) ?? null}`;
    expect(row).toEqual({ title: "B", duration_ms: 1, explicit: null });
  });

  test("a mention fills gaps and never replaces", async () => {
    const source = newSource();
    await deliver(sql, source, [
      track("t", { scope: "mention", title: "mentioned", duration_ms: 7 }),
    ]);
    expect(await titleOf(source, "t")).toBe("mentioned");
    await deliver(sql, source, [track("t", { title: "stated" })]);
    await deliver(sql, source, [track("t", { scope: "mention", title: "zzz" })]);
    expect(await titleOf(source, "t")).toBe("stated");
    const [row] = await sql`
      select duration_ms from catalog.track
      where juke_id = ${(await entityOf(sql, source, "track", "t")) ?? null}`;
    expect(row?.duration_ms).toBe(7);
  });

  test("within a batch the order counts: full makes what came before it void, partial lies over it", async () => {
    const source = newSource();
    const counts = await deliver(sql, source, [
      track("t", { scope: "partial", title: "P1", disambiguation: "lost" }),
      track("t", { title: "F", duration_ms: 1 }),
      track("t", { scope: "partial", title: "P2" }),
      track("u", { title: "first" }),
      track("u", { title: "last" }),
    ]);
    expect(counts).toMatchObject({ records: 2, new: 2, entities_minted: 2 });
    expect((await bodyOf(source, "t"))?.body).toEqual({ title: "P2", duration_ms: 1 });
    expect((await bodyOf(source, "u"))?.body).toEqual({ title: "last" });
  });

  test("what a record said before is kept, version by version", async () => {
    const source = newSource();
    for (const title of ["A", "B", "B", "C"]) await deliver(sql, source, [track("t", { title })]);
    const rows = await sql`
      select v.version, v.body ->> 'title' as title
      from ingest.record_version v join ingest.record r using (record_id)
      where r.source = ${source} order by v.version`;
    expect([...rows]).toEqual([
      { version: 1, title: "A" },
      { version: 2, title: "B" },
    ]);
    expect(await bodyOf(source, "t")).toMatchObject({ version: 3, body: { title: "C" } });
  });
});

describe("the same again", () => {
  const batch: LooseRecord[] = [
    { kind: "artist", id: "a", name: "A", aliases: [{ name: "Æ", locale: "en" }], country: "GB" },
    {
      kind: "album",
      id: "al",
      title: "AL",
      credits: [{ contributor: { kind: "artist", id: "a" }, role: "artist", share: 33.333333 }],
      genres: [{ genre: { kind: "genre", id: "rock" }, weight: 0.1 }],
      images: [{ url: "https://example.com/1.jpg", width: 10, height: 10 }],
    },
    {
      kind: "release",
      id: "r",
      title: "R",
      album: { kind: "album", id: "al" },
      release_date: "1997-05-21",
      labels: [{ label: { kind: "label", id: "l" } }],
      media: [{ disc: 1, format: "CD" }],
      tracks: [{ disc: 1, position: 1, track: { kind: "track", id: "t" } }],
      release_events: [{ country: "JP", date: "1997-05-21" }, { country: "GB" }],
    },
    track("t", {
      title: "T",
      ids: { isrc: "GBAYE9700108" },
      works: [{ work: { kind: "work", id: "w" } }],
    }),
    track("t2", { scope: "mention", title: "T2" }),
    {
      kind: "genre",
      id: "rock",
      name: "Rock",
      parents: [{ genre: { kind: "genre", id: "music" } }],
    },
    { kind: "episode", id: "e", title: "E", published_at: "2024-02-29T12:00:00+02:00" },
  ];

  test("changes nothing and leaves no event, whatever the batches", async () => {
    const source = newSource();
    const first = await deliver(sql, source, batch);
    expect(first).toMatchObject({ unchanged: 0, changed: 0, entities_minted: first.records });
    const before = await head(sql);
    expect(await deliver(sql, source, batch)).toMatchObject({
      new: 0,
      changed: 0,
      unchanged: first.records,
      entities_minted: 0,
      entities_changed: 0,
    });
    for (const record of batch.toReversed()) {
      expect(await deliver(sql, source, [record])).toMatchObject({ new: 0, changed: 0 });
    }
    expect(await eventsAfter(sql, before)).toEqual([]);
  });

  test("a new version that says the same of the catalog leaves no event either", async () => {
    const source = newSource();
    await deliver(sql, source, batch);
    const before = await head(sql);
    const counts = await deliver(
      sql,
      source,
      batch.map((record) => (record.scope ? record : { ...record, unknown_to_the_catalog: true })),
    );
    expect(counts).toMatchObject({ new: 0, changed: 6, entities_changed: 0, entities_minted: 0 });
    expect(await eventsAfter(sql, before)).toEqual([]);
  });

  test("projecting everything anew writes nothing", async () => {
    const before = await head(sql);
    await sql`select catalog.project(array(select juke_id from catalog.entity))`;
    expect(await eventsAfter(sql, before)).toEqual([]);
  });
});

describe("references", () => {
  test("a record that is only referred to becomes a placeholder, and is filled when it comes", async () => {
    const source = newSource();
    const credit = { contributor: { kind: "artist", id: "later" }, role: "artist" };
    const counts = await deliver(sql, source, [track("t", { title: "T", credits: [credit] })]);
    expect(counts).toMatchObject({ records: 2, new: 2, entities_minted: 2, placeholders: 1 });
    const placeholder = await entityOf(sql, source, "artist", "later");
    const before = await head(sql);
    await deliver(sql, source, [
      { kind: "artist", id: "later", name: "Later", ids: { discogs: "991" } },
    ]);
    expect(await entityOf(sql, source, "artist", "later")).toBe(placeholder);
    const [row] = await sql`select name from catalog.artist where juke_id = ${placeholder ?? null}`;
    expect(row?.name).toBe("Later");
    expect(await eventsAfter(sql, before)).toMatchObject([
      { juke_id: placeholder, changed: ["display_name", "external_ids", "name"] },
    ]);
    const [found] = await sql`select juke_id from identity.resolve('discogs:artist:991')`;
    expect(found?.juke_id).toBe(placeholder);
  });

  test("records may refer to each other in a circle, and to themselves", async () => {
    const source = newSource();
    const label = (id: string, parent: string): LooseRecord => ({
      kind: "label",
      id,
      name: id,
      parent: { kind: "label", id: parent },
    });
    await deliver(sql, source, [
      label("a", "b"),
      label("b", "c"),
      label("c", "a"),
      label("self", "self"),
    ]);
    const rows = await sql`
      select l.name, p.name as parent from catalog.label l left join catalog.label p on p.juke_id = l.parent_id
      where l.name in ('a', 'b', 'c', 'self') order by 1`;
    expect([...rows]).toEqual([
      { name: "a", parent: "b" },
      { name: "b", parent: "c" },
      { name: "c", parent: "a" },
      { name: "self", parent: null },
    ]);
  });

  test("two records of one entity that refer to each other do not make it its own parent", async () => {
    const source = newSource();
    await deliver(sql, source, [
      {
        kind: "label",
        id: "a",
        name: "A",
        ids: { discogs: "55" },
        parent: { kind: "label", id: "b" },
      },
      { kind: "label", id: "b", name: "B", ids: { discogs: "55" } },
    ]);
    expect(await entityOf(sql, source, "label", "a")).toBe(
      await entityOf(sql, source, "label", "b"),
    );
  });
});

describe("a delivery", () => {
  test("is the same delivery when the same bytes come again from the same source", async () => {
    const open = (source: string, digit: string) => sql`
      select ingest.open_delivery(${source}, 'x.ndjson', 'ndjson', ${Buffer.alloc(32, digit)}, 3) as id`;
    const [first] = await open("source-x", "1");
    const [again] = await open("source-x", "1");
    const [other] = await open("source-x", "2");
    const [elsewhere] = await open("source-y", "1");
    expect(again?.id).toBe(first?.id);
    expect(new Set([first?.id, other?.id, elsewhere?.id]).size).toBe(3);
    const [row] =
      await sql`select times_received, status from ingest.delivery where delivery_id = ${first?.id}`;
    expect(row).toEqual({ times_received: 2, status: "open" });
  });

  test("is applied or has failed as its run has ended", async () => {
    const id = await openDelivery(sql, newSource());
    const end = async (reason: string | null) => {
      const [run] = await sql`select ingest.start_run(${id}) as id`;
      await sql`select ingest.begin_run(${run?.id})`;
      await sql`select ingest.finish_run(${run?.id}, ${reason && "JB243"}, ${reason})`;
      return sql`select status, error, closed_at is not null as closed from ingest.delivery where delivery_id = ${id}`;
    };
    expect(await end("broken")).toEqual([{ status: "failed", error: "broken", closed: true }]);
    expect(await end(null)).toEqual([{ status: "applied", error: null, closed: true }]);
  });

  test.each(["", "Label X", "ünï", "x".repeat(64), "-x", null])(
    "refuses the source %j with JB203",
    async (source) => {
      expect(
        await failure(
          sql`select ingest.open_delivery(${source}, 'x', 'x', ${Buffer.alloc(32)}, 0)`,
        ),
      ).toBe("JB203");
    },
  );
});
