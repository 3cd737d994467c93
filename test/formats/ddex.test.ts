import { describe, expect, test } from "vitest";
import type { CatalogRecord, Item, Kind } from "../../formats/index.ts";
import {
  deal,
  fourth,
  group,
  inTerritories,
  item,
  recording,
  release,
  STREAM,
  single,
  third,
} from "./ddex-messages.ts";
import { deliver, itemsOf } from "./delivery.ts";

const read = async (xml: string): Promise<Item[]> => itemsOf(await deliver(xml, "message.xml"));

function recordsIn<K extends Kind>(items: Item[], kind: K): Extract<CatalogRecord, { kind: K }>[] {
  return items.flatMap((item) =>
    "record" in item && item.record.kind === kind
      ? [item.record as Extract<CatalogRecord, { kind: K }>]
      : [],
  );
}

const said = (items: Item[]): string[] =>
  items.flatMap((each) => {
    if ("warning" in each) return [`${each.pointer}: ${each.warning}`];
    return "refused" in each ? [`refused ${each.pointer}: ${each.refused.reason}`] : [];
  });

describe("a message", () => {
  test("says what it is before anything else", async () => {
    const [about] = await read(third());
    expect(about).toEqual({
      about: {
        version: "3.8.2",
        messageId: "M1",
        sender: "Northern Lights (PADPIDA2024010101A)",
        statedAt: "2024-05-01T10:00:00+02:00",
      },
    });
  });

  test("for a test is said to be one", async () => {
    const header = "<MessageControlType>TestMessage</MessageControlType>";
    const deals = deal("R0", STREAM);
    expect(said(await read(third({ header, deals })))).toEqual([
      expect.stringMatching(/MessageControlType\[1\]: a test message/),
    ]);
  });

  test("of ERN 3 becomes a track, an album and its release", async () => {
    const items = await read(third({ deals: deal("R0", STREAM) }));
    expect(recordsIn(items, "track")).toEqual([
      {
        kind: "track",
        id: "isrc:GBAAA2400001",
        scope: "partial",
        ids: { isrc: "GB-AAA-24-00001" },
        title: "Lantern",
        duration_ms: 182500,
      },
    ]);
    expect(recordsIn(items, "album")).toEqual([
      { kind: "album", id: "icpn:05012345678900", title: "Harbour", album_type: "album" },
    ]);
    expect(recordsIn(items, "release")).toEqual([
      {
        kind: "release",
        id: "icpn:05012345678900",
        ids: { gtin: "5012345678900" },
        title: "Harbour",
        status: "official",
        barcode: "5012345678900",
        album: { kind: "album", id: "icpn:05012345678900" },
        media: [{ disc: 1 }],
        tracks: [
          {
            disc: 1,
            position: 1,
            title: "Lantern",
            duration_ms: 182500,
            track: { kind: "track", id: "isrc:GBAAA2400001" },
          },
        ],
        rights: [{ commercial_models: ["SubscriptionModel"], usages: ["OnDemandStream"] }],
      },
    ]);
  });

  test("gives the same ids whatever the spelling and the message-local references", async () => {
    const plain = await read(fourth());
    const other = fourth()
      .replace("<ISRC>GBAAA2400001</ISRC>", "<ISRC>gb-aaa-24-00001</ISRC>")
      .replace("<ICPN>5012345678900</ICPN>", "<ICPN>05012345678900</ICPN>")
      .replaceAll("A1<", "A77<")
      .replaceAll("R0<", "R9<");
    const ids = (items: Item[]) =>
      items.flatMap((each) => ("record" in each ? [`${each.record.kind} ${each.record.id}`] : []));
    expect(ids(await read(other))).toEqual(ids(plain));
  });
});

describe("ids are made of", () => {
  const releaseId = async (id: string) =>
    recordsIn(await read(fourth({ releases: release(id, "R0") })), "release")[0];

  test.each([
    [
      "the GRid first",
      "<ICPN>5012345678900</ICPN><GRid>A1-2425G-ABC1234002-M</GRid>",
      "grid:A12425GABC1234002M",
    ],
    [
      "then the ICPN",
      "<CatalogNumber>X1</CatalogNumber><ICPN>5012345678900</ICPN>",
      "icpn:05012345678900",
    ],
    ["then an ISRC", "<ISRC>GBAAA2400001</ISRC>", "isrc:GBAAA2400001"],
    [
      "a proprietary id with its namespace",
      '<ProprietaryId Namespace="PADPIDA2024010101A">7 b</ProprietaryId>',
      "proprietary:PADPIDA2024010101A:7 b",
    ],
    ["a catalog number", '<CatalogNumber Namespace="N">NL 1</CatalogNumber>', "catalog:N:NL 1"],
    ["the title where there is none", "", "name:/release r0"],
    [
      "never an id that was replaced",
      '<ICPN IsReplaced="true">5012345678900</ICPN><CatalogNumber>C</CatalogNumber>',
      "catalog::C",
    ],
  ])("%s", async (_, id, expected) => {
    expect(await releaseId(id)).toMatchObject({ id: expected });
  });

  test("the place in the release, for a recording without one", async () => {
    const resources =
      recording("", "A1") + recording('<ProprietaryId Namespace="N">1</ProprietaryId>', "A2");
    const items = await read(fourth({ resources }));
    expect(recordsIn(items, "track").map(({ id }) => id)).toEqual([
      "icpn:05012345678900#A1",
      "proprietary:N:1",
    ]);
  });

  test("no more than 500 characters", async () => {
    const long = (end: string) =>
      `<ProprietaryId Namespace="N">${"x".repeat(600)}${end}</ProprietaryId>`;
    const [first, second] = [await releaseId(long("a")), await releaseId(long("b"))];
    expect(first?.id.length).toBeLessThanOrEqual(500);
    expect(first?.id).not.toBe(second?.id);
  });
});

describe("parties", () => {
  const parties = `
    <Party>
      <PartyReference>P1</PartyReference>
      <PartyName><FullName>Ada Moss</FullName><FullNameIndexed>Moss, Ada</FullNameIndexed></PartyName>
      <PartyName LanguageAndScriptCode="ja-Jpan"><FullName>エイダ</FullName></PartyName>
      <PartyId><ISNI>0000000121707484</ISNI><IpiNameNumber>00014107338</IpiNameNumber><DPID>PADPIDA2007050901U</DPID></PartyId>
    </Party>
    <Party>
      <PartyReference>P2</PartyReference>
      <PartyName><KeyName>Reed</KeyName><NamesBeforeKeyName>Bo</NamesBeforeKeyName></PartyName>
      <PartyId><ProprietaryId Namespace="N">22</ProprietaryId></PartyId>
    </Party>
    <Party><PartyReference>P3</PartyReference><PartyName><FullName>  Night
      Desk </FullName></PartyName></Party>`;
  const performers = `
    <DisplayArtistName>Ada Moss feat. Bo Reed</DisplayArtistName>
    <DisplayArtist SequenceNumber="2"><ArtistPartyReference>P2</ArtistPartyReference><DisplayArtistRole>FeaturedArtist</DisplayArtistRole></DisplayArtist>
    <DisplayArtist SequenceNumber="1"><ArtistPartyReference>P1</ArtistPartyReference><DisplayArtistRole>MainArtist</DisplayArtistRole></DisplayArtist>
    <Contributor><ContributorPartyReference>P3</ContributorPartyReference><Role>StudioProducer</Role><Role UserDefinedValue="KeyGripper">UserDefined</Role></Contributor>
    <Contributor><ContributorPartyReference>P2</ContributorPartyReference><Role>Soloist</Role><InstrumentType>BassClarinet</InstrumentType><HasMadeFeaturedContribution>true</HasMadeFeaturedContribution></Contributor>
    <Contributor><ContributorPartyReference>P3</ContributorPartyReference></Contributor>
    <Contributor><ContributorPartyReference>P9</ContributorPartyReference><Role>Composer</Role></Contributor>`;

  test("are artists and labels with their ids, and credits in sequence", async () => {
    const resources = recording("<ISRC>GBAAA2400001</ISRC>", "A1", performers);
    const more =
      '<ReleaseLabelReference ApplicableTerritoryCode="Worldwide">P1</ReleaseLabelReference>';
    const releases = release("<ICPN>5012345678900</ICPN>", "R0", more + group(item("A1")));
    const items = await read(fourth({ parties, resources, releases, deals: deal("R0", STREAM) }));
    const isni = "isni:0000000121707484";
    expect(recordsIn(items, "artist")).toEqual([
      {
        kind: "artist",
        id: isni,
        scope: "partial",
        name: "Ada Moss",
        sort_name: "Moss, Ada",
        aliases: [{ name: "エイダ", locale: "ja-Jpan" }],
        ids: { isni: "0000000121707484", ipi: "00014107338" },
      },
      {
        kind: "artist",
        id: "proprietary:N:22",
        scope: "partial",
        name: "Bo Reed",
        sort_name: "Reed, Bo",
      },
      { kind: "artist", id: "name:night desk", scope: "partial", name: "Night Desk" },
    ]);
    expect(recordsIn(items, "label")).toMatchObject([
      { id: isni, ids: { isni: "0000000121707484", dpid: "PADPIDA2007050901U" } },
    ]);
    const by = (id: string) => ({ kind: "artist", id });
    expect(recordsIn(items, "track")[0]?.credits).toEqual([
      {
        contributor: by(isni),
        role: "artist",
        position: 1,
        join_phrase: " feat. ",
        attributes: ["main"],
      },
      {
        contributor: by("proprietary:N:22"),
        role: "artist",
        position: 2,
        attributes: ["featured"],
      },
      { contributor: by("name:night desk"), role: "studio producer" },
      { contributor: by("name:night desk"), role: "key gripper" },
      {
        contributor: by("proprietary:N:22"),
        role: "soloist",
        attributes: ["bass clarinet", "featured"],
      },
      { contributor: by("name:night desk"), role: "contributor" },
    ]);
    expect(recordsIn(items, "release")[0]?.labels).toEqual([
      { label: { kind: "label", id: isni } },
    ]);
    expect(said(items)).toEqual([
      "/NewReleaseMessage/ResourceList[1]/SoundRecording[1]/Contributor[4]: the party P9 is not in the PartyList: passed over",
    ]);
  });

  test("stand where they are named in ERN 3", async () => {
    const details = `<SoundRecordingDetailsByTerritory><TerritoryCode>Worldwide</TerritoryCode>
      <DisplayArtist><PartyId IsISNI="true">0000000121707484</PartyId><PartyName><FullName>Ada Moss</FullName></PartyName><ArtistRole>MainArtist</ArtistRole></DisplayArtist>
      <ResourceContributor><PartyName><FullName>Bo Reed</FullName></PartyName><ResourceContributorRole>Mixer</ResourceContributorRole></ResourceContributor>
      <IndirectResourceContributor><PartyId Namespace="N">5</PartyId><PartyName><FullName>Cy Lane</FullName></PartyName><IndirectResourceContributorRole>Lyricist</IndirectResourceContributorRole></IndirectResourceContributor>
    </SoundRecordingDetailsByTerritory>`;
    const xml = third().replace("<Duration>", `${details}<Duration>`);
    const items = await read(xml);
    expect(recordsIn(items, "artist").map(({ id, name, ids }) => [id, name, ids])).toEqual([
      ["isni:0000000121707484", "Ada Moss", { isni: "0000000121707484" }],
      ["name:bo reed", "Bo Reed", undefined],
      ["proprietary:N:5", "Cy Lane", undefined],
    ]);
    expect(recordsIn(items, "track")[0]?.credits?.map(({ role }) => role)).toEqual([
      "artist",
      "mixer",
      "lyricist",
    ]);
  });
});

describe("titles", () => {
  test("are the default one for the world; others are aliases", async () => {
    const titles = `
      <DisplayTitleText>Ada Moss: Blue (Live)</DisplayTitleText>
      <DisplayTitle ApplicableTerritoryCode="DE FR" LanguageAndScriptCode="de"><TitleText>Blau</TitleText></DisplayTitle>
      <DisplayTitle ApplicableTerritoryCode="Worldwide"><TitleText>Azul</TitleText></DisplayTitle>
      <DisplayTitle ApplicableTerritoryCode="Worldwide" IsDefault="true"><TitleText>Blue</TitleText><SubTitle>Live</SubTitle></DisplayTitle>
      <AdditionalTitle TitleType="FormalTitle"><TitleText>Blue, a Song</TitleText></AdditionalTitle>`;
    const xml = fourth().replace(
      "<DisplayTitle><TitleText>Song A1</TitleText></DisplayTitle>",
      titles,
    );
    expect(recordsIn(await read(xml), "track")).toMatchObject([
      {
        title: "Blue (Live)",
        aliases: [
          { name: "Azul" },
          { name: "Blau", locale: "de" },
          { name: "Ada Moss: Blue (Live)" },
          { name: "Blue, a Song", alias_type: "formal title" },
        ],
      },
    ]);
  });

  test("are the default where none is for the world, and then those for the most territories", async () => {
    const title = (codes: string, name: string, more = "") =>
      `<DisplayTitle ApplicableTerritoryCode="${codes}"${more}><TitleText>${name}</TitleText></DisplayTitle>`;
    const titled = async (titles: string) => {
      const xml = fourth().replace(
        "<DisplayTitle><TitleText>Song A1</TitleText></DisplayTitle>",
        titles,
      );
      return recordsIn(await read(xml), "track")[0]?.title;
    };
    const wide = title("DE FR", "Wide");
    expect(await titled(title("DE", "One") + wide + title("FR", "Own", ' IsDefault="true"'))).toBe(
      "Own",
    );
    expect(await titled(title("DE", "One") + wide)).toBe("Wide");
    expect(await titled(title("DE", "One") + title("FR", "Two"))).toBe("One");
  });

  test("of ERN 3 are those of the most general details", async () => {
    const details = (code: string, title: string, date: string) => `<ReleaseDetailsByTerritory>
      <TerritoryCode>${code}</TerritoryCode>
      <Title TitleType="DisplayTitle"><TitleText>${title}</TitleText></Title>
      <LabelName>${code} Records</LabelName>
      <Genre><GenreText>Folk</GenreText><SubGenre>Drone</SubGenre></Genre>
      <ReleaseDate>${date}</ReleaseDate></ReleaseDetailsByTerritory>`;
    const both = details("FR", "Port", "2024-01-05") + details("Worldwide", "Harbor", "2024-02");
    const items = await read(third().replace("<ReleaseType>Album", `${both}<ReleaseType>Album`));
    expect(recordsIn(items, "release")).toMatchObject([
      {
        title: "Harbor",
        aliases: [{ name: "Harbour" }, { name: "Port" }],
        labels: [{ label: { id: "name:worldwide records" } }],
        genres: [{ genre: { id: "folk" } }, { genre: { id: "drone" } }],
        release_date: "2024-01-05",
        country: "FR",
        release_events: [
          { country: "XW", date: "2024-02" },
          { country: "FR", date: "2024-01-05" },
        ],
      },
    ]);
  });
});

describe("the track list", () => {
  const resources = ["A1", "A2", "A3", "A4"]
    .map((each) => recording(`<ISRC>GBAAA24000${each}</ISRC>`, each))
    .join("");
  const lines = async (content: string) => {
    const releases = release("<ICPN>5012345678900</ICPN>", "R0", content);
    const items = await read(fourth({ resources, releases, deals: deal("R0", STREAM) }));
    const [found] = recordsIn(items, "release");
    return {
      lines: found?.tracks?.map(({ disc, position, title }) => `${disc}.${position} ${title}`),
      media: found?.media,
      said: said(items),
    };
  };

  test("follows the sequence, over discs", async () => {
    const second = group(
      `<AdditionalTitle><TitleText>Night</TitleText></AdditionalTitle>${item("A4", 1)}`,
      2,
    );
    const first = group(
      `<AdditionalTitle><TitleText>Disc 1</TitleText></AdditionalTitle>${item("A2", 2)}${item("A1", 1)}`,
      1,
    );
    expect(await lines(group(second + first + group("", 3)))).toEqual({
      lines: ["1.1 Song A1", "1.2 Song A2", "2.1 Song A4"],
      media: [{ disc: 1 }, { disc: 2, title: "Night" }],
      said: [],
    });
  });

  test("joins the parts of works on one disc", async () => {
    const works =
      group(item("A3", 1) + item("A1", 2), 1, "MultiWorkPart") +
      group(item("A2", 1), 2, "MultiWorkPart");
    expect((await lines(group(works))).lines).toEqual([
      "1.1 Song A3",
      "1.2 Song A1",
      "1.3 Song A2",
    ]);
    const disc = group(works, 1, "Component") + group(item("A4"), 2, "Component");
    expect((await lines(group(disc))).lines).toEqual([
      "1.1 Song A3",
      "1.2 Song A1",
      "1.3 Song A2",
      "2.1 Song A4",
    ]);
  });

  test("passes over what is not there", async () => {
    const found = await lines(group(item("A1", 1) + item("A9", 2) + item("A2", 3)));
    expect(found.lines).toEqual(["1.1 Song A1", "1.2 Song A2"]);
    expect(found.said).toEqual([
      "/NewReleaseMessage/ReleaseList[1]/Release[1]/ResourceGroup[1]/ResourceGroupContentItem[2]/ReleaseResourceReference[1]: the resource A9 is not in the ResourceList: passed over",
    ]);
  });

  test("of a bundle is that of its releases", async () => {
    const reference = (to: string) =>
      `<ResourceGroupReleaseReference>${to}</ResourceGroupReleaseReference>`;
    const inner = release("<ICPN>5012345678917</ICPN>", "R1", group(item("A2", 1) + item("A3", 2)));
    const bundle = release(
      "<ICPN>5012345678900</ICPN>",
      "R0",
      group(group(item("A1"), 1) + group(reference("R1"), 2)),
    );
    const items = await read(
      fourth({ resources, releases: bundle + inner, deals: deal("R0 R1", STREAM) }),
    );
    expect(
      recordsIn(items, "release")[0]?.tracks?.map(({ disc, title }) => `${disc} ${title}`),
    ).toEqual(["1 Song A1", "2 Song A2", "2 Song A3"]);
    const circle = release("<ICPN>5012345678900</ICPN>", "R0", group(group(reference("R0"))));
    const round = await read(fourth({ resources, releases: circle, deals: deal("R0", STREAM) }));
    expect(said(round)).toEqual([expect.stringMatching(/the release R0 is in the list already/)]);
  });
});

test("bundles of bundles have each recording once, however often they refer to one another", async () => {
  const count = 60;
  const reference = (to: number) =>
    `<ResourceGroupReleaseReference>R${to}</ResourceGroupReleaseReference>`;
  const releases = Array.from({ length: count }, (_, index) => {
    const content = index + 1 < count ? reference(index + 1).repeat(3) : item("A1");
    return release(`<CatalogNumber>${index}</CatalogNumber>`, `R${index}`, group(content));
  });
  const items = await read(fourth({ releases: releases.join("") }));
  for (const found of recordsIn(items, "release")) expect(found.tracks).toHaveLength(1);
  expect(recordsIn(items, "release")).toHaveLength(count);
});

describe("release types", () => {
  test.each([
    ["Single", "single", undefined],
    ["EP", "ep", undefined],
    ["ClassicalAlbum", "album", undefined],
    ["VideoSingle", "single", ["video"]],
    ["DjMix", "album", ["dj-mix"]],
    ["RingtoneRelease", "other", ["ringtone"]],
    ["Bundle", "other", ["bundle"]],
    ["SomethingNewRelease", "other", ["something new"]],
  ])("%s", async (type, album_type, secondary_types) => {
    const xml = fourth().replace("<ReleaseType>Album", `<ReleaseType>${type}`);
    const [album] = recordsIn(await read(xml), "album");
    expect([album?.album_type, album?.secondary_types]).toEqual([album_type, secondary_types]);
  });

  test("of the sender's own count where there is no other", async () => {
    const own = '<ReleaseType UserDefinedValue="eMix">UserDefined</ReleaseType>';
    const compiled = "<IsMultiArtistCompilation>true</IsMultiArtistCompilation>";
    const xml = fourth().replace("<ReleaseType>Album</ReleaseType>", own + compiled);
    expect(recordsIn(await read(xml), "album")[0]?.secondary_types).toEqual([
      "e mix",
      "compilation",
    ]);
  });
});

describe("recordings", () => {
  test("carry what a track release says of them", async () => {
    const more = `<Genre><GenreText>Folk</GenreText></Genre>
      <CLine><Year>2024</Year><CLineText>2024 Northern
        Lights</CLineText></CLine>`;
    const releases =
      release("<ICPN>5012345678900</ICPN>", "R0", group(item("A1"))) +
      single("A1", "R1", more).replace("<ReleaseId>", "<ReleaseId><GRid>A12425GABC1234002M</GRid>");
    const items = await read(
      fourth({ releases, deals: deal("R0 R1", `${STREAM}${inTerritories("DE")}`) }),
    );
    expect(recordsIn(items, "track")).toMatchObject([
      {
        scope: "partial",
        ids: { isrc: "GBAAA2400001", grid: "A12425GABC1234002M" },
        genres: [{ genre: { id: "folk" } }],
        copyrights: [{ line: "C", year: 2024, text: "2024 Northern Lights" }],
        rights: [{ territories: ["DE"] }],
      },
    ]);
    expect(recordsIn(items, "release")).toHaveLength(1);
  });

  test("that only accompany a track release have none of its deals", async () => {
    const reference = (to: string, type: string) =>
      `<ReleaseResourceReference ReleaseResourceType="${type}">${to}</ReleaseResourceReference>`;
    const resources =
      recording("<ISRC>GBAAA2400001</ISRC>", "A1") + recording("<ISRC>GBAAA2400002</ISRC>", "A2");
    const both = single("A1", "R1").replace(
      "<ReleaseResourceReference>A1</ReleaseResourceReference>",
      reference("A1", "SecondaryResource") + reference("A2", "PrimaryResource"),
    );
    const items = await read(fourth({ resources, releases: both, deals: deal("R1", STREAM) }));
    expect(recordsIn(items, "track").map(({ rights }) => rights?.length)).toEqual([undefined, 1]);
  });

  test.each([
    ["Explicit", true],
    ["NotExplicit", false],
    ["ExplicitContentEdited", false],
    ["NoAdviceAvailable", undefined],
    ["SomethingNew", undefined],
  ])("with the parental warning %s", async (warning, explicit) => {
    const more = `<ParentalWarningType>${warning}</ParentalWarningType>`;
    const resources = recording("<ISRC>GBAAA2400001</ISRC>", "A1", more);
    expect(recordsIn(await read(fourth({ resources })), "track")[0]?.explicit).toBe(explicit);
  });

  test.each([
    ["PT1H2M3S", 3_723_000],
    ["PT0H3M2.25S", 182_250],
    ["P1DT1S", 86_401_000],
    ["PT185S", 185_000],
    ["PT0S", undefined],
    ["P1M", undefined],
    ["3:02", undefined],
    ["PT9999999H", undefined],
  ])("of the duration %s", async (duration, expected) => {
    const resources = recording(
      "<ISRC>GBAAA2400001</ISRC>",
      "A1",
      `<Duration>${duration}</Duration>`,
    );
    const items = await read(fourth({ resources, deals: deal("R0", STREAM) }));
    expect(recordsIn(items, "track")[0]?.duration_ms).toBe(expected);
    expect(said(items)).toHaveLength(expected === undefined ? 1 : 0);
  });

  test("may be several with one id: kept apart when their titles differ, one when they agree", async () => {
    const isrc = "<ISRC>GBAAA2400001</ISRC>";
    const releases = release(
      "<ICPN>5012345678900</ICPN>",
      "R0",
      group(item("A1", 1) + item("A2", 2)),
    );
    const apart = await read(
      fourth({ releases, resources: recording(isrc, "A1") + recording(isrc, "A2") }),
    );
    expect(recordsIn(apart, "track").map(({ id, ids }) => [id, ids])).toEqual([
      ["isrc:GBAAA2400001", { isrc: "GBAAA2400001" }],
      ["icpn:05012345678900#A2", { isrc: "GBAAA2400001" }],
    ]);
    const same = recording(isrc, "A1") + recording(isrc, "A2").replace("Song A2", "Song A1");
    expect(recordsIn(await read(fourth({ releases, resources: same })), "track")).toHaveLength(1);
  });

  test("perform works, which have an ISWC, an opus and contributors", async () => {
    const works = `<MusicalWork>
      <MusicalWorkId><ISWC>T-034.524.680-1</ISWC><OpusNumber>8</OpusNumber><ComposerCatalogNumber>RV 1</ComposerCatalogNumber></MusicalWorkId>
      <MusicalWorkReference>W1</MusicalWorkReference>
      <ReferenceTitle><TitleText>Lantern</TitleText></ReferenceTitle>
      <MusicalWorkContributor><PartyName><FullName>Cy Lane</FullName></PartyName><MusicalWorkContributorRole>ComposerLyricist</MusicalWorkContributorRole></MusicalWorkContributor>
    </MusicalWork>`;
    const one = (to: string) =>
      `<ResourceMusicalWorkReference><ResourceMusicalWorkReference>${to}</ResourceMusicalWorkReference></ResourceMusicalWorkReference>`;
    const list = `<ResourceMusicalWorkReferenceList>${one("W1")}${one("W2")}</ResourceMusicalWorkReferenceList>`;
    const xml = third({ works, deals: deal("R0", STREAM) }).replace(
      "<Duration>",
      `${list}<Duration>`,
    );
    const items = await read(xml);
    expect(recordsIn(items, "work")).toEqual([
      {
        kind: "work",
        id: "iswc:T0345246801",
        scope: "partial",
        ids: { iswc: "T-034.524.680-1" },
        title: "Lantern",
        disambiguation: "Op. 8, RV 1",
        credits: [
          { contributor: { kind: "artist", id: "name:cy lane" }, role: "composer lyricist" },
        ],
      },
    ]);
    expect(recordsIn(items, "track")[0]?.works).toEqual([
      { work: { kind: "work", id: "iswc:T0345246801" }, relation: "performance" },
    ]);
    expect(said(items)).toEqual([expect.stringMatching(/the work W2 is not in the WorkList/)]);
    const own = recording(
      "<ISRC>GBAAA2400001</ISRC>",
      "A1",
      "<WorkId><ISWC>T0345246801</ISWC></WorkId>",
    );
    const fourthItems = await read(fourth({ resources: own }));
    expect(recordsIn(fourthItems, "work")).toMatchObject([{ id: "iswc:T0345246801" }]);
  });

  test("and videos have pictures only where they can be fetched", async () => {
    const image = (
      reference: string,
      uri: string,
    ) => `<Image><ResourceReference>${reference}</ResourceReference>
      <Type>FrontCoverImage</Type><TechnicalDetails><ImageHeight>600.0</ImageHeight><ImageWidth>800</ImageWidth>
      <File><URI>${uri}</URI></File></TechnicalDetails></Image>`;
    const resources = image("I1", "cover.jpg") + image("I2", "https://images.example/cover.jpg");
    const releases = release("<ICPN>5012345678900</ICPN>", "R0", group(item("I1") + item("I2")));
    const items = await read(fourth({ resources, releases }));
    expect(recordsIn(items, "release")).toMatchObject([
      {
        images: [
          { url: "https://images.example/cover.jpg", image_type: "front", width: 800, height: 600 },
        ],
      },
    ]);
    expect(recordsIn(items, "release")[0]).not.toHaveProperty("tracks");
  });

  test("have the pictures that are linked to them; a cover among them is the release's too", async () => {
    const image = (
      reference: string,
      type: string,
    ) => `<Image><ResourceReference>${reference}</ResourceReference>
      <Type>${type}</Type><TechnicalDetails><File><URI>https://images.example/${reference}</URI></File></TechnicalDetails></Image>`;
    const video = recording("<ISRC>GBAAA2400002</ISRC>", "V1").replaceAll(
      "SoundRecording",
      "Video",
    );
    const resources =
      video +
      image("I1", "VideoScreenCapture") +
      image("I2", "FrontCoverImage") +
      image("I3", "BackCoverImage");
    const link = (to: string) =>
      `<LinkedReleaseResourceReference>${to}</LinkedReleaseResourceReference>`;
    const linked = item("V1", 1).replace(
      "</ResourceGroupContentItem>",
      `${link("I1")}${link("I2")}</ResourceGroupContentItem>`,
    );
    const releases = release("<ICPN>5012345678900</ICPN>", "R0", group(linked + link("I3")));
    const items = await read(fourth({ resources, releases }));
    const addresses = (images: { url: string; image_type?: string }[] | undefined) =>
      images?.map(({ url, image_type }) => `${url.at(-1)} ${image_type}`);
    expect(addresses(recordsIn(items, "video")[0]?.images)).toEqual([
      "1 video screen capture",
      "2 front",
    ]);
    expect(addresses(recordsIn(items, "release")[0]?.images)).toEqual(["3 back", "2 front"]);
  });
});

describe("references that are taken twice", () => {
  test("lead to the first resource; the second is a recording all the same", async () => {
    const resources =
      recording("<ISRC>GBAAA2400001</ISRC>", "A1") + recording("<ISRC>GBAAA2400002</ISRC>", "A1");
    const items = await read(fourth({ resources, deals: deal("R0", STREAM) }));
    expect(recordsIn(items, "track").map(({ id }) => id)).toEqual([
      "isrc:GBAAA2400001",
      "isrc:GBAAA2400002",
    ]);
    expect(recordsIn(items, "release")[0]?.tracks).toMatchObject([
      { track: { id: "isrc:GBAAA2400001" } },
    ]);
    expect(said(items)).toEqual([
      "/NewReleaseMessage/ResourceList[1]/SoundRecording[2]: the reference A1 is taken already by /NewReleaseMessage/ResourceList[1]/SoundRecording[1]",
    ]);
  });

  test("and two releases of one id: the second is refused, the rest goes through", async () => {
    const id = "<ICPN>5012345678900</ICPN>";
    const items = await read(
      fourth({ releases: release(id, "R0") + release(id, "R1"), deals: deal("R0", STREAM) }),
    );
    expect(recordsIn(items, "release")).toHaveLength(1);
    expect(said(items)).toEqual([
      expect.stringMatching(
        /^refused .*Release\[2\]: a second release with the id icpn:05012345678900/,
      ),
    ]);
  });

  test("a release of which nothing is said is refused", async () => {
    const releases = `<Release><ReleaseReference>R9</ReleaseReference></Release>${release("<GRid>A12425GABC1234002M</GRid>", "R0")}`;
    const items = await read(fourth({ releases, deals: deal("R0", STREAM) }));
    expect(recordsIn(items, "release").map(({ id }) => id)).toEqual(["grid:A12425GABC1234002M"]);
    expect(said(items)).toEqual([
      expect.stringMatching(/^refused .*Release\[1\]: a release without id and title/),
    ]);
  });

  test("a release without a title is refused by the schema", async () => {
    const releases = "<Release><ReleaseId><ICPN>5012345678900</ICPN></ReleaseId></Release>";
    expect(said(await read(fourth({ releases })))).toContainEqual(
      expect.stringMatching(/^refused .*release icpn:05012345678900: "title" is missing/),
    );
  });

  test("an empty message yields nothing but what it is", async () => {
    expect(said(await read(fourth({ releases: "" })))).toEqual([
      "/NewReleaseMessage: a message without a release",
    ]);
  });
});
