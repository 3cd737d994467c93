import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { type AnySql, bind, eventsAfter, failure, head, insertEntity } from "../catalog-builder.ts";
import { testDatabase } from "../database.ts";

const { sql } = await testDatabase({ guarded: false });

type Event = { juke_id: string; op: string; version: number; changed: string[] | null };

/** The events of one transaction that does `work`. */
async function eventsOf(work: (tx: AnySql) => Promise<unknown>): Promise<Event[]> {
  const before = await head(sql);
  await sql.begin(work);
  const events = await eventsAfter(sql, before);
  return events.map(({ juke_id, op, version, changed }) => ({ juke_id, op, version, changed }));
}

async function versionOf(id: string): Promise<number | undefined> {
  return (await sql`select version from catalog.entity where juke_id = ${id}`)[0]?.version;
}

test("a new entity, with all its parts, is one event without names", async () => {
  let id = "";
  const events = await eventsOf(async (tx) => {
    id = await insertEntity(tx, "track", "t");
    await bind(tx, "track", id, "isrc", "GBAYE6800001");
    await tx`insert into catalog.alias (juke_id, name) values (${id}, 'alias')`;
    await tx`update catalog.track set title = 'other' where juke_id = ${id}`;
    await tx`update catalog.entity set display_name = 'other' where juke_id = ${id}`;
    await tx`delete from catalog.alias where juke_id = ${id}`;
  });
  expect(events).toEqual([{ juke_id: id, op: "upsert", version: 1, changed: null }]);
  expect(await versionOf(id)).toBe(1);
});

test("whatever happens to an entity in a transaction is one event that names it all", async () => {
  const artist = await insertEntity(sql, "artist", "a");
  const album = await insertEntity(sql, "album", "al");
  const genre = await insertEntity(sql, "genre", "g");
  const events = await eventsOf(async (tx) => {
    await tx`update catalog.album set title = 'x', album_type = 'ep' where juke_id = ${album}`;
    await tx`
      insert into catalog.credit (juke_id, role, position, contributor_id)
      values (${album}, 'artist', 1, ${artist})`;
    await tx`insert into catalog.entity_genre (juke_id, genre_id) values (${album}, ${genre})`;
    await tx`insert into catalog.image (juke_id, url) values (${album}, 'https://example.com/1')`;
    await bind(tx, "album", album, "deezer", "1");
    await tx`update catalog.album set title = 'y' where juke_id = ${album}`;
  });
  expect(events).toEqual([
    {
      juke_id: album,
      op: "upsert",
      version: 2,
      changed: ["album_type", "credits", "external_ids", "genres", "images", "title"],
    },
  ]);
  expect(await versionOf(album)).toBe(2);
});

test.each([
  ["release_medium", { disc: 1 }, "media"],
  ["release_label", {}, "labels"],
  ["release_event", { position: 1, country: "GB" }, "release_events"],
  ["release_track", { disc: 1, position: 1 }, "tracks"],
])("a row of %s is a change of its release: %j → %s", async (table, row, attribute) => {
  const release = await insertEntity(sql, "release", "r");
  const others = {
    ...(table === "release_label" ? { label_id: await insertEntity(sql, "label", "l") } : {}),
    ...(table === "release_track" ? { track_id: await insertEntity(sql, "track", "t") } : {}),
  };
  const name = `catalog.${table}`;
  const inserted = await eventsOf(
    (tx) => tx`insert into ${tx(name)} ${tx({ release_id: release, ...row, ...others })}`,
  );
  expect(inserted).toEqual([{ juke_id: release, op: "upsert", version: 2, changed: [attribute] }]);
  const removed = await eventsOf((tx) => tx`delete from ${tx(name)} where release_id = ${release}`);
  expect(removed).toEqual([{ juke_id: release, op: "upsert", version: 3, changed: [attribute] }]);
});

test("works and parents are changes of the track and of the genre", async () => {
  const [track, work] = [
    await insertEntity(sql, "track", "t"),
    await insertEntity(sql, "work", "w"),
  ];
  const [genre, parent] = [
    await insertEntity(sql, "genre", "g"),
    await insertEntity(sql, "genre", "p"),
  ];
  expect(
    await eventsOf(
      (tx) => tx`insert into catalog.track_work (track_id, work_id) values (${track}, ${work})`,
    ),
  ).toEqual([{ juke_id: track, op: "upsert", version: 2, changed: ["works"] }]);
  expect(
    await eventsOf((tx) => tx`insert into catalog.genre_parent values (${genre}, ${parent})`),
  ).toEqual([{ juke_id: genre, op: "upsert", version: 2, changed: ["parents"] }]);
});

test("terms, lines, chapters, transcripts and relations are changes of what they are of", async () => {
  const episode = await insertEntity(sql, "episode", "e");
  const [band, singer] = [
    await insertEntity(sql, "artist", "b"),
    await insertEntity(sql, "artist", "s"),
  ];
  for (const [table, owner, row, attribute] of [
    ["usage_right", { juke_id: episode }, { position: 1 }, "rights"],
    ["copyright", { juke_id: episode }, { line: "P", position: 1, text: "x" }, "copyrights"],
    ["chapter", { juke_id: episode }, { position: 1, start_ms: 0 }, "chapters"],
    [
      "transcript",
      { episode_id: episode },
      { position: 1, url: "https://x.example" },
      "transcripts",
    ],
    [
      "artist_relation",
      { juke_id: singer },
      { artist_id: band, related_id: singer, relation: "member", position: 1 },
      "relations",
    ],
  ] as const) {
    const [id] = Object.values(owner);
    const name = `catalog.${table}`;
    for (const work of [
      (tx: AnySql) => tx`insert into ${tx(name)} ${tx({ ...owner, ...row })}`,
      (tx: AnySql) => tx`update ${tx(name)} set position = 2`,
      (tx: AnySql) => tx`delete from ${tx(name)}`,
    ]) {
      const events = await eventsOf(work);
      expect(events.map(({ juke_id, changed }) => [juke_id, changed])).toEqual([[id, [attribute]]]);
    }
  }
});

test("an update that changes nothing is no event and no version", async () => {
  const artist = await insertEntity(sql, "artist", "a");
  await sql`insert into catalog.alias (juke_id, name) values (${artist}, 'x')`;
  const events = await eventsOf(async (tx) => {
    await tx`update catalog.artist set name = name where juke_id = ${artist}`;
    await tx`update catalog.artist set name = 'b' where false`;
    await tx`update catalog.entity set display_name = display_name where juke_id = ${artist}`;
    await tx`update catalog.alias set name = name where juke_id = ${artist}`;
    await tx`delete from catalog.image where juke_id = ${artist}`;
    await tx`insert into catalog.alias (juke_id, name) values (${artist}, 'x') on conflict do nothing`;
  });
  expect(events).toEqual([]);
  expect(await versionOf(artist)).toBe(2);
});

test("a part that moves to another entity changes both", async () => {
  const [a, b] = [await insertEntity(sql, "artist", "a"), await insertEntity(sql, "artist", "b")];
  await bind(sql, "artist", a, "deezer", "70");
  const events = await eventsOf(
    (tx) => tx`update catalog.artist_external_id set juke_id = ${b} where external_id = '70'`,
  );
  expect(events.map(({ juke_id }) => juke_id).sort()).toEqual([a, b].sort());
});

test("a rolled back savepoint leaves no trace, and what comes after it is captured", async () => {
  const artist = await insertEntity(sql, "artist", "a");
  const undo = (tx: AnySql, work: (tx: AnySql) => Promise<unknown>) =>
    (tx as unknown as { savepoint: (w: (s: AnySql) => Promise<unknown>) => Promise<unknown> })
      .savepoint(async (inner) => {
        await work(inner);
        throw new Error("undo");
      })
      .catch(() => {});
  const events = await eventsOf(async (tx) => {
    await undo(
      tx,
      (inner) => inner`update catalog.artist set name = 'x' where juke_id = ${artist}`,
    );
    await tx`update catalog.artist set country = 'GB' where juke_id = ${artist}`;
    await undo(
      tx,
      (inner) => inner`update catalog.artist set gender = 'x' where juke_id = ${artist}`,
    );
    await tx`update catalog.artist set area = 'Oxford' where juke_id = ${artist}`;
  });
  expect(events).toEqual([
    { juke_id: artist, op: "upsert", version: 2, changed: ["area", "country"] },
  ]);
});

test("a merge and a deletion are said as such", async () => {
  const [a, b] = [await insertEntity(sql, "artist", "a"), await insertEntity(sql, "artist", "b")];
  expect(
    await eventsOf(async (tx) => {
      await tx`update catalog.artist set name = 'last words' where juke_id = ${a}`;
      await tx`update catalog.entity set status = 'merged', merged_into = ${b} where juke_id = ${a}`;
    }),
  ).toEqual([{ juke_id: a, op: "merge", version: 2, changed: ["merged_into", "name", "status"] }]);
  expect(
    await eventsOf((tx) => tx`update catalog.entity set status = 'deleted' where juke_id = ${b}`),
  ).toEqual([{ juke_id: b, op: "delete", version: 2, changed: ["status"] }]);
});

test("removing an entity is one event with the next version, and changes what quoted it", async () => {
  const [artist, album] = [
    await insertEntity(sql, "artist", "a"),
    await insertEntity(sql, "album", "al"),
  ];
  await sql`
    insert into catalog.credit (juke_id, role, position, contributor_id) values (${album}, 'artist', 1, ${artist})`;
  await bind(sql, "artist", artist, "deezer", "71");
  const events = await eventsOf((tx) => tx`delete from catalog.entity where juke_id = ${artist}`);
  expect(events).toHaveLength(2);
  const of = (id: string) => events.find(({ juke_id }) => juke_id === id);
  expect(of(artist)).toMatchObject({ op: "delete", version: 3 });
  expect(of(album)).toEqual({ juke_id: album, op: "upsert", version: 3, changed: ["credits"] });
});

test("removing what was changed in the same transaction is a deletion", async () => {
  const artist = await insertEntity(sql, "artist", "a");
  const events = await eventsOf(async (tx) => {
    await tx`update catalog.artist set name = 'x' where juke_id = ${artist}`;
    await tx`delete from catalog.entity where juke_id = ${artist}`;
  });
  expect(events).toMatchObject([{ juke_id: artist, op: "delete", version: 2 }]);
});

test("what is born and removed in one transaction was never there", async () => {
  const events = await eventsOf(async (tx) => {
    const id = await insertEntity(tx, "artist", "a");
    await bind(tx, "artist", id, "deezer", "72");
    await tx`delete from catalog.entity where juke_id = ${id}`;
  });
  expect(events).toEqual([]);
});

test("an id that is removed cannot be given again in the same transaction", async () => {
  const id = await insertEntity(sql, "artist", "a");
  const again = sql.begin(async (tx) => {
    await tx`delete from catalog.entity where juke_id = ${id}`;
    await tx`insert into catalog.entity (juke_id, kind, display_name) values (${id}, 'artist', 'back')`;
  });
  expect(await failure(again)).toBe("23505");
  expect(await versionOf(id)).toBe(1);
});

test("a row of a kind that is removed and comes back in one transaction is one change", async () => {
  const id = await insertEntity(sql, "artist", "a");
  const events = await eventsOf(async (tx) => {
    await tx`delete from catalog.artist where juke_id = ${id}`;
    await tx`insert into catalog.artist (juke_id, name) values (${id}, 'back')`;
  });
  expect(events).toEqual([{ juke_id: id, op: "upsert", version: 2, changed: ["artist"] }]);
});

test("the version counts the transactions that changed the entity", async () => {
  const id = await insertEntity(sql, "track", "t");
  const start = await versionOf(id);
  for (let n = 1; n <= 5; n++) {
    await sql.begin(async (tx) => {
      await tx`update catalog.track set title = ${`${n}`} where juke_id = ${id}`;
      await tx`update catalog.track set duration_ms = ${n} where juke_id = ${id}`;
    });
    expect(await versionOf(id)).toBe((start ?? 0) + n);
  }
});

test("a statement that changes thousands of entities writes one event for each", async () => {
  const prefix = randomUUID();
  await sql`
    with made as (
      insert into catalog.entity (kind, display_name) select 'work', ${prefix} from generate_series(1, 3000) returning juke_id
    )
    insert into catalog.work (juke_id, title) select juke_id, ${prefix} from made`;
  const events = await eventsOf(
    (tx) => tx`update catalog.work set work_type = 'song' where title = ${prefix}`,
  );
  expect(events).toHaveLength(3000);
  expect(new Set(events.map(({ juke_id }) => juke_id)).size).toBe(3000);
});

test("truncating the catalog is refused: nobody would hear of it", async () => {
  for (const table of [
    "catalog.entity",
    "catalog.artist",
    "catalog.credit",
    "identity.external_id",
  ]) {
    const error = await sql`truncate ${sql(table)} cascade`.catch((e) => e);
    expect(error).toMatchObject({ code: "JB110" });
  }
});
