import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, expect, test, vi } from "vitest";
import { printTable } from "../../commands/ingest-report.ts";
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
  expect(first.stdout).toMatch(/catalog\.ndjson +2 +2 +0 +0 +2 +0 +0 +0$/m);
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

test("the table keeps its columns apart, however large the numbers are", () => {
  const counts = { entitiesMinted: 15_823, entitiesChanged: 7, placeholders: 0, quarantined: 0 };
  const row = {
    ...counts,
    name: "x.csv",
    records: 920_848,
    new: 915_833,
    changed: 5,
    unchanged: 0,
  };
  const printed: string[] = [];
  const log = vi.spyOn(console, "log").mockImplementation((line) => printed.push(line));
  printTable([
    { ...row, warnings: 0 },
    { ...row, warnings: 0 },
  ]);
  log.mockRestore();
  expect(new Set(printed.map((line) => line.length)).size).toBe(1);
  expect(printed[3]?.split(/ +/)).toEqual(
    ["total", 1_841_696, 1_831_666, 10, 0, 31_646, 14, 0, 0].map(String),
  );
});

test("warnings are told, with the statement that shows them", async () => {
  const { url, sql } = await testDatabase();
  const ending = [file("one.xml", feed("a &amp; b")), file("two.xml", feed("a & b"))];
  const { stdout, code } = await run(["ingest", ...ending], { DATABASE_URL: url });
  expect(code).toBe(0);
  const [statement = ""] = /(?<=^1 warning: ).*$/m.exec(stdout) ?? [];
  expect(await sql.unsafe(statement)).toMatchObject([
    { message: "an & that is not written &amp;" },
  ]);
});

function feed(title: string): string {
  return (
    `<rss version="2.0"><channel><title>${title}</title><link>https://pod.example/</link><item><guid>1</guid>` +
    '<title>One</title><enclosure url="https://pod.example/1.mp3" type="audio/mpeg" length="1"/></item></channel></rss>'
  );
}

test("a delivery keeps its bytes as they came", async () => {
  const { url, sql } = await testDatabase();
  const bytes = Buffer.from(lines(artist));
  await run(["ingest", "--source", "label-x", file("kept.ndjson", bytes)], { DATABASE_URL: url });
  const [delivery] = await sql`select * from ingest.delivery`;
  expect(delivery).toMatchObject({ source: "label-x", name: "kept.ndjson", status: "applied" });
  expect(delivery?.sha256).toEqual(createHash("sha256").update(bytes).digest());
  expect(gunzipSync(delivery?.content)).toEqual(bytes);
});

test.for<[what: string, name: string, content: string, reason: RegExp]>([
  ["prose", "prose.ndjson", "Once upon a time\n", /prose\.ndjson: neither JSON/],
  ["nothing", "empty.ndjson", "", /empty\.ndjson: the file is empty/],
])(
  "a file with %s is refused with its name and reason, and leaves nothing behind",
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
  },
);

test("records that cannot be taken are put aside with their place and reason, the others are taken", async () => {
  const { url, sql } = await testDatabase();
  const cut = '{"kind": "artist", "id": ';
  const content = `${lines(
    artist,
    { ...artist, id: "a2", name: "Nina\u0000" },
    { kind: "opera", id: "o" },
    { ...artist, id: "a3", nmae: "x" },
    { ...album, id: "al2", ids: { spottify: "x" } },
    album,
  )}${cut}`;
  const env = { DATABASE_URL: url };
  const { code, stdout } = await run(["ingest", file("mixed.ndjson", content)], env);
  expect(code).toBe(2);
  expect(stdout).toMatch(/mixed\.ndjson +2 +2 +0 +0 +2 +0 +0 +5$/m);
  expect(stdout).toContain("5 in quarantine: jukebase quarantine list");
  expect((await sql`select name from catalog.artist`).map(({ name }) => name)).toEqual([
    artist.name,
  ]);

  const listed = await run(["quarantine", "list"], env);
  for (const reason of [
    /mixed\.ndjson \(delivery 1 of local\), line 2\n +\/name: .*u0000.* \(JB242\)/,
    /line 3\n.*opera.* \(JB246\)/,
    /line 4\n.*nmae.* \(JB246\)/,
    /line 5\n.*spottify.* \(JB246\)\n +hint: schemes: .*spotify/,
    /line 7\n.*truncated.* \(JB243\)/,
  ]) {
    expect(listed.stdout).toMatch(reason);
  }

  await sql`
    insert into identity.scheme (rank, scheme, title, exclusivity, kinds, pattern)
    values (1000, 'spottify', 'Spottify', 'exclusive', '{album}', '^x$')`;
  const [{ four }] = await sql<[{ four: string }]>`
    select quarantine_id::text as four from ingest.quarantine where pointer = 'line 4'`;
  expect((await run(["quarantine", "drop", four], env)).stdout).toBe("1 of 1 given up\n");
  const retried = await run(["quarantine", "retry", "--json"], env);
  expect(JSON.parse(retried.stdout).applied).toMatchObject([{ new: 1, quarantined: 3 }]);
  const rows = await sql`select pointer, status from ingest.quarantine order by pointer`;
  expect(rows.map(({ pointer, status }) => `${pointer} ${status}`)).toEqual([
    "line 2 open",
    "line 3 open",
    "line 4 dropped",
    "line 5 resolved",
    "line 7 open",
  ]);
}, 120_000);

test("a bad file does not keep the good ones out", async () => {
  const { url, sql } = await testDatabase();
  const files = [file("bad.ndjson", "{"), file("good.ndjson", lines(artist))];
  const { code, stdout } = await run(["ingest", "--json", ...files], { DATABASE_URL: url });
  expect(code).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({ applied: [{ new: 1 }], refused: [{ code: "JB245" }] });
  expect(await sql`select name from catalog.artist`).toMatchObject([{ name: "Nina Simone" }]);
});

test("a refusal names the whole path of its file", async () => {
  const { url } = await testDatabase();
  const mbid = "d87e52c5-bb8d-4da8-b941-9f4928627dc8";
  const path = file("medium.json", JSON.stringify({ id: mbid, releases: [{ id: "123" }] }));
  const { stderr } = await run(["ingest", path], { DATABASE_URL: url });
  expect(stderr).toContain(`refused ${path}`);
});

test("a record that only the database refuses stands alone in quarantine", async () => {
  const { url, sql } = await testDatabase();
  await sql`alter table catalog.artist add constraint nobody_is_called_nina check (name not like 'Nina%')`;
  const many = Array.from({ length: 20 }, (_, n) => ({
    kind: "artist",
    id: `n${n}`,
    name: `${n}`,
  }));
  const path = file("refused.ndjson", lines(...many.slice(0, 13), artist, ...many.slice(13)));
  const { code, stdout } = await run(["ingest", "--json", path], { DATABASE_URL: url });
  expect(code).toBe(2);
  expect(JSON.parse(stdout).total).toMatchObject({ records: 20, new: 20, quarantined: 1 });
  expect(await sql`select pointer, code, message, record from ingest.quarantine`).toMatchObject([
    {
      pointer: "line 14",
      code: "23514",
      message: expect.stringContaining("nobody_is_called_nina"),
      record: artist,
    },
  ]);
  expect(await sql`select status from ingest.delivery`).toMatchObject([{ status: "applied" }]);
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

test("an edit by hand is not read again, and stays as it was", async () => {
  const { url, sql } = await testDatabase();
  const env = { DATABASE_URL: url };
  await run(["ingest", file("edited.ndjson", lines(artist))], env);
  const [entity] = await sql`select juke_id from catalog.artist`;
  await sql`select catalog.edit(${entity?.juke_id}, ${sql.json({ name: "Nina" })})`;
  const [edit] = await sql`
    select delivery_id::text as id, status from ingest.delivery where source = 'manual'`;
  const { code, stderr } = await run(["replay", edit?.id], env);
  expect(code).toBe(2);
  expect(stderr).toMatch(/delivery \d+: nothing reads the format "edit" \(JB245\)/);
  expect(await sql`select from ops.run where delivery_id = ${edit?.id}`).toHaveLength(0);
  const [after] = await sql`select status from ingest.delivery where source = 'manual'`;
  expect(after?.status).toBe(edit?.status);
});
