import { describe, expect, test } from "vitest";
import { fillCatalog, radioheadMbid } from "./catalog.ts";
import { type Answer, testApi } from "./server.ts";

const { ask, sql } = await testApi(fillCatalog);

describe("resolve", () => {
  test("gives the entity with its own type, whatever the reference", async () => {
    for (const ref of [
      `https://musicbrainz.org/artist/${radioheadMbid}`,
      "https://open.spotify.com/intl-de/artist/4Z8W4fKeB5YxbusRsdQVPb?si=x",
      "discogs:artist:3840",
      radioheadMbid,
    ]) {
      const { data } = await ask(
        "query ($ref: String!) { resolve(ref: $ref) { __typename kind displayName ... on Artist { name country } } }",
        { ref },
      );
      expect(data.resolve).toEqual({
        __typename: "Artist",
        kind: "ARTIST",
        displayName: "Radiohead",
        name: "Radiohead",
        country: "GB",
      });
    }
  });

  test("gives null for a reference that names nothing here", async () => {
    const answer = await ask('{ resolve(ref: "isrc:GBAYE0000000") { jukeId } }');
    expect(answer.data).toEqual({ resolve: null });
    expect(answer.errors).toBeUndefined();
  });

  test("and every other way to an entity follows redirects; a tombstone is no entity", async () => {
    const [queen, bowie, nigel] = await sql`
      select juke_id, display_name from catalog.entity
      where display_name in ('Queen', 'David Bowie', 'nigel')
      order by array_position('{Queen,David Bowie,nigel}', display_name)`;
    const query = `query ($id: UUID!, $ref: String!) {
      resolve(ref: $ref) { displayName }
      resolution(ref: $ref) { status entity { displayName } }
      entity(jukeId: $id) { jukeId displayName ... on Artist { name } }
      artist(jukeId: $id) { displayName }
      album(jukeId: $id) { displayName }
    }`;
    const variables = { id: queen?.juke_id, ref: queen?.juke_id };
    const survivor = { displayName: "David Bowie" };

    const [merge] = await sql`
      select operation_id from identity.merge(${bowie?.juke_id}, array[${queen?.juke_id}]::uuid[])`;
    expect((await ask(query, variables)).data).toEqual({
      resolve: survivor,
      resolution: [{ status: "REDIRECTED", entity: survivor }],
      entity: { jukeId: bowie?.juke_id, ...survivor, name: "David Bowie" },
      artist: survivor,
      album: null,
    });
    expect(await allNames()).not.toContain("Queen");
    await sql`select identity.undo(${merge?.operation_id})`;
    expect((await ask(query, variables)).data.artist).toEqual({ displayName: "Queen" });

    const [deletion] = await sql`select operation_id from identity.delete(${queen?.juke_id})`;
    expect((await ask(query, variables)).data).toEqual({
      resolve: null,
      resolution: [{ status: "DELETED", entity: null }],
      entity: null,
      artist: null,
      album: null,
    });
    expect(await allNames()).not.toContain("Queen");
    await sql`select identity.undo(${deletion?.operation_id})`;
    expect(await allNames()).toEqual(expect.arrayContaining(["Queen", nigel?.display_name]));
  });
});

/** The names of all entities, page by page. */
async function allNames(): Promise<(string | undefined)[]> {
  const names: (string | undefined)[] = [];
  let after: string | null = null;
  do {
    const { data } = await ask(
      `query ($after: Cursor) {
        entities(first: 30, after: $after) { nodes { displayName } pageInfo { hasNextPage endCursor } }
      }`,
      { after },
    );
    for (const node of data.entities.nodes) names.push(node?.displayName);
    after = data.entities.pageInfo.hasNextPage ? data.entities.pageInfo.endCursor : null;
  } while (after);
  return names;
}

test("resolution says by which rule a reference was resolved, and shows all that an ambiguous one may mean", async () => {
  const { data } = await ask(`{
    one: resolution(ref: "isrc:gb-aye-97-00104") { status rule scheme value kind entity { displayName } }
    several: resolution(ref: "discogs:3840") { status kind }
    none: resolution(ref: "isrc:GBAYE0000000") { status }
  }`);
  expect(data).toEqual({
    one: [
      {
        status: "FOUND",
        rule: "isrc",
        scheme: "isrc",
        value: "GBAYE9700104",
        kind: "TRACK",
        entity: { displayName: "Paranoid Android" },
      },
    ],
    several: [
      { status: "AMBIGUOUS", kind: "ARTIST" },
      { status: "AMBIGUOUS", kind: "ALBUM" },
    ],
    none: [],
  });
});

test("resolveMany answers each reference, in order, with a status", async () => {
  const { data } = await ask(
    "query ($refs: [String!]!) { resolveMany(refs: $refs) { ref status rule jukeId entity { __typename displayName } } }",
    { refs: ["isrc:GBAYE9700104", "nonsense", "discogs:3840", radioheadMbid, "iswc:T0000000010"] },
  );
  expect(data.resolveMany).toMatchObject([
    {
      status: "FOUND",
      rule: "isrc",
      entity: { __typename: "Track", displayName: "Paranoid Android" },
    },
    { ref: "nonsense", status: "INVALID", jukeId: null, entity: null },
    { status: "AMBIGUOUS", jukeId: null, entity: null },
    { status: "FOUND", rule: "mbid", entity: { __typename: "Artist" } },
    { status: "NOT_FOUND", jukeId: null },
  ]);
});

test("resolveMany takes 10,000 references with their entities", async () => {
  const refs = Array.from({ length: 10_000 }, () => `mbid:artist:${radioheadMbid}`);
  const { data } = await ask(
    "query ($refs: [String!]!) { resolveMany(refs: $refs) { status entity { jukeId } } }",
    { refs },
  );
  expect(data.resolveMany).toHaveLength(10_000);
  expect(data.resolveMany[9_999].status).toBe("FOUND");
});

test("search finds a track by its artist and links to the entity", async () => {
  const { data } = await ask(
    `{ search(query: "paranoid radiohead", kinds: [TRACK]) {
      score kind displayName entity { ... on Track { title durationMs artistCredit } }
    } }`,
  );
  expect(data.search).toEqual([
    {
      score: expect.any(Number),
      kind: "TRACK",
      displayName: "Paranoid Android",
      entity: { title: "Paranoid Android", durationMs: 383_000, artistCredit: "Radiohead" },
    },
  ]);
});

test("updates, followed from cursor to cursor, are every change, and those after feedHead the new ones", async () => {
  const [{ events } = { events: 0 }] = await sql`select count(*)::int as events from feed.event`;
  const query =
    "query ($cursor: String) { updates(cursor: $cursor, limit: 17) { nextCursor jukeId op } }";
  const seen: string[] = [];
  for (let cursor: string | null = null; ; ) {
    const { data } = await ask(query, { cursor });
    if (data.updates.length === 0) break;
    for (const update of data.updates) seen.push(`${update.jukeId} ${update.op}`);
    cursor = data.updates.at(-1).nextCursor;
  }
  expect(seen).toHaveLength(events);

  const { feedHead } = (await ask("{ feedHead }")).data;
  await sql.begin(async (tx) => {
    await tx`select catalog.writing(true)`;
    await tx`update catalog.artist set gender = 'none' where name = 'Queen'`;
  });
  const { data } = await ask(
    "query ($cursor: String) { updates(cursor: $cursor) { kind op changed version entity { displayName version } } }",
    { cursor: feedHead },
  );
  expect(data.updates).toEqual([
    {
      kind: "ARTIST",
      op: "UPSERT",
      changed: ["gender"],
      version: data.updates[0].entity.version,
      entity: { displayName: "Queen", version: expect.any(Number) },
    },
  ]);
});

test("entityByMbid and the field of each kind find by key", async () => {
  const { data } = await ask(
    "query ($mbid: UUID!) { entityByMbid(mbid: $mbid, kind: ARTIST) { jukeId } none: entityByMbid(mbid: $mbid, kind: ALBUM) { jukeId } }",
    { mbid: radioheadMbid },
  );
  expect(data.none).toBeNull();
  const { jukeId } = data.entityByMbid;
  const again = await ask(
    "query ($id: UUID!) { artist(jukeId: $id) { name mbid version } album(jukeId: $id) { title } entity(jukeId: $id) { __typename } }",
    { id: jukeId },
  );
  expect(again.data).toEqual({
    artist: { name: "Radiohead", mbid: radioheadMbid, version: expect.any(Number) },
    album: null,
    entity: { __typename: "Artist" },
  });
});

test("an artist shows its albums in pages, the oldest first, none twice", async () => {
  const query = `query ($ref: String!, $after: Cursor) {
    resolve(ref: $ref) { ... on Artist { albums(first: 10, after: $after) {
      nodes { title } pageInfo { hasNextPage endCursor }
    } } }
  }`;
  const titles: string[] = [];
  for (let after: string | null = null; ; ) {
    const { data }: Answer = await ask(query, { ref: radioheadMbid, after });
    const { albums } = data.resolve;
    titles.push(...albums.nodes.map(({ title }: { title: string }) => title));
    if (!albums.pageInfo.hasNextPage) break;
    after = albums.pageInfo.endCursor;
  }
  expect(titles).toEqual(["OK Computer", ...Array.from({ length: 24 }, (_, n) => `Bootleg ${n}`)]);
});

test("a connection pages through every row by key", async () => {
  const seen: string[] = [];
  for (let after: string | null = null; ; ) {
    const { data }: Answer = await ask(
      "query ($after: Cursor) { albums(first: 7, after: $after) { nodes { jukeId } pageInfo { hasNextPage endCursor } } }",
      { after },
    );
    const { albums } = data;
    seen.push(...albums.nodes.map(({ jukeId }: { jukeId: string }) => jukeId));
    if (!albums.pageInfo.hasNextPage) break;
    after = albums.pageInfo.endCursor;
  }
  expect(seen).toHaveLength(25);
  expect(seen).toEqual([...new Set(seen)].sort());
});

test("every relation leads from an entity to its parts and back", async () => {
  const { data } = await ask(`{
    track: resolve(ref: "isrc:GBAYE9700104") { ... on Track {
      works { relation work { title recordings { nodes { track { title } } } } }
      appearances { nodes { disc position number release {
        title releaseStatus artistCredit
        album { title albumType releases { nodes { title } } }
        media { disc format }
        labels { catalogNumber label { name releases { nodes { release { title } } } } }
        events { country date }
        tracks { nodes { position track { title } video { title } } }
      } } }
    } }
    artist: resolve(ref: "discogs:artist:3840") {
      aliases { name beginDate entity { displayName } }
      images { url imageType }
      externalIds { scheme value }
      genres { weight genre { name parents { name children { name } } entities { nodes { entity { displayName } } } } }
      contributions(first: 1) { nodes { role entity { __typename } } }
    }
    album: resolve(ref: "discogs:master:3840") { credits { role creditedAs contributor { displayName } } }
    podcasts { nodes { title episodes { nodes { title podcast { title } } } } }
    books { nodes { title audiobooks { nodes { title book { title } } } } }
    videos { nodes { title track { title videos { nodes { title } } } } }
  }`);
  const release = data.track.appearances.nodes[0].release;
  expect(data.track.works).toEqual([
    {
      relation: "performance",
      work: {
        title: "Paranoid Android",
        recordings: { nodes: [{ track: { title: "Paranoid Android" } }] },
      },
    },
  ]);
  expect(release).toEqual({
    title: "OK Computer",
    releaseStatus: "official",
    artistCredit: "Radiohead",
    album: {
      title: "OK Computer",
      albumType: "album",
      releases: { nodes: [{ title: "OK Computer" }] },
    },
    media: [{ disc: 1, format: "CD" }],
    labels: [
      {
        catalogNumber: "CDNODATA 02",
        label: { name: "Parlophone", releases: { nodes: [{ release: { title: "OK Computer" } }] } },
      },
    ],
    events: [{ country: "GB", date: "1997-06-16" }],
    tracks: {
      nodes: [
        { position: 1, track: { title: "Airbag" }, video: null },
        { position: 2, track: { title: "Paranoid Android" }, video: null },
      ],
    },
  });
  expect(data.artist).toMatchObject({
    aliases: [{ name: "On a Friday", beginDate: "1985", entity: { displayName: "Radiohead" } }],
    images: [{ url: "https://example.org/radiohead.jpg", imageType: "artist" }],
    genres: [
      {
        weight: 3,
        genre: {
          name: "art rock",
          parents: [{ name: "rock", children: [{ name: "art rock" }] }],
          entities: { nodes: [{ entity: { displayName: "Radiohead" } }] },
        },
      },
    ],
  });
  expect(data.artist.externalIds).toContainEqual({ scheme: "mbid", value: radioheadMbid });
  expect(data.album.credits).toContainEqual({
    role: "producer",
    creditedAs: "Nigel G.",
    contributor: { displayName: "nigel" },
  });
  expect(data.podcasts.nodes[0].episodes.nodes).toEqual([
    { title: "One", podcast: { title: "A Show" } },
  ]);
  expect(data.books.nodes[0].audiobooks.nodes[0].book).toEqual({ title: "A Book" });
  expect(data.videos.nodes[0].track.videos.nodes).toEqual([{ title: "A Clip" }]);
});

test("the artist credit reads as printed", async () => {
  const { data } = await ask(
    '{ search(query: "under pressure", kinds: [TRACK]) { entity { ... on Track { artistCredit } } } }',
  );
  expect(data.search[0].entity.artistCredit).toBe("Queen & Bowie");
});

test("fifty queries at once are each answered right", async () => {
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, n) =>
      n % 2
        ? ask('{ resolve(ref: "isrc:GBAYE9700104") { displayName } }')
        : ask('{ resolve(ref: "discogs:artist:3840") { displayName } }'),
    ),
  );
  expect(answers.map(({ data }) => data.resolve.displayName)).toEqual(
    answers.map((_, n) => (n % 2 ? "Paranoid Android" : "Radiohead")),
  );
});
