import { writeFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { loadMapping } from "../../formats/index.ts";
import { mappedJson } from "../../formats/mapped-json.ts";
import type { Mapping, Rule, Step } from "../../formats/mapping.ts";
import { deliver, fresh } from "./delivery.ts";
import { read } from "./items.ts";

/** What one rule makes of one value, and what is told of it. */
async function made(value: unknown, steps: Step[], rule: object = { from: "value" }) {
  const mapping = {
    records: [
      { kind: "track", id: "id", scope: "partial", fields: { "ids.x": { ...rule, steps } } },
    ],
  };
  const { records, warnings, refused } = await read(
    mappedJson,
    JSON.stringify({ id: "1", value }),
    mapping,
  );
  return { value: records[0]?.ids?.x, warnings, refused };
}

describe("steps", () => {
  const cases: [what: string, value: unknown, steps: Step[], wanted: unknown][] = [
    ["trim", " a ", ["trim"], "a"],
    ["lower and upper", "aÉ", ["upper", "lower"], "aé"],
    ["slug", "Sigur Rós: ( )", ["slug"], "sigur-rós"],
    ["slug of signs", "!!!", ["slug"], "!!!"],
    ["mend", "BeyoncÃ©", ["mend"], "Beyoncé"],
    ["isbn", "439023483", ["isbn"], "9780439023481"],
    ["split", "a; b;;c ", [{ split: ";" }], ["a", "b", "c"]],
    ["steps over a list", "A,B", [{ split: "," }, "lower"], ["a", "b"]],
    ["join", ["a", "b"], [{ join: "+" }], "a+b"],
    ["item", ["a", "b"], [{ item: -1 }], "b"],
    ["pattern", "spotify:track:1", [{ pattern: "track:(\\d)" }], "1"],
    ["pattern, whole", "abc", [{ pattern: "b." }], "bc"],
    ["pattern, otherwise keep", "abc", [{ pattern: "x", otherwise: "keep" }], "abc"],
    ["pattern, otherwise nothing", "abc", [{ pattern: "x", otherwise: "nothing" }], undefined],
    ["replace", "a.b.c", [{ replace: "\\.(.)", with: "-$1" }], "a-b-c"],
    ["lookup", "de", [{ lookup: { de: "German" } }], "German"],
    ["lookup, default", "fr", [{ lookup: { de: "German" }, default: "?" }], "?"],
    ["nothing", "N/A", [{ nothing: ["N/A"] }], undefined],
    ["date", "4/26/2024", [{ date: ["YYYY-MM-DD", "M/D/YYYY"] }], "2024-04-26"],
    ["integer", "1,234,567", [{ integer: { thousands: "," } }], "1234567"],
    ["number", "1.234,5", [{ number: { thousands: ".", decimal: "," } }], "1234.5"],
    ["seconds", "225.5", [{ duration: "seconds" }], "225500"],
    ["minutes", 3.5, [{ duration: "minutes" }], "210000"],
    ["clock", "3:45", [{ duration: "clock" }], "225000"],
    ["clock with hours", "1:03:45.25", [{ duration: "clock" }], "3825250"],
    ["json", '["a", "b"]', ["json"], ["a", "b"]],
    ["prefix", "1", [{ prefix: "x" }], "x1"],
  ];
  test.each(cases)("%s", async (_, value, steps, wanted) => {
    expect(await made(value, steps)).toEqual({ value: wanted, warnings: [], refused: [] });
  });

  const failing: [what: string, value: unknown, steps: Step[], reason: string][] = [
    ["a damaged text", "Beyonc\uFFFD", ["mend"], "has lost characters"],
    ["no match", "abc", [{ pattern: "x" }], "does not match x"],
    ["rejected", "ýý", [{ reject: "ý" }], "is rejected"],
    ["not in the table", "fr", [{ lookup: { de: "German" } }], "not in the table"],
    ["no date", "2024-13-01", [{ date: "YYYY-MM-DD" }], "is no date of the form"],
    ["no integer", "1.5", ["integer"], "is no whole number"],
    ["thousands that are not declared", "1,234", ["integer"], "is no number"],
    ["thousands in the wrong place", "1,23", [{ integer: { thousands: "," } }], "is no number"],
    ["no clock", "3:75", [{ duration: "clock" }], "is no duration"],
    ["no boolean", "maybe", ["boolean"], "neither true nor false"],
    ["no text", { a: 1 }, ["trim"], "is no text"],
    ["a long text", "x".repeat(20_000), [{ pattern: "y" }], "too long for a pattern"],
  ];
  test.each(failing)("%s is left out and told", async (_, value, steps, reason) => {
    const result = await made(value, steps);
    expect(result).toMatchObject({ value: undefined, refused: [] });
    expect(result.warnings).toEqual([expect.stringContaining(reason)]);
    expect(result.warnings[0]).toMatch(/^line 1: track: ids\.x: .*it is left out$/);
  });

  test("an element that cannot be used leaves its list, and an ISBN that is not proven stays as it came", async () => {
    const list = await made(["1", "x"], ["integer"]);
    expect(list.value).toEqual(["1"]);
    expect(list.warnings).toEqual([expect.stringContaining("left out of the list")]);
    const isbn = await made("9.78043902348e+12", ["isbn"]);
    expect(isbn.value).toBe("9.78043902348e+12");
    expect(isbn.warnings).toEqual([expect.stringContaining("is stated as it came")]);
  });

  test("sources: a constant, the first that has a value, a join up to the first gap", async () => {
    expect((await made("", [], { constant: "c" })).value).toBe("c");
    expect((await made("v", [], { first: ["nothing", "value", { constant: "c" }] })).value).toBe(
      "v",
    );
    expect(
      (await made("x", [], { first: [{ from: "value", steps: ["integer"] }, { constant: "c" }] }))
        .value,
    ).toBe("c");
    expect((await made("v", [], { join: ["value", { constant: "c" }], with: "-" })).value).toBe(
      "v-c",
    );
    expect(
      (await made("v", [], { join: ["value", "gap", { constant: "c" }], with: "-" })).value,
    ).toBe("v");
    expect((await made("v", [], { join: ["gap", "value"] })).value).toBeUndefined();
  });
});

test("a row becomes records with references, mentions, lists and conditions", async () => {
  const mapping = loadMapping({
    json: { rows: "/data/items" },
    records: [
      {
        kind: "track",
        id: "/id",
        when: { all: [{ value: "/type", is: "song" }, { not: { value: "/deleted", is: true } }] },
        fields: {
          title: { from: "/name", required: true },
          duration_ms: "/length",
          explicit: { constant: false },
          genres: "/tags",
          credits: {
            each: "/artists",
            as: {
              object: {
                contributor: {
                  reference: {
                    kind: "artist",
                    id: "./id",
                    fields: { name: "./name", "ids.spotify": "./id" },
                  },
                },
                role: { from: "./role", steps: ["lower"] },
                position: "#",
                credited_as: { from: "./as", optional: true },
              },
            },
          },
        },
      },
      {
        kind: "release",
        id: "/album/id",
        when: { value: "/album/id", exists: true },
        fields: { title: "/album/name" },
      },
    ],
  });
  const row = {
    id: 7,
    type: "song",
    name: "Song",
    length: "225000",
    tags: ["Pop"],
    artists: [
      { id: "a", name: "Anna", role: "ARTIST" },
      { name: "nobody", role: "artist" },
      { id: "b", name: "Bo", role: "artist", as: "B." },
    ],
    album: { id: "r", name: "Album" },
  };
  const document = {
    data: {
      items: [
        row,
        { ...row, id: "8" },
        { ...row, type: "jingle", album: null },
        { ...row, deleted: true, album: null },
        { type: "song", id: "9" },
      ],
    },
  };
  const { items, records, refused } = await read(
    mappedJson,
    JSON.stringify(document, undefined, 1),
    mapping,
  );
  const credits = [
    { contributor: { kind: "artist", id: "a" }, role: "artist", position: 1 },
    { contributor: { kind: "artist", id: "b" }, role: "artist", position: 3, credited_as: "B." },
  ];
  const track = {
    kind: "track",
    title: "Song",
    duration_ms: 225_000,
    explicit: false,
    genres: [{ genre: { kind: "genre", id: "pop" } }],
    credits,
  };
  const release = { kind: "release", id: "r", title: "Album" };
  expect(records).toEqual([
    { kind: "artist", id: "a", scope: "mention", name: "Anna", ids: { spotify: "a" } },
    { kind: "artist", id: "b", scope: "mention", name: "Bo", ids: { spotify: "b" } },
    { kind: "genre", id: "pop", scope: "mention", name: "Pop", ids: { genre: "Pop" } },
    { ...track, id: "7" },
    release,
    { ...track, id: "8" },
    release,
  ]);
  expect(items[0]).toMatchObject({ pointer: "/data/items/0" });
  expect(refused).toEqual([
    expect.stringContaining("#/data/items/4: track: title: it is required and has no value"),
  ]);
});

describe("JSON of any shape", () => {
  const mapping = { records: [{ kind: "artist", id: "id", fields: { name: "name" } }] };
  const wanted = [
    { kind: "artist", id: "1", name: "A" },
    { kind: "artist", id: "2", name: "B" },
  ];
  const rows = [
    { id: "1", name: "A" },
    { id: "2", name: "B" },
  ];
  const lines = rows.map((row) => JSON.stringify(row)).join("\n");

  test.each([
    ["lines", lines],
    ["an array", JSON.stringify(rows)],
    ["an array over several lines", JSON.stringify(rows, undefined, 2)],
    ["with a mark", `\uFEFF${lines}`],
  ])("%s", async (_, content) => {
    const { records, error } = await read(mappedJson, content, mapping);
    expect(error).toBeUndefined();
    expect(records).toEqual(wanted);
  });

  test("one object is one row, on one line or several", async () => {
    for (const space of [undefined, 2]) {
      const { records } = await read(
        mappedJson,
        JSON.stringify(rows[0], undefined, space),
        mapping,
      );
      expect(records).toEqual(wanted.slice(0, 1));
    }
  });

  test("a line that is none is refused, and so is a row without an id", async () => {
    const { records, refused } = await read(
      mappedJson,
      `${lines}\n{"id"\n[1\n{"name": "C"}\n7\n`,
      mapping,
    );
    expect(records).toEqual(wanted);
    expect(refused).toEqual([
      expect.stringMatching(/^JB243 delivery:3: truncated/),
      expect.stringMatching(/^JB243 delivery:4: truncated/),
      "JB246 delivery:5: the artist has no id",
      "JB246 delivery:6: a row is an object",
    ]);
  });

  test("what cannot be read at all says why", async () => {
    const errors: [content: string, code: string, mapping?: object][] = [
      ["[1, ", "JB243", mapping],
      ["[".repeat(200) + "]".repeat(200), "JB244", mapping],
      ["[]", "JB241", mapping],
      ["{}\n", "JB249", { ...mapping, json: { rows: "/items" } }],
      ["[]", "JB249"],
    ];
    for (const [content, code, with_] of errors) {
      expect((await read(mappedJson, content, with_)).error).toMatchObject({ code });
    }
  });
});

describe("a mapping that cannot be used says where and why", () => {
  const record = { kind: "track", id: "id" };
  const field = (rule: unknown) => ({ records: [{ ...record, fields: { title: rule } }] });
  const cases: [what: string, mapping: unknown, pointer: string, reason: RegExp][] = [
    ["no records", {}, "", /lacks "records"/],
    ["none", { records: [] }, "/records", /fewer than 1/],
    ["an unknown key", { records: [record], tabel: {} }, "", /unknown key "tabel"/],
    [
      "an unknown kind",
      { records: [{ ...record, kind: "song" }] },
      "/records/0/kind",
      /must be one of artist/,
    ],
    ["no id", { records: [{ kind: "track" }] }, "/records/0", /lacks "id"/],
    [
      "an unknown attribute",
      { records: [{ ...record, fields: { nmae: "x" } }] },
      "/records/0/fields/nmae",
      /track has no attribute "nmae".*title/,
    ],
    [
      "an unknown scheme",
      { records: [{ ...record, fields: { "ids.A B": "x" } }] },
      "/records/0/fields/ids.A B",
      /no attribute/,
    ],
    [
      "an unknown step",
      field({ from: "x", steps: ["trimm"] }),
      "/records/0/fields/title/steps/0",
      /must/,
    ],
    [
      "a wrong pattern",
      field({ from: "x", steps: [{ pattern: "(a" }] }),
      "/records/0/fields/title/steps",
      /not closed/,
    ],
    [
      "a group that is not there",
      field({ from: "x", steps: [{ pattern: "a", group: 2 }] }),
      "/records/0/fields/title/steps",
      /no group 2/,
    ],
    [
      "a wrong date",
      field({ from: "x", steps: [{ date: "DD.MM." }] }),
      "/records/0/fields/title/steps",
      /needs YYYY/,
    ],
    [
      "an element outside of each",
      field({ from: "./name" }),
      "/records/0/fields/title",
      /outside of "each"/,
    ],
    [
      "a delimiter of two characters",
      { records: [record], table: { delimiter: "::" } },
      "/table/delimiter",
      /more than 1/,
    ],
    ["a number", 7, "", /object/],
  ];
  test.each(cases)("%s", (_, mapping, pointer, reason) => {
    expect(() => loadMapping(mapping as object)).toThrow(
      expect.objectContaining({ code: "JB249", pointer, reason: expect.stringMatching(reason) }),
    );
  });
});

test("a mapping comes from YAML, from JSON or from data at hand", async () => {
  const mapping: Mapping = {
    records: [{ kind: "genre", id: "name", fields: { name: "name" as Rule } }],
  };
  const yaml = await deliver(
    "# ours\nrecords:\n  - kind: genre\n    id: name\n    fields: { name: name }\n",
    "m.yaml",
  );
  const json = await deliver(JSON.stringify(mapping), "m.json");
  for (const source of [yaml, json, mapping]) expect(loadMapping(source)).toEqual(mapping);
});

test("a mapping that cannot be read says so", async () => {
  expect(() => loadMapping(fresh("none.yaml"))).toThrow(expect.objectContaining({ code: "JB240" }));
  const path = fresh("bad.yaml");
  await writeFile(path, "records: [\n  - kind: {");
  expect(() => loadMapping(path)).toThrow(expect.objectContaining({ code: "JB249", file: path }));
  await writeFile(
    path,
    `a: &a [x]\n${Array.from({ length: 200 }, (_, at) => `k${at}: [*a, *a]`).join("\n")}\na: 1`,
  );
  expect(() => loadMapping(path)).toThrow(expect.objectContaining({ code: "JB249" }));
  const json = await deliver('{"records": ', "bad.json");
  expect(() => loadMapping(json)).toThrow(expect.objectContaining({ code: "JB249" }));
});
