import { describe, expect, test } from "vitest";
import type { CatalogRecord, Item } from "../../formats/index.ts";
import {
  deal,
  fourth,
  from,
  group,
  inTerritories,
  item,
  release,
  STREAM,
  single,
  third,
} from "./ddex-messages.ts";
import { deliver, itemsOf } from "./delivery.ts";

const read = async (xml: string): Promise<Item[]> => itemsOf(await deliver(xml, "message.xml"));

const recordsIn = (items: Item[]): CatalogRecord[] =>
  items.flatMap((each) => ("record" in each ? [each.record] : []));

const warnings = (items: Item[]): string[] =>
  items.flatMap((each) => ("warning" in each ? [each.warning] : []));

/** Rights, status and warnings of the release that these deals are for. */
async function outcome(...terms: string[]) {
  const items = await read(third({ deals: deal("R0", ...terms) }));
  const found = recordsIn(items).find(({ kind }) => kind === "release");
  if (found?.kind !== "release") throw new Error("no release");
  return { rights: found.rights, status: found.status, warnings: warnings(items) };
}

const rightsOf = async (...terms: string[]) => (await outcome(...terms)).rights;

const S = { usages: ["OnDemandStream"], commercial_models: ["SubscriptionModel"] };
const excluded = (codes: string) =>
  inTerritories(codes).replaceAll("TerritoryCode>", "ExcludedTerritoryCode>");
const period = (content: string) => `<ValidityPeriod>${content}</ValidityPeriod>`;

describe("the terms of deals are rights", () => {
  test("with all their use types and models, in the way of ERN 3 and of ERN 4", async () => {
    const models =
      "<CommercialModelType>SubscriptionModel</CommercialModelType>" +
      '<CommercialModelType UserDefinedValue="BarterModel" Namespace="N">UserDefined</CommercialModelType>';
    const uses =
      "<UseType>Stream</UseType><UseType>TetheredDownload</UseType><UseType>Stream</UseType>";
    const expected = [
      {
        commercial_models: ["SubscriptionModel", "BarterModel"],
        usages: ["Stream", "TetheredDownload"],
      },
    ];
    expect(await rightsOf(`${models}<Usage>${uses}</Usage>`)).toEqual(expected);
    expect(await rightsOf(`${models}${uses}`)).toEqual(expected);
  });

  test("several terms are several rights; the same one twice is one", async () => {
    const [one, two] = [STREAM + inTerritories("DE"), STREAM + inTerritories("FR GB")];
    expect(await rightsOf(one, two, one)).toEqual([
      { ...S, territories: ["DE"] },
      { ...S, territories: ["FR", "GB"] },
    ]);
  });

  test.each([
    ["ISO codes", inTerritories("DE US-CA"), { territories: ["DE", "US-CA"] }],
    ["the world", inTerritories("Worldwide"), { territories: ["Worldwide"] }],
    ["the world and more", inTerritories("DE Worldwide"), { territories: ["Worldwide"] }],
    ["the numbers of the TIS", inTerritories("276 4 2136"), { territories: ["Worldwide"] }],
    ["its countries", inTerritories("276 4 840"), { territories: ["DE", "AF", "US"] }],
    ["codes that were renamed", inTerritories("UK TP"), { territories: ["GB", "TL"] }],
    ["its groups", inTerritories("2110"), { territories: ["BE", "LU", "NL"] }],
    [
      "exceptions alone",
      excluded("US CA"),
      { territories: ["Worldwide"], excluded_territories: ["US", "CA"] },
    ],
    [
      "the world with exceptions",
      inTerritories("Worldwide") + excluded("JP"),
      { territories: ["Worldwide"], excluded_territories: ["JP"] },
    ],
    ["no territory", "", {}],
  ])("in territories: %s", async (_, territories, expected) => {
    expect(await outcome(STREAM + territories)).toEqual({
      rights: [{ ...S, ...expected }],
      status: "official",
      warnings: [],
    });
  });

  test("never in more territories than were understood", async () => {
    const some = await outcome(STREAM + inTerritories("DE 2130 QQQ"));
    expect(some.rights).toEqual([{ ...S, territories: ["DE"] }]);
    expect(some.warnings).toEqual([
      'the territory "2130" is not known: that territory is passed over',
      'the territory "QQQ" is not known: that territory is passed over',
    ]);
    expect((await outcome(STREAM + inTerritories("890 2130"))).rights).toBeUndefined();
    const but = await outcome(STREAM + inTerritories("Worldwide") + excluded("2130"));
    expect(but).toMatchObject({ rights: undefined, status: "official" });
    expect(but.warnings).toEqual(['the territory "2130" is not known: the term is passed over']);
  });

  test.each([
    ["a day", "<StartDate>2024-01-31</StartDate>", { valid_from: "2024-01-31" }],
    [
      "from day to day",
      "<StartDate>2024-01-31</StartDate><EndDate>2024-12-31</EndDate>",
      { valid_from: "2024-01-31", valid_until: "2024-12-31" },
    ],
    [
      "moments",
      "<StartDateTime>2024-01-31T00:00:00+09:00</StartDateTime><EndDateTime>2025-01-31T23:59:59.5Z</EndDateTime>",
      { valid_from: "2024-01-31T00:00:00+09:00", valid_until: "2025-01-31T23:59:59.5Z" },
    ],
    [
      "a moment without offset",
      "<StartDateTime>2024-01-31T09:00:00</StartDateTime>",
      { valid_from: "2024-01-31T09:00:00Z" },
    ],
    [
      "days with an offset",
      "<StartDate>2024-01-31+09:00</StartDate><EndDate>2024-02-29+09:00</EndDate>",
      { valid_from: "2024-01-31T00:00:00+09:00", valid_until: "2024-02-29T23:59:59+09:00" },
    ],
    [
      "years and months",
      "<StartDate>2024</StartDate><EndDate>2028-02</EndDate>",
      { valid_from: "2024-01-01", valid_until: "2028-02-29" },
    ],
    ["nothing", "", {}],
  ])("valid for %s", async (_, content, expected) => {
    expect(await rightsOf(STREAM + period(content))).toEqual([{ ...S, ...expected }]);
  });

  test("several periods are several rights", async () => {
    const two = period("<EndDate>2024-02-01</EndDate>") + from("2024-03-01");
    expect(await rightsOf(STREAM + two)).toEqual([
      { ...S, valid_until: "2024-02-01" },
      { ...S, valid_from: "2024-03-01" },
    ]);
  });

  test.each(["2024-02-30", "soon", "2024-01-31T25:00:00Z"])(
    "never with the date %s",
    async (date) => {
      const found = await outcome(
        STREAM + period(`<StartDate>2024-01-01</StartDate><EndDate>${date}</EndDate>`),
      );
      expect(found.rights).toBeUndefined();
      expect(found.warnings).toEqual([
        "a validity period with a date that is none: the term is passed over",
      ]);
    },
  );

  test("never when they are for orders before the release, or for some resources only", async () => {
    const orders = `${STREAM}<IsPreOrderDeal>true</IsPreOrderDeal>`;
    expect(await outcome(orders)).toMatchObject({
      rights: undefined,
      warnings: ["a deal for taking orders before the release: passed over"],
    });
    const dated = `${STREAM}${from("2024-01-01")}<PreOrderReleaseDate>2024-02-01</PreOrderReleaseDate>`;
    expect(await rightsOf(dated)).toEqual([{ ...S, valid_from: "2024-02-01" }]);
    const some = deal("R0", STREAM).replace(
      "<DealTerms>",
      "<DealResourceReferenceList/><DealTerms>",
    );
    expect(warnings(await read(third({ deals: some })))).toEqual([
      "a deal for some of the resources only: passed over",
    ]);
  });

  test("and what is for particular channels is said to be", async () => {
    const channel =
      "<DistributionChannel><PartyName><FullName>Shop</FullName></PartyName></DistributionChannel>";
    const found = await outcome(STREAM + channel, STREAM);
    expect(found.rights).toEqual([S]);
    expect(found.warnings).toEqual([
      expect.stringMatching(/^1 of the deals are for particular distribution channels/),
    ]);
  });
});

describe("a takedown", () => {
  const down = (more = "") => `<TakeDown>true</TakeDown>${more}`;

  test("leaves nothing: the release is withdrawn", async () => {
    const withdrawn = { rights: [], status: "withdrawn", warnings: [] };
    expect(await outcome(down())).toEqual(withdrawn);
    expect(await outcome(down(inTerritories("Worldwide") + from("2024-04-01")))).toEqual(withdrawn);
    expect(await outcome(STREAM, down(inTerritories("Worldwide")))).toEqual(withdrawn);
    expect(await outcome("<AllDealsCancelled>true</AllDealsCancelled>")).toEqual(withdrawn);
    expect(await outcome(STREAM + inTerritories("DE"), down(inTerritories("DE")))).toEqual(
      withdrawn,
    );
  });

  test("that is not understood takes down all it might mean", async () => {
    const unclear = await outcome(STREAM + inTerritories("DE"), down(inTerritories("2130")));
    expect(unclear).toEqual({
      rights: [],
      status: "withdrawn",
      warnings: ['the territory "2130" is not known: the takedown is taken for all of the world'],
    });
    const but = await outcome(STREAM + inTerritories("DE GB"), down(excluded("2130 GB")));
    expect(but.rights).toEqual([{ ...S, territories: ["GB"] }]);
    expect(but.warnings).toEqual(['the territory "2130" is not known: it is taken for taken down']);
    const dated = await outcome(STREAM, down(from("soon")));
    expect(dated).toEqual({
      rights: [],
      status: "withdrawn",
      warnings: ["a validity period with a date that is none: the takedown holds at once"],
    });
  });

  test("that is false is none", async () => {
    expect(await outcome(`${STREAM}<TakeDown>false</TakeDown>`)).toMatchObject({
      rights: [S],
      status: "official",
    });
  });

  test.each([
    [
      "the world less a country",
      "Worldwide",
      "DE",
      [{ territories: ["Worldwide"], excluded_territories: ["DE"] }],
    ],
    ["countries less a country", "DE FR", "DE", [{ territories: ["FR"] }]],
    [
      "a country less a part",
      "US",
      "US-CA",
      [{ territories: ["US"], excluded_territories: ["US-CA"] }],
    ],
    ["parts less their country", "US-CA DE", "US", [{ territories: ["DE"] }]],
    ["elsewhere", "FR", "DE", [{ territories: ["FR"] }]],
  ])("in some territories: %s", async (_, where, gone, expected) => {
    const found = await outcome(STREAM + inTerritories(where), down(inTerritories(gone)));
    expect(found).toEqual({
      rights: expected.map((right) => ({ ...S, ...right })),
      status: "official",
      warnings: [],
    });
  });

  test("everywhere but some: what remains is there", async () => {
    const but = down(excluded("GB IE"));
    expect(await rightsOf(STREAM + inTerritories("Worldwide"), but)).toEqual([
      { ...S, territories: ["GB", "IE"] },
    ]);
    expect(await rightsOf(STREAM + inTerritories("GB DE"), but)).toEqual([
      { ...S, territories: ["GB"] },
    ]);
  });

  test("that is to come ends the rights then", async () => {
    const later = from("2025-01-01");
    expect(await rightsOf(STREAM, down(later))).toEqual([
      { ...S, valid_until: "2025-01-01T00:00:00Z" },
    ]);
    expect(
      await rightsOf(STREAM + inTerritories("DE FR"), down(inTerritories("DE") + later)),
    ).toEqual([
      { ...S, territories: ["FR"] },
      { ...S, territories: ["DE"], valid_until: "2025-01-01T00:00:00Z" },
    ]);
    expect(await rightsOf(STREAM + inTerritories("FR"), down(inTerritories("DE") + later))).toEqual(
      [{ ...S, territories: ["FR"] }],
    );
    const ending = STREAM + period("<EndDate>2024-06-30</EndDate>");
    expect(await rightsOf(ending, down(later))).toEqual([{ ...S, valid_until: "2024-06-30" }]);
  });

  test("of some uses or models leaves the others", async () => {
    const two = `<Usage><UseType>OnDemandStream</UseType><UseType>PermanentDownload</UseType></Usage>`;
    expect(
      await rightsOf(two, down("<Usage><UseType>PermanentDownload</UseType></Usage>")),
    ).toEqual([{ usages: ["OnDemandStream"] }]);
    const model = "<CommercialModelType>PayAsYouGoModel</CommercialModelType>";
    expect(await rightsOf(STREAM, down(model))).toEqual([S]);
  });

  test("of a track release takes the rights of its track alone", async () => {
    const items = await read(third({ deals: deal("R0", STREAM) + deal("R1", down()) }));
    const [track] = recordsIn(items).filter(({ kind }) => kind === "track");
    const [found] = recordsIn(items).filter(({ kind }) => kind === "release");
    expect(track).toMatchObject({ rights: [] });
    expect(found).toMatchObject({ rights: [S], status: "official" });
  });
});

describe("without a deal", () => {
  const releases =
    release("<ICPN>5012345678900</ICPN>", "R0", group(item("A1"))) + single("A1", "R1");
  const rights = (items: Item[]) =>
    recordsIn(items).flatMap((record) =>
      record.kind === "release" || record.kind === "track" ? [[record.kind, record.rights]] : [],
    );

  test("a release of ERN 3 says nothing of rights, one of ERN 4 that there are none", async () => {
    const [older, newer] = [await read(third()), await read(fourth({ releases }))];
    expect(rights(older)).toEqual([
      ["track", undefined],
      ["release", undefined],
    ]);
    expect(rights(newer)).toEqual([
      ["track", []],
      ["release", []],
    ]);
    expect(warnings(older)).toEqual(["a release without a deal"]);
    expect(warnings(newer)).toEqual(["a release without a deal"]);
  });

  test("a track release says nothing where its album has one", async () => {
    const items = await read(fourth({ releases, deals: deal("R0", STREAM) }));
    expect(rights(items)).toEqual([
      ["track", undefined],
      ["release", [S]],
    ]);
  });

  test("for a release that is there, a deal is passed over", async () => {
    const items = await read(
      fourth({
        releases,
        deals: deal("R0 R7", STREAM) + deal("", STREAM),
      }),
    );
    expect(warnings(items)).toEqual([
      "a deal for R7, which is no release of this message: passed over",
      "a deal for no release: passed over",
    ]);
    expect(rights(items)).toEqual([
      ["track", undefined],
      ["release", [S]],
    ]);
  });
});

describe("a purge", () => {
  const purge = (id: string, version: string) =>
    third({
      root: "PurgeReleaseMessage",
      version,
      resources: undefined,
      releases: undefined,
    } as object).replace(
      "</ern:",
      `<PurgedRelease><ReleaseId>${id}</ReleaseId></PurgedRelease></ern:`,
    );

  test.each(["3.7.1", "3.8.2", "4.1.1", "4.2", "4.3"])(
    "in ERN %s withdraws the release",
    async (version) => {
      const items = await read(purge("<ICPN>5012345678900</ICPN>", version));
      expect(recordsIn(items)).toEqual([
        {
          kind: "release",
          id: "icpn:05012345678900",
          scope: "partial",
          ids: { gtin: "5012345678900" },
          status: "withdrawn",
          rights: [],
        },
      ]);
      expect(items[0]).toMatchObject({ about: { version, messageId: "M1" } });
    },
  );

  test("of nothing is refused", async () => {
    expect(await read(purge("", "4.3"))).toMatchObject([
      { about: {} },
      {
        refused: { code: "JB246", reason: "a purged release without an id" },
        pointer: "/PurgeReleaseMessage/PurgedRelease[1]",
      },
    ]);
  });
});
