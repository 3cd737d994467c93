import { expect, test } from "vitest";
import { detectFormat, fileInput } from "../../formats/index.ts";
import { deliver, readAll, recordsOf } from "./delivery.ts";

const ABBA = { kind: "artist", id: "abba", name: "ABBA" };
const SOS = { kind: "track", id: "sos", title: "SOS", duration_ms: 202_000 };

test("each line is a record, with the number of its line", async () => {
  const path = await deliver(`${JSON.stringify(ABBA)}\n${JSON.stringify(SOS)}\n`);
  expect(await readAll(path)).toEqual([
    { record: ABBA, pointer: "line 1" },
    { record: SOS, pointer: "line 2" },
  ]);
});

test("a byte order mark, CRLF, blank lines and a missing last newline do not matter", async () => {
  const path = await deliver(`\uFEFF${JSON.stringify(ABBA)}\r\n\r\n   \n${JSON.stringify(SOS)}`);
  expect(await readAll(path)).toEqual([
    { record: ABBA, pointer: "line 1" },
    { record: SOS, pointer: "line 4" },
  ]);
});

test("the format is known by its content, whatever the file is called", async () => {
  const path = await deliver(JSON.stringify(ABBA), "artists.xml");
  expect((await detectFormat(fileInput(path))).format.name).toBe("ndjson");
});

test("characters are not torn where one chunk of the file ends and the next begins", async () => {
  const lines = Array.from({ length: 4_000 }, (_, index) => ({
    kind: "artist",
    id: String(index),
    name: `${"x".repeat(index % 7)}Чайковский 🎻`.repeat(3),
  }));
  const records = await recordsOf(lines.map((line) => JSON.stringify(line)).join("\n"));
  expect(records).toEqual(lines);
});

test("a genre by its name becomes a reference and one mention a file", async () => {
  const genres = [{ name: "Europop", weight: 3 }, { genre: { kind: "genre", id: "disco" } }];
  const lines = [
    { ...ABBA, genres },
    { ...SOS, genres },
  ];
  const mention = { kind: "genre", id: "europop", scope: "mention", name: "Europop" };
  const expanded = [
    { genre: { kind: "genre", id: "europop" }, weight: 3 },
    { genre: { kind: "genre", id: "disco" } },
  ];
  expect(await recordsOf(lines.map((line) => JSON.stringify(line)).join("\n"))).toEqual([
    { ...mention, ids: { genre: "Europop" } },
    { ...ABBA, genres: expanded },
    { ...SOS, genres: expanded },
  ]);
});

test("a partial record and a mention may leave out the name, and an update may come twice", async () => {
  const lines = [
    { kind: "artist", id: "abba", scope: "partial", country: "SE" },
    { kind: "artist", id: "abba", scope: "mention" },
    ABBA,
    { ...ABBA, name: "Abba" },
  ];
  expect(await recordsOf(lines.map((line) => JSON.stringify(line)).join("\n"))).toEqual(lines);
});
