import { expect, test } from "vitest";
import { down, up } from "../../lib/migrate/migrate.ts";
import { testDatabase } from "../database.ts";
import { migration, projectFiles } from "./project-files.ts";

const two = {
  "migrations/0001_album.ts": migration("create table album (id int)", "drop table album"),
  "migrations/0002_track.ts": migration("create table track (id int)", "drop table track"),
};

async function database() {
  const { url, sql } = await testDatabase({ migrated: false });
  const tables = async () => {
    const rows = await sql<{ name: string }[]>`
      select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'
      order by 1`;
    return rows.map((row) => row.name);
  };
  const names = async () => {
    const rows = await sql<{ name: string }[]>`select name from ops.migration order by 1`;
    return rows.map((row) => row.name);
  };
  return { url, sql, tables, names };
}

test("up applies what is new, in order, and writes names without extension", async () => {
  const { url, names } = await database();
  const files = projectFiles(two);
  expect(await up(url, files)).toEqual({ migrations: ["0001_album", "0002_track"], files: [] });
  expect(await up(url, files)).toEqual({ migrations: [], files: [] });
  files.write({
    "migrations/0003_genre.ts": migration("create table genre ()", "drop table genre"),
  });
  expect(await up(url, files)).toEqual({ migrations: ["0003_genre"], files: [] });
  expect(await names()).toEqual(["0001_album", "0002_track", "0003_genre"]);
});

test("a migration that fails leaves nothing of itself, and keeps those before it", async () => {
  const { url, tables, names } = await database();
  const files = projectFiles({
    ...two,
    "migrations/0003_broken.ts": migration("create table label ();\nselect nonsense", ""),
  });
  await expect(up(url, files)).rejects.toMatchObject({
    code: "JB603",
    message: 'migration 0003_broken.ts failed: column "nonsense" does not exist (42703)',
    detail: "at line 2 of the SQL: select nonsense",
  });
  expect(await tables()).toEqual(["album", "track"]);
  expect(await names()).toEqual(["0001_album", "0002_track"]);
});

test("four runs at once all succeed, and each migration runs once", async () => {
  const { url, names } = await database();
  const files = projectFiles(two);
  const results = await Promise.all([1, 2, 3, 4].map(() => up(url, files)));
  const applied = results.flatMap((result) => result.migrations);
  expect(applied.sort()).toEqual(["0001_album", "0002_track"]);
  expect(await names()).toEqual(["0001_album", "0002_track"]);
});

test("a run waits for another, says so, and gives up with JB602", async () => {
  const { url, sql } = await database();
  const files = projectFiles(two);
  const events: unknown[] = [];
  const session = await sql.reserve();
  const [holder] = await session`
    select pg_advisory_lock(${0x6a756b65}::bigint), pg_backend_pid() as pid`;
  const run = up(url, { ...files, waitMs: 200, report: (event) => events.push(event) });
  await expect(run).rejects.toMatchObject({ code: "JB602" });
  expect(events).toEqual([{ step: "waiting", pid: holder?.pid }]);
  session.release();
});

test("an index can be built concurrently while other runs wait", async () => {
  const { url, sql } = await database();
  const files = projectFiles({
    ...two,
    "migrations/0003_index.ts": migration(
      "create index concurrently album_id_idx on album (id)",
      "drop index concurrently album_id_idx",
      { transaction: false },
    ),
  });
  await Promise.all([1, 2, 3].map(() => up(url, files)));
  const [index] = await sql`
    select indisvalid from pg_index where indexrelid = 'album_id_idx'::regclass`;
  expect(index).toEqual({ indisvalid: true });
  expect(await down(url, files)).toEqual(["0003_index"]);
});

test("a migration waits for a lock without failing the run", { timeout: 30_000 }, async () => {
  const { url, sql } = await database();
  const files = projectFiles(two);
  await up(url, files);
  files.write({
    "migrations/0003_alter.ts": migration("alter table album add column title text", ""),
  });
  const reader = await sql.reserve();
  await reader.unsafe("begin; select * from album");
  const run = up(url, files);
  setTimeout(() => reader.unsafe("commit").execute(), 6_000);
  expect((await run).migrations).toEqual(["0003_alter"]);
  reader.release();
});

test("a migration changed after it was applied is refused with JB601", async () => {
  const { url } = await database();
  const files = projectFiles(two);
  await up(url, files);
  files.write({ "migrations/0001_album.ts": migration("create table album ()", "") });
  await expect(up(url, files)).rejects.toMatchObject({ code: "JB601" });
});

test("line ends do not change a migration", async () => {
  const { url } = await database();
  const files = projectFiles(two);
  await up(url, files);
  files.write({
    "migrations/0001_album.ts": two["migrations/0001_album.ts"].replaceAll("\n", "\r\n"),
  });
  expect(await up(url, files)).toEqual({ migrations: [], files: [] });
});

test("a migration numbered before an applied one is refused with JB604", async () => {
  const { url } = await database();
  const files = projectFiles(two);
  files.remove("migrations/0001_album.ts");
  await up(url, files);
  files.write({ "migrations/0001_late.ts": migration("select", "select") });
  await expect(up(url, files)).rejects.toMatchObject({
    code: "JB604",
    message:
      "migration 0001_late comes before 0002_track, which this database already went through",
  });
});

test("an applied migration that is not on disk is refused with JB604", async () => {
  const { url } = await database();
  const files = projectFiles(two);
  await up(url, files);
  files.remove("migrations/0002_track.ts");
  for (const run of [up, down]) {
    await expect(run(url, files)).rejects.toMatchObject({
      code: "JB604",
      message: "this database went through migration 0002_track, which is not on disk",
    });
  }
});

test.each(["notes.md", "0001_a.test.ts", "0001_a.sql", "1_a.ts", "0001_A.ts"])(
  "%s is refused as a migration with JB605",
  async (name) => {
    const files = projectFiles({ [`migrations/${name}`]: "" });
    await expect(up("postgres://nowhere", files)).rejects.toMatchObject({ code: "JB605" });
  },
);

test("two migrations with one number are refused with JB605", async () => {
  const files = projectFiles({ "migrations/0001_a.ts": "", "migrations/0001_b.ts": "" });
  await expect(up("postgres://nowhere", files)).rejects.toMatchObject({ code: "JB605" });
});

test("down undoes the last migration, those after a number, or all", async () => {
  const { url, sql, tables } = await database();
  const files = projectFiles({
    ...two,
    "migrations/0003_genre.ts": migration("create table genre ()", "drop table genre"),
  });
  await up(url, files);
  expect(await down(url, files)).toEqual(["0003_genre"]);
  expect(await tables()).toEqual(["album", "track"]);
  await up(url, files);
  expect(await down(url, { ...files, to: 1 })).toEqual(["0003_genre", "0002_track"]);
  expect(await tables()).toEqual(["album"]);
  await up(url, files);
  expect(await down(url, { ...files, all: true })).toHaveLength(3);
  expect(await tables()).toEqual([]);
  const [ops] = await sql`select to_regnamespace('ops') as found`;
  expect(ops).toEqual({ found: null });
  expect(await down(url, files)).toEqual([]);
});

test("a migration without down is told as such when it is to be undone", async () => {
  const { url } = await database();
  const files = projectFiles({ "migrations/0001_a.ts": "export const up = async () => {};" });
  await up(url, files);
  await expect(down(url, files)).rejects.toMatchObject({
    code: "JB603",
    message: "migration 0001_a.ts does not export down",
  });
});
