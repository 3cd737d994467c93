import { expect, test } from "vitest";
import { cwr } from "../../formats/cwr.ts";
import { bufferInput, type CatalogRecord, detectFormat } from "../../formats/index.ts";
import { read } from "./items.ts";

/** A line of texts at the places of the standard, counted from 1 as it does. */
function line(...parts: [at: number, text: string][]): string {
  return parts.reduce((all, [at, text]) => all.padEnd(at - 1) + text, "");
}

const record = (type: string, transaction: number, sequence: number): [number, string] => [
  1,
  type + String(transaction).padStart(8, "0") + String(sequence).padStart(8, "0"),
];

const HDR = line(
  [1, "HDRPB000000123"],
  [15, "OUR PUBLISHING"],
  [60, "01.10"],
  [65, "2024050613203420240506"],
);
const HDR22 = line([1, HDR], [102, "2.2001"]);
const GRH = "GRHNWR0000102.100000000001";
const NWR = line(
  record("NWR", 0, 0),
  [20, "EVENING SONG"],
  [80, "DE"],
  [82, "W1"],
  [96, "T0345246801"],
  [127, "POP"],
  [143, "ORI"],
  [195, "FK"],
);
const SPU = line(
  record("SPU", 0, 1),
  [20, "01P1"],
  [31, "OUR PUBLISHING"],
  [77, "E"],
  [88, "00052210040"],
  [113, "035"],
  [116, "02500"],
  [121, "035"],
  [124, "05000"],
  [129, "035"],
  [132, "10000"],
);
const SWR = line(
  record("SWR", 0, 2),
  [20, "I1"],
  [29, "EXAMPLE"],
  [74, "ANNA"],
  [105, "CA"],
  [116, "00014107338"],
  [130, "02550"],
  [138, "00000"],
  [146, "00000"],
  [155, "I0000002297"],
);
const OWR = line(
  record("OWR", 0, 3),
  [20, "I2"],
  [29, "SAMPLE"],
  [74, "BO"],
  [105, "TR"],
  [116, "00000000000"],
  [130, "04950"],
  [138, "05000"],
);

function transmission(lines: string[], { header = HDR, transactions = 1 } = {}): string {
  const count = (number: number) => String(number).padStart(8, "0");
  return [
    header,
    GRH,
    ...lines,
    `GRT00001${count(transactions)}${count(lines.length + 2)}`,
    `TRL00001${count(transactions)}${count(lines.length + 4)}`,
    "",
  ].join("\r\n");
}

const WORK = transmission([NWR, SPU, SWR, OWR]);

function works(records: readonly CatalogRecord[]) {
  return records.filter(({ kind }) => kind === "work");
}

test("a registration becomes a work with its writers, its publisher and their shares", async () => {
  const { items, warnings, refused } = await read(cwr, WORK);
  expect([warnings, refused]).toEqual([[], []]);
  expect(items[0]).toEqual({
    about: {
      version: "2.1",
      statedAt: "2024-05-06T13:20:34Z",
      sender: "OUR PUBLISHING (PB 000000123)",
    },
  });
  expect(items.slice(1)).toEqual([
    {
      pointer: "line 3",
      record: {
        kind: "label",
        id: "P1",
        scope: "mention",
        name: "OUR PUBLISHING",
        ids: { ipi: "00052210040" },
      },
    },
    {
      pointer: "line 3",
      record: {
        kind: "artist",
        id: "I1",
        scope: "mention",
        name: "ANNA EXAMPLE",
        sort_name: "EXAMPLE, ANNA",
        artist_type: "person",
        ids: { ipi: "00014107338", ipi_base: "I0000002297" },
      },
    },
    {
      pointer: "line 3",
      record: {
        kind: "artist",
        id: "I2",
        scope: "mention",
        name: "BO SAMPLE",
        sort_name: "SAMPLE, BO",
        artist_type: "person",
      },
    },
    {
      pointer: "line 3",
      record: { kind: "genre", id: "folk", scope: "mention", name: "folk", ids: { genre: "folk" } },
    },
    {
      pointer: "line 3",
      record: {
        kind: "work",
        id: "W1",
        ids: { iswc: "T0345246801" },
        title: "EVENING SONG",
        languages: ["de"],
        genres: [{ genre: { kind: "genre", id: "folk" } }],
        credits: [
          {
            contributor: { kind: "label", id: "P1" },
            role: "publisher",
            share: 25,
            mechanical_share: 50,
            synchronization_share: 100,
            attributes: ["original publisher"],
          },
          {
            contributor: { kind: "artist", id: "I1" },
            role: "composer",
            share: 25.5,
            mechanical_share: 0,
            synchronization_share: 0,
          },
          { contributor: { kind: "artist", id: "I1" }, role: "author" },
          {
            contributor: { kind: "artist", id: "I2" },
            role: "translator",
            share: 49.5,
            mechanical_share: 50,
          },
        ],
      },
    },
  ]);
});

test("titles, performers, recordings, originals and society numbers come with the work", async () => {
  const { records, warnings } = await read(
    cwr,
    transmission(
      [
        NWR,
        line(record("ALT", 0, 1), [20, "ABENDLIED"], [80, "TT"], [82, "DE"]),
        line(
          record("VER", 0, 2),
          [20, "OLD SONG"],
          [80, "T0345246801"],
          [91, "EN"],
          [93, "ELDER"],
          [138, "EVA"],
          [228, "00014107338"],
          [351, "W0"],
        ),
        line(record("PER", 0, 3), [20, "THE SAMPLERS"]),
        line(
          record("REC", 0, 4),
          [20, "20010500"],
          [88, "000345"],
          [99, "FIRST ALBUM"],
          [250, "GBAYE6800011"],
          [262, "AD"],
          [267, "EVENING SONG (LIVE)"],
          [327, "LIVE"],
          [387, "SAMPLERS"],
          [507, "Y"],
        ),
        line(record("REC", 0, 5), [20, "00000000"], [88, "000000"]),
        line(record("XRF", 0, 6), [20, "052123456BR"], [37, "WY"]),
        line(record("XRF", 0, 7), [20, "055OLD"], [37, "WN"]),
      ],
      { header: HDR22 },
    ),
  );
  expect(warnings).toEqual([]);
  expect(works(records)).toEqual([
    {
      kind: "work",
      id: "W0",
      scope: "mention",
      ids: { iswc: "T0345246801" },
      title: "OLD SONG",
      languages: ["en"],
      credits: [{ contributor: { kind: "artist", id: "ipi:00014107338" }, role: "writer" }],
    },
    expect.objectContaining({
      id: "W1",
      ids: { iswc: "T0345246801" },
      aliases: [{ name: "ABENDLIED", alias_type: "translated original title", locale: "de" }],
      credits: [{ contributor: { kind: "artist", id: "name:the samplers" }, role: "performer" }],
    }),
  ]);
  expect(records.filter(({ kind }) => kind === "track")).toEqual([
    {
      kind: "track",
      id: "GBAYE6800011",
      scope: "partial",
      ids: { isrc: "GBAYE6800011" },
      title: "EVENING SONG (LIVE)",
      disambiguation: "LIVE",
      duration_ms: 225_000,
      first_release_date: "2001-05",
      credits: [{ contributor: { kind: "artist", id: "name:samplers" }, role: "artist" }],
      works: [{ work: { kind: "work", id: "W1" }, relation: "performance" }],
    },
  ]);
});

const ack = (status: string) =>
  line(
    record("ACK", 0, 0),
    [20, "20240601120000"],
    [34, "0000100000000NWR"],
    [50, "EVENING SONG"],
    [110, "W1"],
    [130, "250310HN"],
    [150, "20240601"],
    [158, status],
  );
const SOCIETY = line(
  [1, "HDRSO000000052"],
  [15, "A SOCIETY"],
  [60, "01.10"],
  [65, "2024060113203420240601"],
);

test("an acknowledged work is taken, whether its registration is repeated or not", async () => {
  const repeated = NWR.replace(/^.{19}/, "NWR0000000000000001");
  const whole = await read(cwr, transmission([ack("AS"), repeated], { header: SOCIETY }));
  expect(works(whole.records)).toEqual([
    expect.objectContaining({
      id: "W1",
      ids: { iswc: "T0345246801" },
      languages: ["de"],
    }),
  ]);
  const bare = await read(cwr, transmission([ack("CO")], { header: SOCIETY }));
  expect(bare.records).toEqual([
    {
      kind: "work",
      id: "W1",
      scope: "partial",
      title: "EVENING SONG",
    },
  ]);
  expect(bare.warnings).toContain('line 3: the work "EVENING SONG" is acknowledged: conflict');
});

test("a rejected work is not taken, and what the recipient says of it is told", async () => {
  const message = line(record("MSG", 0, 1), [20, "F00000000NWRT023"], [36, "TITLE IS MISSING"]);
  const { records, warnings } = await read(
    cwr,
    transmission([ack("RJ"), message], { header: SOCIETY }),
  );
  expect(records).toEqual([]);
  expect(warnings).toEqual([
    "line 4: the recipient says (T): TITLE IS MISSING",
    'line 3: the work "EVENING SONG" is acknowledged: rejected; it is not taken',
    "line 3: ACK in group 00001, which is one of NWR",
  ]);
});

test("the version is that of the header, else of the group, and the format is known by its header", async () => {
  const versions = [WORK, transmission([NWR], { header: HDR22 })].map((text) =>
    detectFormat(bufferInput(Buffer.from(text), "x.txt")),
  );
  expect(
    (await Promise.all(versions)).map(({ format, version }) => [format.name, version]),
  ).toEqual([
    ["cwr", "2.1"],
    ["cwr", "2.2"],
  ]);
});

test("a file that is not UTF-8 is ISO-8859-1, with a warning; one that is stays what it is", async () => {
  const text = WORK.replace("EXAMPLE  ", "MÜLLER   ");
  for (const [encoding, warned] of [
    ["utf8", 0],
    ["latin1", 1],
  ] as const) {
    const { records, warnings } = await read(cwr, Buffer.from(text, encoding));
    expect(records.find(({ id }) => id === "I1")).toMatchObject({ name: "ANNA MÜLLER" });
    expect(warnings.filter((each) => each.includes("ISO-8859-1"))).toHaveLength(warned);
  }
});

test("a transaction that cannot be read is refused with its line, and the others go through", async () => {
  const other = (text: string) => text.replace(/^(.{3})0{8}/, "$100000001");
  const third = (text: string) => text.replace(/^(.{3})0{8}/, "$100000002");
  const { records, refused, warnings } = await read(
    cwr,
    transmission(
      [
        NWR,
        SWR.replace(/^(.{3})0{16}/, "").slice(0, 25),
        other(NWR.replace("EVENING SONG", "            ")),
        third(NWR),
      ],
      { transactions: 3 },
    ),
  );
  expect(refused).toEqual([
    "JB243 delivery:4: the record SWR has 25 characters, at least 29 are needed",
    "JB243 delivery:5: the work has no title",
  ]);
  expect(works(records).map(({ id }) => id)).toEqual(["W1"]);
  expect(warnings).toEqual(["line 4: the record has sequence number 00000002, after 00000000"]);
});

test("unknown records, gaps, totals that do not add up and shares that are none are told", async () => {
  const { records, warnings } = await read(
    cwr,
    [
      HDR,
      GRH,
      line(record("ZZZ", 0, 0), [20, "?"]),
      NWR.replace("0000000000000000", "0000000700000000"),
      SWR.replace(/^.{19}/, "SWR0000000700000001").replace("02550", "1O000"),
      line([1, "XYZ0000000700000002"], [20, "?"]),
      "GRT000010000000200000005",
      "TRL000020000000100000008",
      "something else",
    ].join("\n"),
  );
  expect(warnings.toSorted()).toEqual(
    [
      'line 3: the record "ZZZ" stands outside of a transaction; it is not read',
      "line 4: the transaction has number 00000007, 0 was expected",
      'line 5: the performing share "1O000" is none; it is left out',
      'line 6: there is no record type "XYZ"; it is passed over',
      "line 7: the trailer counts 00000002 transactions of the group, there are 1",
      "line 7: the trailer counts 00000005 records of the group, there are 6",
      "line 8: the trailer counts 00002 groups, there are 1",
      "line 9: something follows the trailer (TRL); it is not read",
    ].sort(),
  );
  expect(works(records)).toHaveLength(1);
});

test("a file without its trailer is truncated, wherever it ends", async () => {
  const whole = transmission([NWR, SPU, SWR, OWR]);
  for (const end of [whole.indexOf("TRL"), whole.indexOf("GRT"), whole.indexOf("SWR") + 40, 200]) {
    const { error } = await read(cwr, whole.slice(0, end));
    expect(error).toMatchObject({ code: "JB243", reason: expect.stringContaining("TRL") });
  }
});

test("a work that others registered and that is in conflict is known by its ISWC, never by their numbers", async () => {
  const exc = NWR.replace(/^NWR/, "EXC");
  const { records } = await read(
    cwr,
    transmission([exc, SWR.replace(/^.{19}/, "SWR0000000000000001")]),
  );
  expect(works(records)).toEqual([
    expect.objectContaining({ id: "iswc:T0345246801", scope: "partial" }),
  ]);
  expect(records.find(({ kind }) => kind === "artist")).toMatchObject({ id: "ipi:00014107338" });
});
