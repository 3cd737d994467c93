import { existsSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { deliver, entityOf, eventsAfter, head, type LooseRecord } from "../catalog-builder.ts";
import { testDatabase } from "../database.ts";
import { csvRows } from "./csv-rows.ts";
import { answers } from "./ledger-calls.ts";

/** Lists that others published; not part of this repository. */
const DIRECTORY = new URL("../../../shared/data/spotify/", import.meta.url).pathname;
const ARTISTS = `${DIRECTORY}artists_mbid/artists.csv`;
const STREAMED = `${DIRECTORY}most_streamed_2024.csv`;
const present = existsSync(ARTISTS) && existsSync(STREAMED);
if (!present) console.warn(`skipped: no lists of Spotify artists and tracks in ${DIRECTORY}`);

const { sql } = await testDatabase();

/** Delivers records in batches, each in a transaction of its own; returns the counts that are not nothing. */
async function deliverAll(source: string, records: LooseRecord[]) {
  const sum = { new: 0, changed: 0, unchanged: 0, entities_minted: 0, entities_changed: 0 };
  for (let at = 0; at < records.length; at += 1_000) {
    const counts = await deliver(sql, source, records.slice(at, at + 1_000));
    for (const key of Object.keys(sum) as (keyof typeof sum)[]) sum[key] += counts[key];
  }
  return sum;
}

/** The values of one column by those of another. */
function grouped<T>(rows: T[], key: (row: T) => string, value: (row: T) => string) {
  const groups = new Map<string, Set<string>>();
  for (const row of rows) groups.set(key(row), (groups.get(key(row)) ?? new Set()).add(value(row)));
  return groups;
}

describe.skipIf(!present)("8,675 artists with their MBID, most with a Spotify id", () => {
  const rows = present ? csvRows(readFileSync(ARTISTS, "utf8")) : [];
  const mbid = (row: Record<string, string>) => row.musicbrainz_id as string;
  const spotify = (row: Record<string, string>) => row.spotify_id as string;
  const records = rows.map(
    (row): LooseRecord => ({
      kind: "artist",
      id: mbid(row),
      name: row.artist,
      ids: { mbid: mbid(row), ...(spotify(row) ? { spotify: spotify(row) } : {}) },
    }),
  );
  const claimed = grouped(
    rows.filter((row) => spotify(row)),
    spotify,
    mbid,
  );
  const disputed = [...claimed].filter(([, mbids]) => mbids.size > 1);

  beforeAll(async () => {
    expect(rows).toHaveLength(8_675);
    expect(disputed).toHaveLength(73);
    const counts = await deliverAll("artists", records);
    expect(counts).toMatchObject({ new: 8_675, entities_minted: 8_675 });
  });

  test("each MBID is an artist of its own", async () => {
    const [row] = await sql`
      select count(distinct e.juke_id)::int as entities, count(distinct x.external_id)::int as mbids
      from catalog.entity e
      join identity.external_id x on x.juke_id = e.juke_id and x.source = 'mbid'
      where e.status = 'active'`;
    expect(row).toEqual({ entities: 8_675, mbids: 8_675 });
  });

  test("a Spotify id is contested exactly when several claim it: 73", async () => {
    const contested = await sql`select external_id from identity.external_id where is_contested`;
    expect(contested.map(({ external_id }) => external_id).sort()).toEqual(
      disputed.map(([id]) => id).sort(),
    );
  });

  test("every claim of the file is in the ledger, and stands", async () => {
    const ledger = await sql`
      select a.external_id as spotify, m.external_id as mbid
      from identity.assertion a
      join identity.external_id m on m.juke_id = a.juke_id and m.source = 'mbid'
      where a.source = 'spotify' and a.kind = 'artist' and a.status = 'valid' and a.retracted_at is null`;
    const found = ledger.map((row) => `${row.spotify} ${row.mbid}`).sort();
    const said = rows.filter(spotify).map((row) => `${spotify(row)} ${mbid(row)}`);
    expect(found).toEqual([...new Set(said)].sort());
  });

  test("a contested id names one of those who claim it, and a review is open for each pair with that one", async () => {
    for (const [id, mbids] of disputed) {
      const [bound, ...others] = await answers(sql, `spotify:artist:${id}`);
      expect(others).toEqual([]);
      const entities = await Promise.all(
        [...mbids].map((each) => entityOf(sql, "artists", "artist", each)),
      );
      expect(entities).toContain(bound);
      const reviews = await sql`
        select b_juke_id from identity.review
        where external_id = ${id} and a_juke_id = ${bound ?? null} and status = 'open'`;
      expect(reviews.map(({ b_juke_id }) => b_juke_id).sort()).toEqual(
        entities.filter((each) => each !== bound).sort(),
      );
    }
  });

  test("the same file again changes nothing and leaves no event", async () => {
    const before = await head(sql);
    const ledger = async () => (await sql`select count(*)::int as n from identity.assertion`)[0]?.n;
    const claims = await ledger();
    expect(await deliverAll("artists", records)).toEqual({
      new: 0,
      changed: 0,
      unchanged: 8_675,
      entities_minted: 0,
      entities_changed: 0,
    });
    expect(await eventsAfter(sql, before)).toEqual([]);
    expect(await ledger()).toBe(claims);
  });
});

describe.skipIf(!present)("4,600 rows of the most streamed songs, with damaged names", () => {
  // The names went through two wrong encodings and are no UTF-8 any more; the ISRCs are ASCII.
  const rows = present ? csvRows(readFileSync(STREAMED, "latin1")) : [];
  const isrc = (row: Record<string, string>) => row.ISRC as string;
  const song = (row: Record<string, string>) => `${row.Track} by ${row.Artist}`;
  // Damage makes different names equal: only those that are whole say which rows are one song.
  const whole = rows.filter((row) => /^[ -~]+$/.test(song(row)));
  const songs = [...grouped(whole, song, isrc)].filter(([, isrcs]) => isrcs.size > 1);
  const repeated = [
    ...grouped(
      [...rows.entries()],
      ([, row]) => isrc(row),
      ([n]) => `${n}`,
    ),
  ].filter(([, places]) => places.size > 1);

  const invalid = new Set<string>();

  beforeAll(async () => {
    expect(rows).toHaveLength(4_600);
    const unread = await sql`
      select i.isrc from unnest(${rows.map(isrc)}::text[]) i (isrc) where identity.canonical('isrc', i.isrc) is null`;
    for (const row of unread) invalid.add(row.isrc);
    expect(songs.length).toBeGreaterThan(50);
    expect(repeated.map(([id]) => id)).toEqual(["TCAGJ2289254", "USWL11700269"]);
    await deliverAll(
      "streamed",
      rows.map((row, n) => ({
        kind: "track",
        id: `${n}`,
        title: row.Track,
        explicit: row["Explicit Track"] === "1",
        ids: { isrc: isrc(row) },
      })),
    );
  });

  test("an ISRC of several rows answers with all of them", async () => {
    for (const [id, places] of repeated) {
      const entities = await Promise.all(
        [...places].map((place) => entityOf(sql, "streamed", "track", place)),
      );
      expect(new Set(entities).size).toBe(places.size);
      expect((await answers(sql, `isrc:${id}`)).sort()).toEqual(entities.sort());
    }
  });

  test("an ISRC with a prefix that was never allocated is kept as invalid", async () => {
    const kept = await sql`
      select external_id, status, is_binding from identity.assertion where source = 'isrc' and status <> 'valid'`;
    expect(kept.map(({ external_id }) => external_id).sort()).toEqual([...invalid].sort());
    expect(invalid.size).toBeGreaterThan(0);
    expect(kept.some(({ is_binding }) => is_binding)).toBe(false);
  });

  test("every other ISRC answers with its row", async () => {
    const isRepeated = (row: Record<string, string>) => repeated.some(([id]) => id === isrc(row));
    const singles = rows.filter((row) => !isRepeated(row) && !invalid.has(isrc(row)));
    const found = await sql`
      select r.source_record_id as place, i.isrc
      from unnest(${singles.map(isrc)}::text[]) i (isrc)
      cross join lateral identity.resolve('isrc:' || i.isrc) n
      join identity.membership m on m.juke_id = n.juke_id
      join ingest.record r on r.record_id = m.record_id`;
    expect(found).toHaveLength(singles.length);
    for (const { place, isrc: id } of found) expect(rows[Number(place)]?.ISRC).toBe(id);
  });

  test("a song with several ISRCs is named by each, beside the row that has it alone", async () => {
    await deliverAll(
      "songs",
      songs.map(([id, isrcs]) => ({ kind: "track", id, title: id, ids: { isrc: [...isrcs] } })),
    );
    for (const [id, isrcs] of songs) {
      const entity = await entityOf(sql, "songs", "track", id);
      for (const each of [...isrcs].filter((code) => !invalid.has(code))) {
        const places = rows.flatMap((row, n) => (isrc(row) === each ? [`${n}`] : []));
        const alone = await Promise.all(
          places.map((place) => entityOf(sql, "streamed", "track", place)),
        );
        expect((await answers(sql, `isrc:${each}`)).sort()).toEqual(
          [...new Set([entity, ...alone])].sort(),
        );
      }
    }
  });

  test("no ISRC is contested", async () => {
    expect(
      await sql`select from identity.external_id where is_contested and source = 'isrc'`,
    ).toHaveLength(0);
  });
});

test("fields in quotes keep their commas, line ends and quotes; what is no CSV is refused", () => {
  expect(csvRows('a,b\r\n"1,\n""x""",\r\n,2\n')).toEqual([
    { a: '1,\n"x"', b: "" },
    { a: "", b: "2" },
  ]);
  for (const text of ['a\n"x', 'a\nx"y', 'a\n"x"y', "a,b\n1"])
    expect(() => csvRows(text)).toThrow();
});
