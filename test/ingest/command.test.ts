import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import { projectPath } from "../../lib/project.ts";
import { run } from "../command-line.ts";
import { testDatabase } from "../database.ts";

const directory = mkdtempSync(join(tmpdir(), "jukebase-ingest-"));
afterAll(() => rmSync(directory, { recursive: true }));

function file(name: string, content: string | Buffer): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
}

function lines(...records: unknown[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join("");
}

const artist = { kind: "artist", id: "a1", name: "Nina Simone", ids: { wikidata: "Q174957" } };
const album = {
  kind: "album",
  id: "al1",
  title: "Little Girl Blue",
  credits: [{ contributor: { kind: "artist", id: "a1" }, role: "artist", position: 1 }],
};

test("ingest tells what became of each file, and the same files again change nothing", async () => {
  const { url, sql } = await testDatabase();
  const files = [
    file("catalog.ndjson", lines(artist, album)),
    projectPath("sample", "10_musicbrainz_artist-tchaikovsky.json"),
  ];
  const first = await run(["ingest", ...files], { DATABASE_URL: url });
  expect(first).toMatchObject({ code: 0, stderr: "" });
  expect(first.stdout).toMatch(/catalog\.ndjson +2 +2 +0 +0 +2 +0 +0$/m);
  expect(first.stdout).toContain("2 of 2 files taken in");

  const [{ head } = { head: "" }] = await sql<{ head: string }[]>`select feed.head()`;
  const second = await run(["ingest", "--json", ...files], { DATABASE_URL: url });
  expect(second.code).toBe(0);
  const { applied, refused, total } = JSON.parse(second.stdout);
  expect(applied.map((each: { source: string }) => each.source)).toEqual(["local", "musicbrainz"]);
  expect(refused).toEqual([]);
  expect(total).toMatchObject({ records: 3, new: 0, changed: 0, unchanged: 3, entitiesMinted: 0 });
  expect(await sql`select * from feed.updates(${head})`).toHaveLength(0);
  expect(await sql`select from ingest.delivery where times_received = 2`).toHaveLength(2);
});

test("a delivery keeps its bytes as they came", async () => {
  const { url, sql } = await testDatabase();
  const bytes = Buffer.from(lines(artist));
  await run(["ingest", "--source", "label-x", file("kept.ndjson", bytes)], { DATABASE_URL: url });
  const [delivery] = await sql`select * from ingest.delivery`;
  expect(delivery).toMatchObject({ source: "label-x", name: "kept.ndjson", status: "applied" });
  expect(delivery?.sha256).toEqual(createHash("sha256").update(bytes).digest());
  expect(gunzipSync(delivery?.content)).toEqual(bytes);
});

const bad: [what: string, name: string, content: string | Buffer, reason: RegExp][] = [
  ["no JSON", "prose.ndjson", "Once upon a time\n", /prose\.ndjson: neither JSON/],
  ["truncated", "cut.ndjson", lines(artist, album).slice(0, -20), /cut\.ndjson:2: /],
  ["empty", "empty.ndjson", "", /empty\.ndjson: the file is empty/],
  ["a NUL", "nul.ndjson", lines({ ...artist, name: "Nina\u0000" }), /nul\.ndjson:1.*u0000/],
  [
    "an unknown kind",
    "kind.ndjson",
    lines(artist, { kind: "opera", id: "o" }),
    /kind\.ndjson:2.*opera/,
  ],
  ["an unknown key", "key.ndjson", lines({ ...artist, nmae: "x" }), /key\.ndjson:1.*nmae/],
  [
    "an unknown scheme",
    "scheme.ndjson",
    lines(artist, { ...album, ids: { spottify: "x" } }),
    /scheme\.ndjson:2.*spottify/,
  ],
];

test.for(bad)(
  "a file with %s is refused with its place and reason, and leaves nothing behind",
  async ([, name, content, reason]) => {
    const { url, sql } = await testDatabase();
    const { code, stdout, stderr } = await run(["ingest", file(name, content)], {
      DATABASE_URL: url,
    });
    expect(code).toBe(2);
    expect(stderr).toMatch(reason);
    expect(stderr).toMatch(/\(JB2\d\d\)\n {2}hint: /);
    expect(stderr).not.toContain("    at ");
    expect(stdout).toBe("0 of 1 files taken in\n");
    expect(await sql`select from ingest.delivery`).toHaveLength(0);
    expect(await sql`select from ingest.record`).toHaveLength(0);
  },
);

test("a bad file does not keep the good ones out", async () => {
  const { url, sql } = await testDatabase();
  const files = [file("bad.ndjson", "{"), file("good.ndjson", lines(artist))];
  const { code, stdout } = await run(["ingest", "--json", ...files], { DATABASE_URL: url });
  expect(code).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({ applied: [{ new: 1 }], refused: [{ code: "JB245" }] });
  expect(await sql`select name from catalog.artist`).toMatchObject([{ name: "Nina Simone" }]);
});

test("what only the database can refuse is told the same way, and the delivery keeps the reason", async () => {
  const { url, sql } = await testDatabase();
  await sql`alter table catalog.artist add constraint nobody_is_called_nina check (name not like 'Nina%')`;
  const path = file("refused.ndjson", lines(artist));
  const { code, stderr } = await run(["ingest", path], { DATABASE_URL: url });
  expect(code).toBe(2);
  expect(stderr).toContain("nobody_is_called_nina");
  expect(await sql`select from ingest.record`).toHaveLength(0);
  expect(await sql`select status, error from ingest.delivery`).toMatchObject([
    { status: "failed", error: expect.stringContaining("nobody_is_called_nina") },
  ]);
});

test("--format refuses a file of another format, and a format that does not exist", async () => {
  const { url } = await testDatabase();
  const path = file("other.ndjson", lines(artist));
  const wrong = await run(["ingest", "--format", "musicbrainz", path], { DATABASE_URL: url });
  expect(wrong.stderr).toContain("the file is ndjson, not musicbrainz");
  const unknown = await run(["ingest", "--format", "ddex", path], { DATABASE_URL: url });
  expect(unknown.stderr).toContain('there is no format named "ddex"');
});

test("small batches and large ones make the same catalog", async () => {
  const { url, sql } = await testDatabase();
  const many = Array.from({ length: 25 }, (_, n) => ({
    ...artist,
    id: `a${n}`,
    ids: {},
    name: `Nina ${n}`,
  }));
  const path = file("many.ndjson", lines(album, ...many));
  const { code } = await run(["ingest", "--batch", "3", path], { DATABASE_URL: url });
  expect(code).toBe(0);
  expect(await sql`select from catalog.artist where name like 'Nina %'`).toHaveLength(25);
  const [credit] = await sql`
    select e.display_name from catalog.credit c join catalog.entity e on e.juke_id = c.contributor_id`;
  expect(credit?.display_name).toBe("Nina 1");
  const again = await run(["ingest", "--json", path], { DATABASE_URL: url });
  expect(JSON.parse(again.stdout).total).toMatchObject({ new: 0, changed: 0 });
});
