import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { countriesOf } from "../../formats/discogs/country.ts";
import { plainText, summaryOf } from "../../formats/discogs/markup.ts";
import { discsOf, linesNamed } from "../../formats/discogs/positions.ts";
import { rolesOf } from "../../formats/discogs/roles.ts";
import { discogs } from "../../formats/discogs.ts";
import { bufferInput, detectFormat } from "../../formats/index.ts";
import { by, itemsIn, recordsIn, release, track } from "./discogs-documents.ts";

const ref = (kind: string, id: string) => ({ kind, id });

describe("a dump", () => {
  test.each(["artists", "labels", "masters", "releases"])("of %s is detected", async (root) => {
    const element = root.slice(0, -1);
    for (const content of [
      `<?xml version="1.0" encoding="UTF-8"?>\n<${root}>\n<${element} id="1">`,
      `<${root}><!-- x --> <${element}/></${root}>`,
      `<${root}></${root}>`,
    ]) {
      for (const bytes of [Buffer.from(content), gzipSync(content)]) {
        expect((await detectFormat(bufferInput(bytes, "x"))).format.name).toBe("discogs");
      }
    }
  });

  test.each([
    "<releases xmlns='urn:other'><release/></releases>",
    "<releases><item/></releases>",
    "<artist><id>1</id></artist>",
  ])("is not %s", async (content) => {
    await expect(detectFormat(bufferInput(Buffer.from(content), "x"))).rejects.toMatchObject({
      code: "JB245",
    });
  });

  test("of nothing is refused", async () => {
    await expect(itemsIn("labels")).rejects.toMatchObject({ code: "JB241" });
  });

  test("refuses what has no number or is not accepted, and reads on", async () => {
    const items = await itemsIn(
      "releases",
      release().replace('id="7"', 'id="0"'),
      release().replace('id="7"', ""),
      release().replace("Accepted", "Draft"),
      release({ artists: "" }),
    );
    expect(
      items.map((item) =>
        "refused" in item
          ? [item.refused.code, item.refused.line]
          : "record" in item && item.record.id,
      ),
    ).toEqual([["JB245", 2], ["JB245", 3], ["JB245", 4], "7"]);
  });

  test("that is cut short yields what came before, and then fails", async () => {
    const whole = "<artists><artist><id>1</id><name>A</name></artist><artist><id>2</id><na";
    const format = (await detectFormat(bufferInput(Buffer.from(whole), "x"))).format;
    const seen: unknown[] = [];
    const reading = async () => {
      for await (const item of format.parse(bufferInput(Buffer.from(whole), "x"), {})) {
        seen.push("record" in item && item.record.id);
      }
    };
    await expect(reading()).rejects.toMatchObject({ code: "JB243" });
    expect(seen).toEqual(["1"]);
  });
});

test("a dump of any length is read as it comes: no more is held than one chunk of it", async () => {
  let given = 0;
  const input = {
    name: "endless",
    open: async function* () {
      yield Buffer.from("<releases>");
      for (given = 1; given <= 3000; given += 1) {
        yield Buffer.from(
          release({ tracks: track("A1", `t${given}`) }).replace('"7"', `"${given}"`),
        );
      }
      yield Buffer.from("</releases>");
    },
  };
  let taken = 0;
  let ahead = 0;
  for await (const item of discogs.parse(input, {})) {
    if (!("record" in item) || item.record.kind !== "release") continue;
    taken += 1;
    ahead = Math.max(ahead, given - taken);
  }
  expect(taken).toBe(3000);
  expect(ahead).toBeLessThan(5);
});

describe("an artist", () => {
  const artist = (more: string) =>
    recordsIn("artist", "artists", `<artist><id>9</id>${more}</artist>`).then(([one]) => one);

  test("has its name without the number, which is kept as something to search for", async () => {
    expect(await artist("<name>Entity (2)</name>")).toEqual({
      kind: "artist",
      id: "9",
      ids: { discogs: "a9" },
      name: "Entity",
      aliases: [{ name: "Entity (2)", alias_type: "search hint" }],
    });
    expect(await artist("<name>Blink (182 fans)</name>")).toMatchObject({
      name: "Blink (182 fans)",
    });
    expect(await artist("<name>(2)</name>")).toMatchObject({ name: "(2)" });
  });

  test("has its variations and its real name as aliases, each once", async () => {
    const one = await artist(
      "<name>X</name><realname>Y Z</realname>" +
        "<namevariations><name>Ex</name><name>X</name><name>Ex</name><name/></namevariations>",
    );
    expect(one?.aliases).toEqual([
      { name: "Ex", alias_type: "artist name" },
      { name: "Y Z", alias_type: "legal name" },
    ]);
  });

  test("is related to its members, groups and aliases", async () => {
    const items = await itemsIn(
      "artists",
      "<artist><id>9</id><name>X</name><aliases><name id='1'>A (3)</name></aliases>" +
        "<members><id>2</id><name id='2'>B</name><name>nobody</name></members>" +
        "<groups><name id='3'>C</name></groups></artist>",
    );
    expect(items.at(-1)).toMatchObject({
      record: {
        artist_type: "group",
        relations: [
          { artist: ref("artist", "1"), relation: "alias" },
          { artist: ref("artist", "2"), relation: "member" },
          { artist: ref("artist", "3"), relation: "group" },
        ],
      },
    });
    expect(items).toContainEqual(
      expect.objectContaining({
        record: { kind: "artist", id: "1", scope: "mention", ids: { discogs: "a1" }, name: "A" },
      }),
    );
    expect(items).toContainEqual(
      expect.objectContaining({ warning: expect.stringMatching(/nobody/) }),
    );
  });

  test("has the ids of its addresses, but those of other pages of Discogs", async () => {
    const one = await artist(
      "<name>X</name><urls><url>https://www.wikidata.org/wiki/Q42</url><url>x.bandcamp.com</url>" +
        "<url>https://www.discogs.com/artist/77</url><url>no address</url><url/></urls>",
    );
    expect(one?.ids).toEqual({
      discogs: "a9",
      wikidata: "Q42",
      bandcamp: "https://x.bandcamp.com/",
    });
  });

  test("passes over a name that is too long to be one", async () => {
    const long = "x".repeat(501);
    const items = await itemsIn(
      "artists",
      `<artist><id>9</id><name>X</name><namevariations><name>${long}</name></namevariations></artist>`,
    );
    expect(items).toMatchObject([{ warning: /501 characters/ }, { record: { name: "X" } }]);
  });
});

describe("markup", () => {
  test.each([
    ["[a=Carl Craig]'s [l=Planet E (2)]", "Carl Craig's Planet E", true],
    [
      "[b]Bold[/b] and [url=http://x.test/]a link[/url][url=http://y.test/][/url]",
      "Bold and a link",
      true,
    ],
    ["see [a12345] and [r=77]", "see and", false],
    ["[img=http://x.test/a.png]one\r\n\r\ntwo [sic]", "one\n\ntwo [sic]", true],
    ["[a=unclosed", "[a=unclosed", true],
  ])("%j is %j", (markup, text, isWhole) => {
    expect(plainText(markup)).toEqual({ text, isWhole });
  });

  test("becomes what tells an artist from others when it is short", () => {
    expect(summaryOf("Swedish producer.\n\nBorn in 1970.")).toBe("Swedish producer");
    expect(summaryOf(`House DJ from [a=Rome]. ${"He plays. ".repeat(30)}`)).toBe(
      "House DJ from Rome",
    );
    expect(summaryOf("Alias of [a123].")).toBeUndefined();
    expect(summaryOf("x".repeat(500))).toBeUndefined();
    expect(summaryOf("")).toBeUndefined();
  });
});

test("a label has the one it is a part of, and its parts have it", async () => {
  const items = await itemsIn(
    "labels",
    "<label><id>4</id><name>Sub (2)</name><contactinfo>a street</contactinfo>" +
      "<parentLabel id='3'>Up</parentLabel><sublabels><label id='5'>Down</label><label/></sublabels></label>",
  );
  const records = items.map((item) => "record" in item && item.record);
  expect(records).toContainEqual({
    kind: "label",
    id: "5",
    scope: "mention",
    parent: ref("label", "4"),
  });
  expect(records.at(-1)).toEqual({
    kind: "label",
    id: "4",
    ids: { discogs: "l4" },
    name: "Sub",
    aliases: [{ name: "Sub (2)", alias_type: "search hint" }],
    parent: ref("label", "3"),
  });
});

test("a master is an album, with its credit line, its main release and its films", async () => {
  const items = await itemsIn(
    "masters",
    `<master id="8"><main_release>7</main_release><artists>${by(1, "A (2)", { anv: "Aa", join: "Feat." })}` +
      `${by(2, "B", { join: "," })}${by(0, "nobody")}${by(3, "C", { join: "&amp;" })}</artists>` +
      "<genres><genre>Rock</genre></genres><styles><style>Trip Hop</style></styles><year>2002</year>" +
      "<title>T</title><videos><video src='https://www.youtube.com/watch?v=dhbf58AU5ek' duration='321'>" +
      "<title>V </title></video><video src='http://x.test/'/></videos></master>" +
      "<master id='9'><year>0</year><title>U</title></master>",
  );
  const records = items.map((item) => "record" in item && item.record);
  expect(records).toContainEqual({
    kind: "album",
    id: "8",
    ids: { discogs: "m8" },
    title: "T",
    first_release_date: "2002",
    credits: [
      {
        contributor: ref("artist", "1"),
        role: "artist",
        position: 1,
        credited_as: "Aa",
        join_phrase: " Feat. ",
      },
      { contributor: ref("artist", "2"), role: "artist", position: 2, join_phrase: ", " },
      { contributor: ref("artist", "3"), role: "artist", position: 4 },
    ],
    genres: [{ genre: ref("genre", "rock") }, { genre: ref("genre", "trip hop") }],
  });
  expect(records).toContainEqual({
    kind: "release",
    id: "7",
    scope: "mention",
    ids: { discogs: "r7" },
    title: "T",
    album: ref("album", "8"),
  });
  expect(records).toContainEqual({
    kind: "video",
    id: "dhbf58AU5ek",
    scope: "mention",
    ids: { youtube: "dhbf58AU5ek" },
    title: "V",
    duration_ms: 321_000,
  });
  expect(records.at(-1)).toEqual({ kind: "album", id: "9", ids: { discogs: "m9" }, title: "U" });
  expect(items.filter((item) => "warning" in item)).toMatchObject([{ warning: /"nobody"/ }]);
});

test("titles stand in one line, and an album has that of its edition until its own is known", async () => {
  const element = release({
    more: "<master_id is_main_release='false'>8</master_id>",
    tracks: track("A1", "Danse  Hongroise"),
  }).replace("<title>T</title>", "<title>Swan Lake\n  Op. 20</title>");
  const records = (await itemsIn("releases", element)).map(
    (item) => "record" in item && item.record,
  );
  const title = "Swan Lake Op. 20";
  expect(records).toContainEqual({
    kind: "album",
    id: "8",
    scope: "mention",
    ids: { discogs: "m8" },
    title,
  });
  expect(records).toContainEqual(expect.objectContaining({ kind: "release", title }));
  expect(records).toContainEqual(
    expect.objectContaining({ kind: "track", title: "Danse Hongroise" }),
  );
});

describe("a release", () => {
  const one = async (facts: Parameters<typeof release>[0]) =>
    (await recordsIn("release", "releases", release(facts)))[0];

  test("has its album, labels, numbers, date, country and packaging", async () => {
    const found = await one({
      formats:
        '<format name="Vinyl" qty="2" text="Gatefold"><descriptions><description>12"</description>' +
        "<description>Promo</description></descriptions></format><format name='Box Set' qty='1' text=''/>",
      more:
        "<master_id is_main_release='false'>8</master_id><country>Sweden</country><released>1999-03-00</released>" +
        "<labels><label name='L (3)' catno='SK 1' id='5'/><label name='Not On Label' catno='none' id='1818'/>" +
        "<label name='M' catno='none' id='6'/></labels><identifiers>" +
        "<identifier type='Barcode' value='7 61234 56789 9'/><identifier type='Barcode' value='5 033154 607271'/>" +
        "<identifier type='Matrix / Runout' value='5033154607271'/><identifier type='ASIN' value='JP: B00003IQO8'/>" +
        "</identifiers><companies><company><id>1</id><name>Owner</name><entity_type>13</entity_type>" +
        "<entity_type_name>Phonographic Copyright (p)</entity_type_name></company><company><id>2</id><name>Studio" +
        "</name><entity_type_name>Recorded At</entity_type_name></company></companies>",
    });
    expect(found).toMatchObject({
      ids: { discogs: "r7", gtin: "5033154607271", asin: "B00003IQO8" },
      barcode: "7 61234 56789 9",
      album: ref("album", "8"),
      status: "promotion",
      release_date: "1999-03",
      country: "SE",
      release_events: [{ country: "SE", date: "1999-03" }],
      packaging: "gatefold cover",
      labels: [{ label: ref("label", "5"), catalog_number: "SK 1" }, { label: ref("label", "6") }],
      media: [
        { disc: 1, format: '12" Vinyl' },
        { disc: 2, format: '12" Vinyl' },
      ],
      copyrights: [{ line: "P", text: "Owner" }],
    });
  });

  test("of several countries has an event for each, and no country of its own", async () => {
    const found = await one({
      more: "<country>UK &amp; Europe</country><released>2001</released>",
    });
    expect(found).toMatchObject({
      release_events: [
        { country: "GB", date: "2001" },
        { country: "XE", date: "2001" },
      ],
    });
    expect(found).not.toHaveProperty("country");
  });

  test("has a track for each line, with an id of its own that does not change", async () => {
    const tracks =
      track("", "Side one") +
      track("A1", "One", `<duration>4:05</duration><artists>${by(6, "Guest")}</artists>`) +
      track(
        "",
        "Suite",
        `<sub_tracks>${track("A2", "i", "<duration>1:00:01</duration>")}${track("A3", "ii")}</sub_tracks>`,
      ) +
      track("B1", "Medley", `<sub_tracks>${track("", "x")}${track("", "y")}</sub_tracks>`) +
      track("B1", "Again");
    const found = await one({ tracks });
    expect(found?.tracks).toEqual([
      {
        disc: 1,
        position: 1,
        number: "A1",
        title: "One",
        duration_ms: 245_000,
        track: ref("track", "7/A1"),
      },
      {
        disc: 1,
        position: 2,
        number: "A2",
        title: "Suite: i",
        duration_ms: 3_601_000,
        track: ref("track", "7/A2"),
      },
      { disc: 1, position: 3, number: "A3", title: "Suite: ii", track: ref("track", "7/A3") },
      { disc: 1, position: 4, number: "B1", title: "Medley", track: ref("track", "7/#4") },
      { disc: 1, position: 5, number: "B1", title: "Again", track: ref("track", "7/#5") },
    ]);
    const records = await recordsIn("track", "releases", release({ tracks }));
    expect(records.map(({ id, title }) => [id, title])).toEqual(
      found?.tracks?.map((line) => ["track" in line && line.track.id, line.title]),
    );
    expect(records[0]?.credits).toEqual([
      { contributor: ref("artist", "6"), role: "artist", position: 1 },
    ]);
    expect(records[1]?.credits).toEqual([
      { contributor: ref("artist", "5"), role: "artist", position: 1 },
    ]);
  });

  test("gives its roles to the tracks that they name, and Various to none", async () => {
    const extra = [
      by(1, "P", { role: "Producer [Executive], Mixed By", tracks: "A1 to B1" }),
      by(2, "Q", { role: "Design" }),
      by(3, "R", { role: "Drums", tracks: "side two" }),
    ];
    const facts = {
      artists: by(194, "Various"),
      more: `<extraartists>${extra.join("")}</extraartists>`,
      tracks: track("A1", "a") + track("B1", "b") + track("B2", "c"),
    };
    const found = await one(facts);
    expect(
      found?.credits?.map(({ contributor, role, attributes }) => [
        contributor.id,
        role,
        attributes,
      ]),
    ).toEqual([
      ["194", "artist", undefined],
      ["2", "design", undefined],
      ["3", "instrument", ["drums", "tracks: side two"]],
    ]);
    const tracks = await recordsIn("track", "releases", release(facts));
    const roles = (index: number) => tracks[index]?.credits?.map(({ role }) => role);
    expect([roles(0), roles(1), roles(2)]).toEqual([
      ["producer", "mixer"],
      ["producer", "mixer"],
      undefined,
    ]);
  });

  test("gives an ISRC to the track that it names", async () => {
    const more =
      "<identifiers><identifier type='ISRC' value='IT-J04-01-00240' description='Track A1'/>" +
      "<identifier type='ISRC' value='ITJ040100241'/><identifier type='ISRC' value='nonsense' description='A2'/></identifiers>";
    const tracks = await recordsIn(
      "track",
      "releases",
      release({ more, tracks: track("A1", "a") + track("A2", "b") }),
    );
    expect(tracks.map(({ ids }) => ids)).toEqual(
      [{ isrc: "ITJ040100240" }, undefined].map((ids) => ids && { isrc: [ids.isrc] }),
    );
  });

  test("takes headings as the titles of its discs", async () => {
    const tracks =
      track("", "First night") +
      track("1-1", "a") +
      track("1-2", "b") +
      track("", "Second night") +
      track("2-1", "c");
    expect((await one({ formats: '<format name="CD" qty="2" text=""/>', tracks }))?.media).toEqual([
      { disc: 1, format: "CD", title: "First night" },
      { disc: 2, format: "CD", title: "Second night" },
    ]);
  });

  test("counts absurd quantities as one", async () => {
    const found = await one({ formats: '<format name="CD" qty="99999999999" text=""/>' });
    expect(found?.media).toEqual([{ disc: 1, format: "CD" }]);
  });
});

test.each<[string, string[], number, number[]]>([
  ["numbers", ["1", "2", "3"], 1, [1, 1, 1]],
  ["discs before a hyphen", ["1-1", "1-2", "2-1"], 2, [1, 1, 2]],
  ["discs before a dot, when there are so many", ["1.1", "1.2", "2.1"], 2, [1, 1, 2]],
  ["parts of tracks behind a dot, when there are not", ["1.1", "1.2", "2"], 1, [1, 1, 1]],
  ["two sides a disc", ["A1", "B1", "C1", "D"], 2, [1, 1, 2, 2]],
  ["one side a disc", ["A", "B", "C"], 3, [1, 2, 3]],
  ["sides beyond the discs that there are", ["A1", "C1"], 1, [1, 1]],
  ["the other side of a single", ["A", "AA"], 1, [1, 1]],
  ["more sides than letters", ["A", "Y", "Z", "AA", "AB"], 0, [1, 13, 13, 14, 14]],
  ["media by name", ["CD1-1", "CD2-1", "DVD-1", "DVD-2"], 3, [1, 2, 3, 3]],
  ["vinyl and a CD", ["A", "B1", "CD1", "CD2"], 2, [1, 1, 2, 2]],
  ["LPs by name", ["LP-A1", "LP-B1", "LP-C1", "CD-1"], 3, [1, 1, 2, 3]],
  ["numbers that begin anew", ["1", "2", "1", "2"], 2, [1, 1, 2, 2]],
  ["lines without a position", ["", "1-1", "", "2-1", ""], 2, [1, 1, 1, 2, 2]],
  ["none at all", ["", ""], 1, [1, 1]],
  ["years that look like discs", ["1999-1", "2004-1"], 2, [1, 2]],
])("discs are told from positions: %s", (_, positions, media, discs) => {
  expect(discsOf(positions, media)).toEqual(discs);
});

test.each<[string, number[] | undefined]>([
  ["A1", [0]],
  ["a1 to B1", [0, 1, 2]],
  ["A1, B2", [0, 3]],
  ["B1-B2", [2, 3]],
  ["A1 - A2, B2", [0, 1, 3]],
  ["B2 to A1", undefined],
  ["A1, C9", undefined],
  ["all", undefined],
])("the tracks %j are found", (text, lines) => {
  expect(linesNamed(text, ["A1", "A2", "B1", "B2", ""])).toEqual(lines);
});

test.each<[string, [string, ...string[]][]]>([
  ["Producer [Executive]", [["producer", "Executive"]]],
  ["Executive-Producer", [["producer", "executive"]]],
  ["Written-By, Arranged By [Strings, Horns]", [["writer"], ["arranger", "Strings, Horns"]]],
  ["Tenor Saxophone", [["instrument", "tenor saxophone"]]],
  ["Backing Vocals [Uncredited]", [["vocal", "backing vocals", "Uncredited"]]],
  ["Artwork By [Design, Graphics] [Uncredited]", [["artwork", "Design, Graphics", "Uncredited"]]],
  ["A&R", [["a&r"]]],
  ["[The Band Is]", [["contributor", "The Band Is"]]],
  ["Guitar [unclosed, Drums", [["instrument", "guitar", "unclosed, Drums"]]],
  ["", []],
  [" , ", []],
])("the roles of %j", (text, roles) => {
  expect(rolesOf(text).map(({ role, attributes }) => [role, ...attributes])).toEqual(roles);
});

test.each<[string, string[], string[]]>([
  ["US", ["US"], []],
  ["Czech Republic", ["CZ"], []],
  ["Côte d'Ivoire", ["CI"], []],
  ["Bosnia & Herzegovina", ["BA"], []],
  ["USSR", ["SU"], []],
  ["UK & Europe", ["GB", "XE"], []],
  ["Singapore, Malaysia & Hong Kong", ["SG", "MY", "HK"], []],
  ["Germany, Austria, & Switzerland", ["DE", "AT", "CH"], []],
  ["Benelux", ["BE", "NL", "LU"], []],
  ["Bahamas, The", ["BS"], []],
  ["UK & Scandinavia", ["GB"], ["Scandinavia"]],
  ["European Union", [], ["European Union"]],
  ["Unknown", [], []],
])("the countries of %j", (text, codes, strange) => {
  expect(countriesOf(text)).toEqual({ codes, strange });
});
