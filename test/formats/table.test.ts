import { describe, expect, test } from "vitest";
import { bufferInput, detectFormat } from "../../formats/index.ts";
import { table } from "../../formats/table.ts";
import { read } from "./items.ts";

const TRACKS = {
  records: [{ kind: "track", id: "id", fields: { title: "name", duration_ms: "ms" } }],
};
const track = (id: string, title: string, duration_ms = 1) => ({
  kind: "track",
  id,
  title,
  duration_ms,
});

describe("a table is read however it is written", () => {
  const rows = [
    ["id", "name", "ms"],
    ["1", "One", "1"],
    ["2", "Two", "2"],
  ];
  const wanted = [track("1", "One", 1), track("2", "Two", 2)];
  const joined = (delimiter: string, end = "\n") =>
    rows.map((row) => row.join(delimiter)).join(end);
  const cases: [what: string, content: string | Buffer][] = [
    ["commas", joined(",")],
    ["semicolons", joined(";")],
    ["tabs", joined("\t")],
    ["pipes", joined("|")],
    ["CRLF", joined(",", "\r\n")],
    ["CR", joined(",", "\r")],
    ["a byte order mark", `\uFEFF${joined(",")}`],
    ["UTF-16 with a mark", Buffer.from(`\uFEFF${joined(";")}`, "utf16le")],
    ["spaces around the names", joined(",").replace("name", " name ")],
    ["empty lines", `\n${joined(",", "\n\n")}\n\n`],
    ["quotes", joined(",").replaceAll(/\w+/g, '"$&"')],
    ["single quotes", joined(",").replaceAll(/\w+/g, "'$&'")],
    ["columns nobody asked for", joined(",").replaceAll(/$/gm, ",x").replace("ms,x", "ms,other")],
  ];
  test.each(cases)("%s", async (_, content) => {
    const { records, warnings, refused, error } = await read(table, content, TRACKS);
    expect([warnings, refused, error]).toEqual([[], [], undefined]);
    expect(records).toEqual(wanted);
  });
});

test("the delimiter is the one that gives all rows the same cells, not the most frequent", async () => {
  const text = 'id;name;ms\n1;a, b, c, d, e;1\n2;"x;y, z";2\n3;f, g, h;3';
  const { records } = await read(table, text, TRACKS);
  expect(records).toEqual([
    track("1", "a, b, c, d, e"),
    track("2", "x;y, z", 2),
    track("3", "f, g, h", 3),
  ]);
});

test("cells with delimiters, quotes and line breaks stay whole, and lines are counted with them", async () => {
  const text = 'id,name,ms\r\n1,"a, ""b""\r\nand c",1\r\n\r\n2,Two,x\r\n';
  const { items, warnings } = await read(table, text, TRACKS);
  expect(items[0]).toEqual({ pointer: "line 2", record: track("1", 'a, "b"\r\nand c') });
  expect(warnings).toEqual(['line 5: track: duration_ms: "x" is no number; it is left out']);
});

test("text that is not UTF-8 is windows-1252 with a warning, or what the mapping declares without one", async () => {
  const text = "id,name,ms\n1,Beyoncé “live”,1\n";
  const windows = Buffer.from("id,name,ms\n1,Beyonc\xe9 \x93live\x94,1\n", "latin1");
  const guessed = await read(table, windows, TRACKS);
  expect(guessed.records).toEqual([track("1", "Beyoncé “live”")]);
  expect(guessed.warnings).toEqual([expect.stringContaining("windows-1252")]);
  const declared = await read(table, Buffer.from("id,name,ms\n1,\xc6,1\n", "latin1"), {
    ...TRACKS,
    table: { encoding: "windows-1251" },
  });
  expect([declared.records, declared.warnings]).toEqual([[track("1", "Ж")], []]);
  expect((await read(table, text, TRACKS)).warnings).toEqual([]);
  const unknown = await read(table, text, { ...TRACKS, table: { encoding: "klingon" } });
  expect(unknown.error).toMatchObject({ code: "JB249", pointer: "/table/encoding" });
});

test("a file in Latin letters beyond the first 64 KiB is still told from UTF-8", async () => {
  const text = `id,name,ms\n${"1,abc,1\n".repeat(20_000)}2,Beyonc\xe9,1\n`;
  const { records, warnings } = await read(table, Buffer.from(text, "latin1"), TRACKS);
  expect(records.at(-1)).toEqual(track("2", "Beyoncé"));
  expect(warnings).toHaveLength(1);
});

test("a row with too many or too few cells is refused with its line, and the next ones follow", async () => {
  const text = "id,name,ms\n1,a,1\n2,b\n3,c,3,4\n4,d,4\n";
  const rows = "5,e,5\n".repeat(20);
  const { records, refused } = await read(table, text + rows, TRACKS);
  expect(refused).toEqual([
    "JB243 delivery:3: the row has 2 cells, the header 3",
    "JB243 delivery:4: the row has 4 cells, the header 3",
  ]);
  expect(records).toHaveLength(22);
});

test("a quote within a cell is refused with its row; a quoted cell that goes on ends the reading", async () => {
  const rows = "2,c,2\n".repeat(20);
  const within = await read(table, `id,name,ms\n1,7" mix,1\n${rows}`, TRACKS);
  expect(within.error).toBeUndefined();
  expect(within.refused).toEqual([
    "JB243 delivery:2: a quote within a cell that does not begin with one",
  ]);
  expect(within.records).toHaveLength(20);
  const after = await read(table, `id,name,ms\n1,"a"b,1\n${rows}`, TRACKS);
  expect(after.error).toMatchObject({ code: "JB243", line: 2 });
  const unquoted = await read(table, `id,name,ms\n1,"a"b,1\n`, { ...TRACKS, table: { quote: "" } });
  expect(unquoted.records).toEqual([track("1", '"a"b')]);
});

test("a quote that never closes ends the reading, and never takes more than a row may", async () => {
  const open = await read(table, `id,name,ms\n1,a,1\n2,"b,2\n3,c,3\n`, TRACKS);
  expect(open.error).toMatchObject({ code: "JB243", reason: "a quote is opened and never closed" });
  const long = await read(
    table,
    `id,name,ms\n1,a,1\n2,"b,2\n${"3,c,3\n".repeat(3_000_000)}`,
    TRACKS,
  );
  expect(long.error).toMatchObject({ code: "JB244" });
});

test("a cell of 10 MB is read", async () => {
  const { records } = await read(table, `id,name,ms\n1,"${"x".repeat(10_000_000)}",1\n`, TRACKS);
  expect(records).toEqual([track("1", "x".repeat(10_000_000))]);
});

test("a table without a header has its columns from the mapping", async () => {
  const { records } = await read(table, "1\tOne\t1\n", {
    ...TRACKS,
    table: { columns: ["id", "name", "ms"] },
  });
  expect(records).toEqual([track("1", "One")]);
});

test("columns that the mapping needs and the table lacks are told before any row", async () => {
  const { error, records } = await read(table, "id,title\n1,a\n", TRACKS);
  expect(records).toEqual([]);
  expect(error).toMatchObject({
    code: "JB249",
    reason: "the mapping is not usable: the table lacks the columns name, ms; it has id, title",
  });
  const twice = await read(table, "id,name,ms,name\n1,a,1,b\n", TRACKS);
  expect(twice.error?.reason).toContain('two columns "name"');
});

test("an empty file, binary data and a table without a mapping are refused", async () => {
  expect((await read(table, "\n\n", TRACKS)).error).toMatchObject({ code: "JB241" });
  expect((await read(table, "id,name,ms\n1,a\0,1\n", TRACKS)).error).toMatchObject({
    code: "JB242",
  });
  expect((await read(table, "id,name\n1,a\n")).error).toMatchObject({ code: "JB249" });
});

describe("our own shape needs no mapping", () => {
  const OWN = [
    "kind,id,scope,title,name,ids.isrc,duration_ms,explicit,genres,aliases,credits,album",
    'track,t1,,Song,,GBAYE6800011,225000,true,Pop|Rock,"[{""name"":""Lied"",""locale"":""de""}]","[{""contributor"":{""kind"":""artist"",""id"":""a1""},""role"":""artist""}]",',
    'artist,a1,mention,,Anna,"[""X1"",""X2""]",,,,Anne | Ann,,',
    "release,r1,,[untitled],,,,,,,,al1",
  ].join("\n");

  test("its columns are the keys of records", async () => {
    expect((await detectFormat(bufferInput(Buffer.from(OWN), "x"))).format.name).toBe("table");
    const { records, refused } = await read(table, OWN);
    expect(refused).toEqual([]);
    expect(records.filter(({ kind }) => kind !== "genre")).toEqual([
      {
        kind: "track",
        id: "t1",
        title: "Song",
        ids: { isrc: "GBAYE6800011" },
        duration_ms: 225_000,
        explicit: true,
        genres: [{ genre: { kind: "genre", id: "pop" } }, { genre: { kind: "genre", id: "rock" } }],
        aliases: [{ name: "Lied", locale: "de" }],
        credits: [{ contributor: { kind: "artist", id: "a1" }, role: "artist" }],
      },
      {
        kind: "artist",
        id: "a1",
        scope: "mention",
        name: "Anna",
        ids: { isrc: ["X1", "X2"] },
        aliases: [{ name: "Anne" }, { name: "Ann" }],
      },
      { kind: "release", id: "r1", title: "[untitled]", album: { kind: "album", id: "al1" } },
    ]);
  });

  test("what does not fit is refused with its line", async () => {
    const text =
      "kind,id,title,duration_ms\ntrack,1,A,x\nspoon,2,B,1\ntrack,,C,1\nartist,4,D,\ntrack,5,E,5\n";
    const { records, refused } = await read(table, text);
    expect(refused).toEqual([
      'JB246 delivery:2: duration_ms: "x" is no number',
      'JB246 delivery:3#/kind: unknown kind "spoon"',
      expect.stringContaining('"id" is missing'),
      expect.stringContaining('unknown key "title"'),
    ]);
    expect(records).toEqual([track("5", "E", 5)]);
  });

  test.each(["id,name\n1,a", "kind,id,colour\ntrack,1,red", "kind and id\n1", '{"kind": "track"}'])(
    "%j is no table of ours",
    async (text) => {
      const detected = detectFormat(bufferInput(Buffer.from(text), "x"));
      await detected.then(
        ({ format }) => expect(format.name).not.toBe("table"),
        (error) => expect(error).toMatchObject({ code: "JB245" }),
      );
    },
  );

  test("any table is one when it is asked for by name", async () => {
    const input = bufferInput(Buffer.from("a;b\n1;2"), "x");
    expect((await detectFormat(input, "table")).format.name).toBe("table");
    const json = bufferInput(Buffer.from('{"a": 1}'), "x");
    expect((await detectFormat(json, "mapped-json")).format.name).toBe("mapped-json");
    await expect(detectFormat(json, "table")).rejects.toMatchObject({ code: "JB245" });
  });
});
