import { chmod, mkdir, truncate } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { cannotRead } from "../../formats/input.ts";
import { ndjson } from "../../formats/ndjson.ts";
import { deliver, fresh, readAs, refusalOf } from "./delivery.ts";

const GOOD = JSON.stringify({ kind: "artist", id: "abba", name: "ABBA" });
const MBID = "d87e52c5-bb8d-4da8-b941-9f4928627dc8";

describe("a file that is not what it should be is refused with its name and a reason", () => {
  const deep = 20_000;
  const cases: [what: string, content: string | Buffer, code: string, reason: RegExp][] = [
    ["empty", "", "JB241", /the file is empty/],
    ["white space only", " \n\t\n", "JB241", /nothing but white space/],
    ["only a byte order mark", "\uFEFF", "JB241", /nothing but white space/],
    ["not JSON", "artist;name\nabba;ABBA", "JB245", /neither JSON nor XML/],
    ["XML", "<?xml version='1.0'?><opml/>", "JB245", /first element is <opml>/],
    ["a JSON array of records", `[${GOOD}]`, "JB245", /one object a line/],
    ["JSON of another service", '{"album_type": "album", "artists": []}', "JB245", /album_type/],
    ["a binary file", Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0]), "JB242", /binary/],
    ["gzip in gzip", gzipSync(gzipSync(GOOD)), "JB242", /compressed twice with gzip/],
    ["damaged gzip", gzipSync(GOOD.repeat(99)).subarray(0, 60), "JB247", /damaged or ends early/],
    ["a zip archive", Buffer.from("PK\x03\x04..."), "JB242", /zip archive/],
    ["UTF-16", Buffer.from(`\uFEFF${GOOD}`, "utf16le"), "JB242", /UTF-16/],
    ["UTF-16 without a mark", Buffer.from(GOOD, "utf16le"), "JB242", /NUL character/],
    ["Latin-1", Buffer.from(GOOD.replace("ABBA", "Bjørk"), "latin1"), "JB242", /not UTF-8/],
    ["deep arrays", "[".repeat(deep) + "]".repeat(deep), "JB245", /JSON array/],
    ["deep objects", `${'{"id":'.repeat(deep)}1${"}".repeat(deep)}`, "JB245", /the keys id/],
    ["a deep document", `{"id": "${MBID}", "releases": ${"[".repeat(deep)}`, "JB244", /nested/],
    ["a truncated document", `{"id": "${MBID}", "disambiguation": "Sw`, "JB243", /truncated/],
    [
      "a wrong document",
      `{"id": "${MBID}", "sort-name": oops}`,
      "JB243",
      /not JSON: Unexpected token .* near .*oops/,
    ],
  ];
  test.each(cases)("%s", async (_, content, code, reason) => {
    const path = await deliver(content);
    const error = await refusalOf(path);
    expect(error.message.startsWith(path)).toBe(true);
    expect(error.reason).toMatch(reason);
    expect(error.code).toBe(code);
    expect(error.hint).not.toBe("");
  });
});

test("whoever delivers a table of a shape of its own is told what it needs", async () => {
  const { hint } = await refusalOf(await deliver("artist;name\nabba;ABBA"));
  expect(hint).toMatch(/mapping.*--source.*docs\/reference\/sources\.md/);
  expect((await refusalOf(await deliver("<opml/>"))).hint).toMatch(/^formats: .*ddex-ern/);
});

describe("a line that is no record is refused with its number and a reason", () => {
  const artist = (more: object) => JSON.stringify({ kind: "artist", id: "x", name: "X", ...more });
  const release = (more: object) =>
    JSON.stringify({ kind: "release", id: "r", title: "R", ...more });
  const credit = (more: object) =>
    JSON.stringify({ kind: "track", id: "t", title: "T", credits: [{ role: "artist", ...more }] });
  const deep = `{"kind": "artist", "name": "X", "id": ${"[".repeat(20_000)}${"]".repeat(20_000)}}`;
  const cases: [what: string, line: string, code: string, reason: RegExp][] = [
    ["truncated", '{"kind": "artist", "id": "ab', "JB243", /truncated/],
    ["two records", GOOD + GOOD, "JB243", /not JSON at character \d+/],
    ["a record over several lines", '{\n"kind": "artist"', "JB243", /truncated/],
    ["a list", "[1]", "JB246", /a record is an object, this is an array/],
    ["null", "null", "JB246", /this is null/],
    ["a raw NUL", artist({}).replace("X", "X\0"), "JB242", /holds a NUL/],
    ["an escaped NUL", artist({ name: "X\0Y" }), "JB242", /holds a NUL/],
    ["half of a surrogate pair", artist({ name: "X\ud83d" }), "JB242", /surrogate/],
    ["deep nesting", deep, "JB246", /\/id is an array/],
    ["no kind", '{"id": "x"}', "JB246", /"kind" is missing/],
    ["an unknown kind", '{"kind": "artits", "id": "x"}', "JB246", /unknown kind "artits"/],
    ["a kind from the prototype", '{"kind": "__proto__", "id": "x"}', "JB246", /unknown kind/],
    ["no id", '{"kind": "artist", "name": "X"}', "JB246", /"id" is missing/],
    ["an empty id", artist({ id: "" }), "JB246", /\/id is ""/],
    ["a long id", artist({ id: "x".repeat(501) }), "JB246", /\/id .* 500/],
    ["a number for an id", artist({ id: 7 }), "JB246", /\/id is 7, expected: string/],
    ["no name", '{"kind": "artist", "id": "x"}', "JB246", /"name" is missing: a full artist/],
    ["null for a value", artist({ country: null }), "JB246", /\/country is null/],
    ["an unknown key", artist({ nmae: "X" }), "JB246", /unknown key "nmae"/],
    ["a key of another kind", artist({ title: "X" }), "JB246", /unknown key "title"/],
    ["a typo for a key that is needed", '{"kind":"artist","id":"x","nmae":"X"}', "JB246", /"nmae"/],
    [
      "an unknown key inside",
      artist({ aliases: [{ name: "Y", sort: 1 }] }),
      "JB246",
      /"sort" in \/aliases\/0/,
    ],
    ["no contributor", credit({}), "JB246", /"contributor" is missing in \/credits\/0/],
    [
      "a wrong contributor",
      credit({ contributor: { kind: "book", id: "b" } }),
      "JB246",
      /artist, label/,
    ],
    ["a wrong country", artist({ country: "Sweden" }), "JB246", /\/country is "Sweden".*ISO 3166/],
    [
      "a day that is none",
      artist({ begin_date: "2023-02-30" }),
      "JB246",
      /"2023-02-30".*real date/,
    ],
    ["a leap day that is none", artist({ begin_date: "1900-02-29" }), "JB246", /real date/],
    ["a month that is none", artist({ begin_date: "2023-13" }), "JB246", /real date/],
    ["the year zero", artist({ begin_date: "0000" }), "JB246", /real date/],
    ["a wrong type of artist", artist({ artist_type: "Band" }), "JB246", /expected: person, group/],
    ["a number too big", artist({ begin_date: 1e300 }), "JB246", /\/begin_date/],
    [
      "a duration too big",
      '{"kind": "track", "id": "t", "title": "T", "duration_ms": 1e999}',
      "JB246",
      /\/duration_ms/,
    ],
    [
      "a negative duration",
      '{"kind":"track","id":"t","title":"T","duration_ms":-1}',
      "JB246",
      />= 0/,
    ],
    ["a fraction", '{"kind":"track","id":"t","title":"T","duration_ms":1.5}', "JB246", /integer/],
    ["a scheme that is no name", artist({ ids: { "a b": "1" } }), "JB246", /"a b" is no name/],
    ["an empty identifier", artist({ ids: { mbid: "" } }), "JB246", /\/ids\/mbid/],
    ["a track line of nothing", release({ tracks: [{ disc: 1, position: 1 }] }), "JB246", /either/],
    ["a genre of nothing", artist({ genres: [{ weight: 1 }] }), "JB246", /"genre" or "name"/],
    ["a URL that is none", artist({ images: [{ url: "javascript:alert(1)" }] }), "JB246", /URL/],
    [
      "a time without offset",
      '{"kind":"episode","id":"e","title":"E","published_at":"2021-05-04T06:00:00"}',
      "JB246",
      /RFC 3339/,
    ],
  ];
  test.each(cases)("%s", async (_, line, code, reason) => {
    const path = await deliver(`${GOOD}\n${line}\n`);
    const error = await refusalOf(path);
    expect(error.reason).toMatch(reason);
    expect(error.message.startsWith(`${path}:2`)).toBe(true);
    expect(error.code).toBe(code);
    expect(error.hint).not.toBe("");
  });
});

test("the message points into the record", async () => {
  const line = { kind: "artist", id: "x", name: "X", aliases: [{ name: "Y" }, { nom: "Z" }] };
  const path = await deliver(JSON.stringify(line));
  const error = await refusalOf(path);
  expect(error.message).toBe(`${path}:1#/aliases/1: "name" is missing in /aliases/1`);
  expect(error).toMatchObject({ file: path, line: 1, pointer: "/aliases/1" });
});

test("control characters of a bad value do not reach the terminal", async () => {
  const path = await deliver(JSON.stringify({ kind: "\u001b[2J", id: "x" }));
  expect((await refusalOf(path)).message).not.toContain("\u001b");
});

test("a line of 17 MiB is refused", async () => {
  const path = await deliver(`${GOOD}\n{"kind": "${"x".repeat(17 * 2 ** 20)}"}`);
  const error = await refusalOf(path);
  expect(error).toMatchObject({ code: "JB244", line: 2 });
  expect(error.reason).toBe("the line is longer than 16 MiB");
});

test("a file larger than all memory is read no further than a line may be long", async () => {
  const path = await deliver(`${GOOD}\n`);
  await truncate(path, 2 ** 40);
  expect(await refusalOf(path)).toMatchObject({ code: "JB244", line: 2 });
});

test("a document of 65 MiB is refused", async () => {
  const path = await deliver(`{"id": "${MBID}", "sort-name": "${" ".repeat(65 * 2 ** 20)}`);
  const error = await refusalOf(path);
  expect(error.reason).toBe("the document is longer than 64 MiB");
});

test("a missing file and a directory say so", async () => {
  expect(await refusalOf(fresh())).toMatchObject({ code: "JB240", reason: "no such file" });
  const path = fresh();
  await mkdir(path);
  const error = await refusalOf(path);
  expect(error).toMatchObject({ code: "JB240", reason: "a directory, not a file" });
});

test("a device is not waited for", async () => {
  expect(await refusalOf("/dev/zero")).toMatchObject({ reason: "not a plain file" });
});

test.skipIf(process.getuid?.() === 0)("a file without permission says so", async () => {
  const path = await deliver(GOOD);
  await chmod(path, 0);
  expect(await refusalOf(path)).toMatchObject({ code: "JB240", reason: "permission denied" });
});

test("the errors of the system are told in words", () => {
  expect(cannotRead("a.json", { code: "EACCES" }).message).toBe("a.json: permission denied");
  expect(cannotRead("a.json", { code: "EIO" }).message).toBe("a.json: cannot be read (EIO)");
});

test("a parser that is named, not detected, refuses the same", async () => {
  const path = await deliver(gzipSync(gzipSync(GOOD)));
  await expect(readAs(ndjson, path)).rejects.toMatchObject({ code: "JB242" });
  const blank = await deliver("\n\n");
  await expect(readAs(ndjson, blank)).rejects.toMatchObject({ code: "JB241" });
});
