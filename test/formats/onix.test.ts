import { describe, expect, test } from "vitest";
import type { CatalogRecord, Item } from "../../formats/index.ts";
import { onixDate } from "../../formats/onix/date.ts";
import { clock, milliseconds } from "../../formats/onix/extent.ts";
import { deliver, itemsOf, recordsOf, refusalOf } from "./delivery.ts";

const FIXTURES = new URL("./fixtures/onix/", import.meta.url).pathname;

const recordsIn = (items: Item[]): CatalogRecord[] =>
  items.flatMap((item) => ("record" in item ? [item.record] : []));
const audiobook = (records: CatalogRecord[]) => records.find(({ kind }) => kind === "audiobook");

/** A message of 3.0 with these products. */
const message = (...products: string[]) =>
  `<ONIXMessage release="3.0"><Header/>${products.join("")}</ONIXMessage>`;
const title = (text = "X") =>
  `<TitleDetail><TitleType>01</TitleType><TitleElement><TitleElementLevel>01</TitleElementLevel><TitleText>${text}</TitleText></TitleElement></TitleDetail>`;
type Parts = { [part in "head" | "descriptive" | "publishing" | "rest"]?: string };
const product = (id: string, { head = "", descriptive, publishing = "", rest = "" }: Parts = {}) =>
  `<Product><RecordReference>${id}</RecordReference>${head}<DescriptiveDetail><ProductForm>BC</ProductForm>${descriptive ?? title()}</DescriptiveDetail><PublishingDetail>${publishing}</PublishingDetail>${rest}</Product>`;
const bookOf = async (parts: Parts) =>
  (await recordsOf(message(product("p", parts)))).find(({ kind }) => kind === "book");

const FRANKENSTEIN = {
  kind: "audiobook",
  id: "lantern-frankenstein-audio",
  scope: "full",
  ids: { isbn: "9780000000019" },
  title: "Frankenstein",
  subtitle: "or, The Modern Prometheus",
  description: "A student of Ingolstadt makes a man & flees.\nunabridged",
  publisher: "Lantern Audio",
  published_date: "2024-03",
  language: "en-GB",
  duration_ms: 30_615_000,
  abridged: false,
  aliases: [{ name: "The Creature", alias_type: "alternative title" }],
  book: { kind: "book", id: "isbn:9780000000026" },
  chapters: [
    { start_ms: 0, end_ms: 750_500, title: "Letter 1" },
    { start_ms: 750_000, end_ms: 6_300_000, title: "Chapter I" },
  ],
  credits: [
    { contributor: { kind: "artist", id: "isni:000000000000001X" }, role: "author", position: 1 },
    { contributor: { kind: "artist", id: "name:Ada Example" }, role: "narrator", position: 2 },
    {
      contributor: { kind: "artist", id: "orcid:0000-0002-1825-0097" },
      role: "narrator",
      position: 3,
    },
    {
      contributor: { kind: "artist", id: "orcid:0000-0002-1825-0097" },
      role: "producer",
      position: 4,
    },
    { contributor: { kind: "label", id: "isni:0000000000000028" }, role: "publisher" },
    { contributor: { kind: "label", id: "name:Little Lantern" }, role: "imprint" },
  ],
  genres: [
    { genre: { kind: "genre", id: "fiction / horror" } },
    { genre: { kind: "genre", id: "fiction" } },
  ],
  images: [
    { url: "https://lantern.example/front.jpg", image_type: "front", width: 400, height: 600 },
  ],
  rights: [
    { territories: ["GB", "IE", "CA-QC"], valid_from: "2024-03-15" },
    {
      territories: ["Worldwide"],
      excluded_territories: ["GB", "IE", "CA-QC", "US", "CA"],
      valid_from: "2024-03-15",
    },
  ],
  copyrights: [{ line: "P", year: 2024, text: "Lantern Audio" }],
};

describe("an audiobook with narrators and chapters", () => {
  test.each([
    ["audiobook-3.1.xml", "3.1"],
    ["audiobook-3.0-short.xml", "3.0"],
  ])("%s: every fact, whatever the tags and the release", async (file, version) => {
    const items = await itemsOf(FIXTURES + file);
    expect(items[0]).toEqual({
      about: {
        version,
        statedAt: "2024-02-29T09:30:00Z",
        messageId: "42",
        sender: "Lantern Audio",
      },
    });
    const records = recordsIn(items);
    expect(audiobook(records)).toEqual(FRANKENSTEIN);
    expect(records.filter(({ kind }) => kind === "artist")).toEqual([
      {
        kind: "artist",
        id: "isni:000000000000001X",
        scope: "mention",
        ids: { isni: "0000 0000 0000 001X" },
        name: "Mary Wollstonecraft Shelley",
        sort_name: "Shelley, Mary Wollstonecraft",
        artist_type: "person",
        aliases: [{ name: "Mary Godwin", alias_type: "legal name" }],
      },
      {
        kind: "artist",
        id: "name:Ada Example",
        scope: "mention",
        name: "Ada Example",
        sort_name: "Example, Ada",
        artist_type: "person",
      },
      {
        kind: "artist",
        id: "orcid:0000-0002-1825-0097",
        scope: "mention",
        name: "Bruno van Beispiel",
        sort_name: "Beispiel, Bruno van",
        artist_type: "person",
      },
    ]);
    expect(records.filter(({ kind }) => kind === "label")).toMatchObject([
      { id: "isni:0000000000000028", ids: { isni: "0000000000000028" }, name: "Lantern Audio" },
      { name: "Little Lantern", parent: { kind: "label", id: "isni:0000000000000028" } },
    ]);
    expect(records.find(({ kind }) => kind === "book")).toEqual({
      kind: "book",
      id: "isbn:9780000000026",
      scope: "mention",
      ids: { isbn: "9780000000026" },
    });
  });

  test("in 2.1, with a DTD that is not fetched and characters that it names", async () => {
    const items = await itemsOf(`${FIXTURES}audiobook-2.1.xml`);
    expect(items[0]).toEqual({
      about: {
        version: "2.1",
        statedAt: "2009-11-30T16:45:00Z",
        messageId: "7",
        sender: "Lantern Audio",
      },
    });
    const records = recordsIn(items);
    expect(audiobook(records)).toEqual({
      kind: "audiobook",
      id: "lantern-wuthering-cd",
      scope: "full",
      ids: { isbn: ["000000004X", "9780000000040"] },
      title: "Sturmhöhe",
      subtitle: "Gekürzte Lesung — …",
      description: "Kurz gesagt: Liebe & Moor",
      publisher: "Lantern Audio",
      published_date: "2009-10",
      language: "de",
      duration_ms: 12_600_000,
      abridged: true,
      aliases: [{ name: "Wuthering Heights", alias_type: "original title" }],
      book: { kind: "book", id: "isbn:9780000000057" },
      credits: [
        {
          contributor: { kind: "artist", id: "name:Emily Brontë" },
          role: "author",
          position: 1,
        },
        { contributor: { kind: "artist", id: "Lantern:17" }, role: "narrator", position: 2 },
        { contributor: { kind: "label", id: "name:Lantern Audio" }, role: "publisher" },
      ],
      genres: [{ genre: { kind: "genre", id: "fiction" } }],
      images: [{ url: "http://lantern.example/sturm.jpg", image_type: "front" }],
      rights: [{ territories: ["Worldwide"], excluded_territories: ["US", "CA"] }],
      copyrights: [{ line: "C", year: 2009, text: "Lantern Audio" }],
    });
    expect(records.find(({ kind, id }) => kind === "artist" && id.startsWith("name:"))).toEqual({
      kind: "artist",
      id: "name:Emily Brontë",
      scope: "mention",
      name: "Emily Brontë",
      sort_name: "Brontë, Emily",
      artist_type: "person",
      aliases: [{ name: "Ellis Bell", alias_type: "pseudonym" }],
    });
  });

  test("whose content items say only how long they are, has them one after the other", async () => {
    const item = (at: number, length: string) =>
      `<ContentItem><LevelSequenceNumber>${at}</LevelSequenceNumber><AVItem><AVItemType>03</AVItemType>${length}</AVItem>${title(`T${at}`)}</ContentItem>`;
    const of = (items: string) =>
      message(
        `<Product><RecordReference>p</RecordReference><DescriptiveDetail><ProductForm>AJ</ProductForm>${title()}</DescriptiveDetail><ContentDetail>${items}</ContentDetail></Product>`,
      );
    const duration = (text: string) => `<AVDuration>${text}</AVDuration>`;
    const records = await recordsOf(
      of(item(2, duration("0000200")) + item(1, duration("0001000"))),
    );
    expect(audiobook(records)).toMatchObject({
      chapters: [
        { start_ms: 0, end_ms: 600_000, title: "T1" },
        { start_ms: 600_000, end_ms: 720_000, title: "T2" },
      ],
    });
    const [unknown] = await recordsOf(of(item(1, duration("0001000")) + item(2, "")));
    expect(unknown).not.toHaveProperty("chapters");
  });
});

describe("what a product is", () => {
  const formed = (form: string, more = "") =>
    message(
      `<Product><RecordReference>p</RecordReference><DescriptiveDetail><ProductForm>${form}</ProductForm>${more}${title()}</DescriptiveDetail></Product>`,
    );
  test.each([
    ["AC", "", "audiobook"],
    ["AJ", "", "audiobook"],
    ["AZ", "", "audiobook"],
    ["EB", "<ProductFormDetail>A103</ProductFormDetail>", "audiobook"],
    ["ED", "<PrimaryContentType>01</PrimaryContentType>", "audiobook"],
    ["BB", "<ProductFormDetail>A103</ProductFormDetail>", "book"],
    ["BC", "", "book"],
    ["EA", "<ProductFormDetail>E101</ProductFormDetail>", "book"],
    ["00", "", "book"],
  ])("form %s %s", async (form, more, kind) => {
    expect(await recordsOf(formed(form, more))).toMatchObject([{ kind, id: "p" }]);
  });

  test.each(["VI", "ZE", "XA", "FC"])("form %s is passed over with a warning", async (form) => {
    const items = await itemsOf(await deliver(formed(form)));
    expect(recordsIn(items)).toEqual([]);
    expect(items).toContainEqual({
      pointer: "/ONIXMessage/Product[1]",
      warning: `product p of the form ${form} is no book: passed over`,
    });
  });
});

describe("what a message does with a product", () => {
  const notified = (code: string) => ({ head: `<NotificationType>${code}</NotificationType>` });
  test("a deletion takes the rights and leaves the record", async () => {
    const items = await itemsOf(await deliver(message(product("p", notified("05")))));
    expect(recordsIn(items)).toEqual([{ kind: "book", id: "p", scope: "partial", rights: [] }]);
    expect(items.some((item) => "warning" in item)).toBe(true);
  });
  test("a deletion that does not say of what kind changes nothing", async () => {
    const bare = `<Product><RecordReference>p</RecordReference><NotificationType>05</NotificationType></Product>`;
    const items = await itemsOf(await deliver(message(bare)));
    expect(recordsIn(items)).toEqual([]);
    expect(items.some((item) => "warning" in item)).toBe(true);
  });
  test("a block update is partial", async () => {
    const update = product("p", { ...notified("04"), descriptive: "" });
    expect(await recordsOf(message(update))).toEqual([
      { kind: "book", id: "p", scope: "partial", format: "paperback" },
    ]);
  });
  test.each(["88", "89", "12", "13", "14"])("notification %s is passed over", async (code) => {
    const items = await itemsOf(await deliver(message(product("p", notified(code)))));
    expect(recordsIn(items)).toEqual([]);
    expect(items.filter((item) => "warning" in item)).toHaveLength(1);
  });
  test("an update that does not say of what kind is passed over", async () => {
    const bare = `<Product><RecordReference>p</RecordReference><NotificationType>04</NotificationType><PublishingDetail><PublishingStatus>11</PublishingStatus></PublishingDetail></Product>`;
    const items = await itemsOf(await deliver(message(bare)));
    expect(recordsIn(items)).toEqual([]);
    expect(items.filter((item) => "warning" in item)).toHaveLength(1);
  });
});

describe("where it may be sold", () => {
  const rights = (type: string, territory: string) =>
    `<SalesRights><SalesRightsType>${type}</SalesRightsType><Territory>${territory}</Territory></SalesRights>`;
  const countries = (codes: string) => `<CountriesIncluded>${codes}</CountriesIncluded>`;
  const rest = (type: string) => `<ROWSalesRightsType>${type}</ROWSalesRightsType>`;
  const world = "<RegionsIncluded>WORLD</RegionsIncluded>";
  const ruled: [what: string, publishing: string, expected: unknown][] = [
    ["the world", rights("01", world), [{ territories: ["Worldwide"] }]],
    [
      "the world without a country",
      rights("02", `${world}<CountriesExcluded>US</CountriesExcluded>`),
      [{ territories: ["Worldwide"], excluded_territories: ["US"] }],
    ],
    [
      "the world, and a country where not",
      rights("02", world) + rights("03", countries("US")),
      [{ territories: ["Worldwide"], excluded_territories: ["US"] }],
    ],
    [
      "exclusive here, not exclusive there",
      rights("01", countries("GB IE")) + rights("02", countries("DE")),
      [{ territories: ["GB", "IE"] }, { territories: ["DE"] }],
    ],
    [
      "the rest of the world",
      rights("06", countries("US")) + rest("01"),
      [{ territories: ["Worldwide"], excluded_territories: ["US"] }],
    ],
    ["nowhere", rights("03", world), []],
    ["nowhere, in two statements", rights("06", countries("US")) + rest("03"), []],
    ["not here, of the rest nothing is said", rights("03", countries("US")), undefined],
    ["nothing is said", "", undefined],
    [
      "a region without a code of ISO",
      rights("01", "<RegionsIncluded>ECZ</RegionsIncluded>"),
      undefined,
    ],
    ["cancelled", `<PublishingStatus>01</PublishingStatus>${rights("01", world)}`, []],
    ["withdrawn from sale", `<PublishingStatus>11</PublishingStatus>${rights("01", world)}`, []],
  ];
  test.each(ruled)("%s", async (_, publishing, expected) => {
    expect((await bookOf({ publishing })) as { rights?: unknown }).toMatchObject(
      expected === undefined ? {} : { rights: expected },
    );
    if (expected === undefined) expect(await bookOf({ publishing })).not.toHaveProperty("rights");
  });

  test("what is left out is told", async () => {
    const publishing = rights("01", `${countries("GB")}<RegionsIncluded>ECZ</RegionsIncluded>`);
    const items = await itemsOf(await deliver(message(product("p", { publishing }))));
    expect(items).toContainEqual({
      pointer: "/ONIXMessage/Product[1]",
      warning: "product p: sales rights of ECZ have no ISO 3166 code and are left out",
    });
    expect(recordsIn(items)).toMatchObject([{ rights: [{ territories: ["GB"] }] }]);
  });
});

test("a series, its number, an edition and pages", async () => {
  const element = (level: string, inner: string) =>
    `<TitleElement><TitleElementLevel>${level}</TitleElementLevel>${inner}</TitleElement>`;
  const extent = (type: string, value: string) =>
    `<Extent><ExtentType>${type}</ExtentType><ExtentValue>${value}</ExtentValue><ExtentUnit>03</ExtentUnit></Extent>`;
  const descriptive = `
    <Collection><CollectionType>10</CollectionType>
      <CollectionSequence><CollectionSequenceType>03</CollectionSequenceType><CollectionSequenceNumber>9</CollectionSequenceNumber></CollectionSequence>
      <CollectionSequence><CollectionSequenceType>02</CollectionSequenceType><CollectionSequenceNumber>1.5</CollectionSequenceNumber></CollectionSequence>
      <TitleDetail><TitleType>01</TitleType>${element("02", "<TitleText>Lamps</TitleText>")}</TitleDetail></Collection>
    <TitleDetail><TitleType>01</TitleType>
      ${element("02", "<TitlePrefix>The</TitlePrefix><TitleWithoutPrefix>Lamps</TitleWithoutPrefix>")}
      ${element("01", "<PartNumber>Part 2</PartNumber>")}</TitleDetail>
    <EditionType>REV</EditionType><EditionNumber>22</EditionNumber>
    ${extent("05", "320")}${extent("00", "301")}`;
  expect(await bookOf({ descriptive })).toMatchObject({
    title: "The Lamps, Part 2",
    series: "Lamps",
    series_position: "1.5",
    edition: "22nd edition, revised",
    page_count: 301,
  });
});

describe("dates of list 55 are as precise as they are", () => {
  test.each([
    ["20240229", "00", "2024-02-29"],
    ["20230229", "00", "2023-02"],
    ["202402", "01", "2024-02"],
    ["202407", "02", "2024"],
    ["20243", "03", "2024"],
    ["2024", "05", "2024"],
    ["2024", undefined, "2024"],
    ["202402", undefined, "2024-02"],
    ["2024020120240229", "06", "2024-02"],
    ["20232024", "11", undefined],
    ["20240229T1200", "13", "2024-02-29"],
    ["Spring 2024", "12", undefined],
    ["14450820", "20", undefined],
    ["", "00", undefined],
  ])("%s in format %s", (text, format, expected) => {
    expect(onixDate(text, format)).toBe(expected);
  });
});

describe("lengths of list 24", () => {
  test.each([
    ["1.5", "04", 5_400_000],
    ["90", "05", 5_400_000],
    ["5400", "06", 5_400_000],
    ["012", "14", 43_200_000],
    ["00130", "15", 5_400_000],
    ["0013000", "16", 5_400_000],
    ["001300050", "16", 5_400_500],
    ["13000", "16", 5_400_000],
    ["0016000", "16", undefined],
    ["90", "03", undefined],
    ["-1", "05", undefined],
    ["1e9", "05", undefined],
    ["99999999", "04", undefined],
  ])("%s in unit %s", (text, unit, expected) => {
    expect(milliseconds(text, unit)).toBe(expected);
  });
  test("a clock time of zero is the beginning", () => expect(clock("0000000")).toBe(0));
});

describe("what cannot be taken", () => {
  const good = product("good");
  test("a product without a RecordReference, or without a title, is refused in its place", async () => {
    const nameless =
      "<Product><DescriptiveDetail><ProductForm>BC</ProductForm></DescriptiveDetail></Product>";
    const contributor =
      "<Contributor><ContributorRole>A01</ContributorRole><PersonName>A B</PersonName></Contributor>";
    const untitled = product("untitled", { descriptive: contributor });
    const items = await itemsOf(await deliver(message(product("first"), nameless, untitled, good)));
    const refused = items.flatMap((item) =>
      "refused" in item
        ? [{ pointer: item.pointer, code: item.refused.code, reason: item.refused.reason }]
        : [],
    );
    expect(refused).toEqual([
      {
        pointer: "/ONIXMessage/Product[2]",
        code: "JB246",
        reason: "the product has no RecordReference",
      },
      {
        pointer: "/ONIXMessage/Product[3]",
        code: "JB246",
        reason: "product untitled has no title",
      },
    ]);
    expect(recordsIn(items).map(({ kind, id }) => `${kind} ${id}`)).toEqual([
      "book first",
      "book good",
    ]);
  });

  const files: [what: string, content: string | Buffer, code: string][] = [
    ["cut short", message(good, good).slice(0, -40), "JB243"],
    [
      "entities of its own",
      `<!DOCTYPE ONIXMessage [<!ENTITY lol "lol">]>${message(product("&lol;"))}`,
      "JB248",
    ],
    [
      "an external entity",
      `<!DOCTYPE ONIXMessage [<!ENTITY f SYSTEM "file:///etc/passwd">]>${message(product("&f;"))}`,
      "JB248",
    ],
    ["an entity nobody knows", message(product("&nosuch;")), "JB243"],
    [
      "nested 20,000 deep",
      message(product("p", { rest: `${"<a>".repeat(20_000)}${"</a>".repeat(20_000)}` })),
      "JB244",
    ],
    [
      "Latin-1 that says it is UTF-8",
      Buffer.from(message(product("p", { descriptive: title("Brontë") })), "latin1"),
      "JB242",
    ],
    ["an unknown encoding", `<?xml version="1.0" encoding="klingon"?>${message(good)}`, "JB242"],
    ["no product at all", message(), "JB241"],
  ];
  test.each(files)("%s", async (_, content, code) => {
    expect(await refusalOf(await deliver(content, "message.xml"))).toMatchObject({ code });
  });

  test("what stood before the damage was read", async () => {
    const path = await deliver(message(good, product("second")).slice(0, -60), "message.xml");
    const records: CatalogRecord[] = [];
    const { detectFormat, fileInput, readItems } = await import("../../formats/index.ts");
    const { format } = await detectFormat(fileInput(path));
    const reading = async () => {
      for await (const item of readItems(format, fileInput(path)))
        if ("record" in item) records.push(item.record);
    };
    await expect(reading()).rejects.toMatchObject({ code: "JB243" });
    expect(records).toMatchObject([{ id: "good" }]);
  });

  test("a field of 10 MB is one record, and the next follows", async () => {
    const text = `<TextContent><TextType>03</TextType><Text textformat="02">${"&lt;p&gt;<![CDATA[ <b> ]]>".repeat(400_000)}end</Text></TextContent>`;
    const large = product("large", { rest: `<CollateralDetail>${text}</CollateralDetail>` });
    const records = await recordsOf(message(large, good));
    expect(records.map(({ id }) => id)).toEqual(["large", "good"]);
    expect(records[0]).toMatchObject({ description: "end" });
  });

  test("a text that is nothing but the beginnings of tags is read in one go", async () => {
    const text = `<TextContent><TextType>03</TextType><Text textformat="02"><![CDATA[${"<a <!-- <p ".repeat(300_000)}]]></Text></TextContent>`;
    const rest = `<CollateralDetail>${text}</CollateralDetail>`;
    expect(await bookOf({ rest })).toHaveProperty("description");
  });

  test("codes that are names of JavaScript's are unknown codes", async () => {
    const descriptive = `${title()}<Contributor><ContributorRole>constructor</ContributorRole><PersonName>A B</PersonName><NameIdentifier><NameIDType>constructor</NameIDType><IDValue>1</IDValue></NameIdentifier></Contributor><EditionType>toString</EditionType>`;
    expect(await bookOf({ descriptive })).toMatchObject({ credits: [{ role: "contributor" }] });
  });
});

test("UTF-16 and Latin-1 are read as they are declared", async () => {
  const text = message(product("p", { descriptive: title("Brontë") }));
  const declared = `<?xml version="1.0" encoding="ISO-8859-1"?>${text}`;
  expect(await recordsOf(Buffer.from(declared, "latin1"))).toMatchObject([{ title: "Brontë" }]);
  expect(await recordsOf(Buffer.from(`\uFEFF${text}`, "utf16le"))).toMatchObject([
    { title: "Brontë" },
  ]);
});
