import { describe, expect, test } from "vitest";
import { deliver, entityOf, eventsAfter, head, type LooseRecord } from "../catalog-builder.ts";
import { undone } from "../catalog-state.ts";
import { testDatabase } from "../database.ts";
import { type Delivery, deliverAll, golden, inEveryOrder } from "./projection-builder.ts";

const { sql } = await testDatabase();

const ids = { spotify: "4Z8W4fKeB5YxbusRsdQVPb" };
const artist = (said: object): LooseRecord[] => [{ kind: "artist", id: "x", ids, ...said }];
const seen = (deliveries: Delivery[]) =>
  inEveryOrder(sql, deliveries, (tx) => golden(tx, deliveries[0]?.[0] ?? "", "artist", "x"));

describe("an attribute", () => {
  test("is what the source of the highest priority says", async () => {
    expect(
      await seen([
        ["local", artist({ name: "local", country: "GB" })],
        ["musicbrainz", artist({ name: "musicbrainz", country: "US" })],
        ["manual", artist({ name: "by hand" })],
      ]),
    ).toMatchObject({ name: "by hand", country: "US" });
  });

  test("of sources of one priority is the first by name, in whatever order they came", async () => {
    expect(
      await seen([
        ["bbb", artist({ name: "b", gender: "b", area: "b" })],
        ["ccc", artist({ name: "c", gender: "c", area: "c", begin_area: "c" })],
        ["aaa", artist({ name: "a", gender: "a" })],
      ]),
    ).toMatchObject({ name: "a", gender: "a", area: "b", begin_area: "c", country: null });
  });

  test("of two records of one source is that of the first by id", async () => {
    const record = (id: string, area: string): LooseRecord => ({
      kind: "artist",
      id,
      ids,
      name: id,
      area,
    });
    expect(
      await inEveryOrder(
        sql,
        [
          ["aaa", [record("y", "second")]],
          ["aaa", [record("x", "first")]],
        ],
        (tx) => golden(tx, "aaa", "artist", "x"),
      ),
    ).toMatchObject({ name: "x", area: "first" });
  });

  test("is rather stated than mentioned, but a better source's mention counts more", async () => {
    expect(
      await seen([
        ["aaa", artist({ scope: "mention", name: "mentioned", area: "mentioned" })],
        ["bbb", artist({ name: "stated" })],
      ]),
    ).toMatchObject({ name: "stated", area: "mentioned" });
    expect(
      await seen([
        ["musicbrainz", artist({ scope: "mention", name: "mentioned" })],
        ["aaa", artist({ name: "stated" })],
      ]),
    ).toMatchObject({ name: "mentioned" });
  });

  test("that one source mentions and states is what it states", async () => {
    expect(
      await seen([
        ["aaa", artist({ scope: "mention", name: "mentioned", area: "gap" })],
        ["aaa", artist({ name: "stated" })],
      ]),
    ).toMatchObject({ name: "stated", area: "gap" });
  });

  test("may be false or empty: null alone says nothing", async () => {
    expect(
      await seen([
        ["aaa", artist({ name: "a", ended: false, gender: "", area: null })],
        ["bbb", artist({ name: "b", ended: true, gender: "b", area: "b" })],
      ]),
    ).toMatchObject({ ended: false, gender: "", area: "b" });
  });

  test("that its source no longer gives falls back to the next", async () => {
    await undone(sql, async (tx) => {
      const best = (said: object): Delivery => ["musicbrainz", artist({ name: "x", ...said })];
      await deliverAll(tx, [
        ["local", artist({ name: "x", area: "local", gender: "local" })],
        best({ area: "best", gender: "best", country: "GB" }),
      ]);
      const row = () => golden(tx, "local", "artist", "x");
      expect(await row()).toMatchObject({ area: "best", gender: "best", country: "GB" });
      await deliverAll(tx, [best({ gender: "best" })]);
      expect(await row()).toMatchObject({ area: "local", gender: "best", country: null });
      await deliverAll(tx, [best({})]);
      expect(await row()).toMatchObject({ area: "local", gender: "local", country: null });
    });
  });

  test("keeps its type: dates, arrays, numbers, instants", async () => {
    await undone(sql, async (tx) => {
      await deliver(tx, "aaa", [
        {
          kind: "album",
          id: "al",
          title: "al",
          secondary_types: ["live", "remix"],
          first_release_date: "1997-05",
        },
        { kind: "work", id: "w", title: "w", languages: ["eng", "fra"] },
        { kind: "release", id: "r", title: "r", status: "official", barcode: "0077" },
        {
          kind: "episode",
          id: "e",
          title: "e",
          published_at: "2020-01-02T03:04:05+02:00",
          enclosure_bytes: 9_007_199_254,
        },
      ]);
      expect(await golden(tx, "aaa", "album", "al")).toMatchObject({
        secondary_types: ["live", "remix"],
        first_release_date: "1997-05",
      });
      expect(await golden(tx, "aaa", "work", "w")).toMatchObject({ languages: ["eng", "fra"] });
      expect(await golden(tx, "aaa", "release", "r")).toMatchObject({
        release_status: "official",
        barcode: "0077",
      });
      const [row] = await tx`
        select extract(epoch from published_at)::int as at, enclosure_bytes::text as bytes
        from catalog.episode where title = 'e'`;
      expect(row).toEqual({ at: Date.UTC(2020, 0, 2, 1, 4, 5) / 1000, bytes: "9007199254" });
    });
  });
});

describe("the hub", () => {
  test("shows the name or title of the kind, and follows it", async () => {
    await undone(sql, async (tx) => {
      const name = async () => {
        const rows = await tx`select display_name as name from catalog.entity order by kind`;
        return rows.map((row) => row.name);
      };
      const records = (n: number): LooseRecord[] => [
        { kind: "artist", id: "a", name: `artist ${n}` },
        { kind: "track", id: "t", title: `track ${n}` },
      ];
      await deliver(tx, "aaa", records(1));
      expect(await name()).toEqual(["artist 1", "track 1"]);
      await deliver(tx, "aaa", records(2));
      expect(await name()).toEqual(["artist 2", "track 2"]);
    });
  });

  test("shows a MusicBrainz id as long as one is bound", async () => {
    const mbid = "a74b1b7f-71a5-4011-9441-d0b5e4122711";
    await undone(sql, async (tx) => {
      const shown = async () => {
        const [row] = await tx`select mbid from catalog.entity`;
        return row?.mbid;
      };
      await deliver(tx, "aaa", [{ kind: "artist", id: "x", name: "x", ids: { mbid } }]);
      expect(await shown()).toBe(mbid);
      await deliver(tx, "aaa", [{ kind: "artist", id: "x", name: "x" }]);
      expect(await shown()).toBeNull();
    });
  });
});

describe("a placeholder", () => {
  const track: LooseRecord = {
    kind: "track",
    id: "t",
    title: "t",
    credits: [{ contributor: { kind: "artist", id: "artist-17" }, role: "artist" }],
    genres: [{ genre: { kind: "genre", id: "rock" } }],
  };

  test("shows its id as its name until it is described", async () => {
    await undone(sql, async (tx) => {
      await deliver(tx, "aaa", [track]);
      const before = await entityOf(tx, "aaa", "artist", "artist-17");
      expect(await golden(tx, "aaa", "artist", "artist-17")).toMatchObject({ name: "artist-17" });
      expect(await golden(tx, "aaa", "genre", "rock")).toMatchObject({ name: "rock" });
      await deliver(tx, "aaa", [
        { kind: "artist", id: "artist-17", name: "Real Name", country: "GB" },
      ]);
      expect(await entityOf(tx, "aaa", "artist", "artist-17")).toBe(before);
      expect(await golden(tx, "aaa", "artist", "artist-17")).toMatchObject({
        name: "Real Name",
        country: "GB",
      });
    });
  });

  test("is one as well when another record only mentions no name of it", async () => {
    await undone(sql, async (tx) => {
      await deliver(tx, "aaa", [
        track,
        { kind: "artist", id: "artist-17", scope: "mention", area: "Bath" },
      ]);
      expect(await golden(tx, "aaa", "artist", "artist-17")).toMatchObject({
        name: "artist-17",
        area: "Bath",
      });
    });
  });
});

test("the same again writes nothing: no row, no version, no event", async () => {
  const records: LooseRecord[] = [
    ...artist({
      name: "x",
      aliases: [{ name: "y", locale: "en" }],
      genres: [{ genre: { kind: "genre", id: "g" }, weight: 0.1 }],
      images: [{ url: "https://example.org/1", width: 10 }],
    }),
    {
      kind: "release",
      id: "r",
      title: "r",
      labels: [{ label: { kind: "label", id: "l" }, catalog_number: "1" }],
      media: [{ disc: 1, format: "CD" }],
      tracks: [{ disc: 1, position: 1, track: { kind: "track", id: "t" } }],
      release_events: [{ country: "GB" }, { date: "1999" }],
      credits: [
        {
          contributor: { kind: "artist", id: "x" },
          role: "artist",
          share: 12.5,
          attributes: ["a"],
        },
      ],
    },
    { kind: "track", id: "t", title: "t", works: [{ work: { kind: "work", id: "w" } }] },
  ];
  await deliver(sql, "again", records);
  const rows = async () => {
    const tables = await sql`
      select c.oid::regclass::text as name from pg_class c
      where c.relnamespace = 'catalog'::regnamespace and c.relkind = 'r' order by 1`;
    const lines = [];
    for (const { name } of tables) {
      lines.push(
        ...(await sql.unsafe(
          `select '${name}' as t, ctid::text, xmin::text from ${name} order by 2`,
        )),
      );
    }
    return lines;
  };
  const [before, cursor] = [await rows(), await head(sql)];
  await deliver(sql, "again", records);
  await sql`select catalog.project(array(select juke_id from catalog.entity))`;
  expect(await rows()).toEqual(before);
  expect(await eventsAfter(sql, cursor)).toEqual([]);
});
