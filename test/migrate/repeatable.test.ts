import { expect, test } from "vitest";
import { down, status, up } from "../../lib/migrate/migrate.ts";
import { testDatabase } from "../database.ts";
import { migration, projectFiles } from "./project-files.ts";

const answer = (value: number) =>
  `create or replace function public.answer() returns int language sql as 'select ${value}';`;

async function database() {
  const { url, sql } = await testDatabase({ migrated: false });
  const one = async (query: string) => Object.values((await sql.unsafe(query))[0] ?? {})[0];
  return { url, sql, one };
}

test("a file of sql/ is applied again when its text changes, and only then", async () => {
  const { url, one } = await database();
  const files = projectFiles({ "sql/answer.sql": answer(41), "sql/other.sql": "select 1" });
  expect((await up(url, files)).files).toEqual(["answer.sql", "other.sql"]);
  expect((await up(url, files)).files).toEqual([]);
  files.write({ "sql/answer.sql": answer(42) });
  expect((await up(url, files)).files).toEqual(["answer.sql"]);
  expect(await one("select answer()")).toBe(42);
});

test("a file is applied after those it requires, and again when one of them changes", async () => {
  const { url } = await database();
  const files = projectFiles({
    "sql/a/view.sql":
      "-- requires: z/base.sql\ncreate or replace view public.v as select * from public.base;",
    "sql/m.sql": "select 1",
    "sql/z/base.sql": "create or replace view public.base as select 1 as x;",
  });
  expect((await up(url, files)).files).toEqual(["z/base.sql", "a/view.sql", "m.sql"]);
  files.write({ "sql/z/base.sql": "create or replace view public.base as select 2 as x;" });
  expect((await up(url, files)).files).toEqual(["z/base.sql", "a/view.sql"]);
});

test("functions may call each other whatever their order", async () => {
  const { url, one } = await database();
  const files = projectFiles({
    "sql/a.sql":
      "create or replace function public.a() returns int language sql as 'select public.b()';",
    "sql/b.sql": "create or replace function public.b() returns int language sql as 'select 7';",
  });
  await up(url, files);
  expect(await one("select a()")).toBe(7);
});

test("a file that fails takes all files of the run back, and is told with its line", async () => {
  const { url, one } = await database();
  const files = projectFiles({ "sql/a.sql": answer(1), "sql/b.sql": "select 1;\n\nselekt 2;" });
  await expect(up(url, files)).rejects.toMatchObject({
    code: "JB606",
    message: 'sql/b.sql failed: syntax error at or near "selekt" (42601)',
    detail: "at line 3 of the SQL: selekt 2;",
  });
  expect(await one("select to_regproc('answer')")).toBeNull();
});

test("all files are applied after a migration, for it may have dropped what they made", async () => {
  const { url, one } = await database();
  const files = projectFiles({
    "migrations/0001_t.ts": migration("create table t ()", "drop table t"),
    "sql/v.sql": "create or replace view public.v as select * from public.t;",
  });
  await up(url, files);
  files.write({
    "migrations/0002_again.ts": migration("drop table t cascade; create table t ()", "select"),
  });
  expect((await up(url, files)).files).toEqual(["v.sql"]);
  expect(await one("select to_regclass('v')::text")).toBe("v");
});

test("grants come last, and again whenever anything else was applied", async () => {
  const { url } = await database();
  const files = projectFiles({
    "sql/grants/answer.sql": "revoke execute on function public.answer() from public;",
    "sql/zz/answer.sql": answer(1),
  });
  expect((await up(url, files)).files).toEqual(["zz/answer.sql", "grants/answer.sql"]);
  expect((await up(url, files)).files).toEqual([]);
  files.write({ "sql/zz/answer.sql": answer(2) });
  expect((await up(url, files)).files).toEqual(["zz/answer.sql", "grants/answer.sql"]);
});

test("a changed return type is told as JB607", async () => {
  const { url } = await database();
  const files = projectFiles({ "sql/answer.sql": answer(1) });
  await up(url, files);
  files.write({ "sql/answer.sql": answer(1).replace("returns int", "returns bigint") });
  await expect(up(url, files)).rejects.toMatchObject({ code: "JB607" });
});

test("changed arguments are told as JB607, unless the file drops the old function", async () => {
  const { url, one } = await database();
  const files = projectFiles({ "sql/answer.sql": answer(1) });
  await up(url, files);
  const changed = answer(1).replace("answer()", "answer(x int)");
  files.write({ "sql/answer.sql": changed });
  await expect(up(url, files)).rejects.toMatchObject({
    code: "JB607",
    detail: "public.answer() would stay beside public.answer(integer)",
  });
  files.write({ "sql/answer.sql": `drop function if exists public.answer();\n${changed}` });
  await up(url, files);
  expect(await one("select answer(1)")).toBe(1);
});

test("a file may add an overload on purpose", async () => {
  const { url } = await database();
  const files = projectFiles({ "sql/answer.sql": answer(1) });
  await up(url, files);
  const both = `${answer(1)}\n${answer(2).replace("answer()", "answer(x int)")}`;
  files.write({ "sql/answer.sql": both });
  expect((await up(url, files)).files).toEqual(["answer.sql"]);
});

test("down drops what the files made before it undoes migrations", async () => {
  const { url, one } = await database();
  const files = projectFiles({
    "migrations/0001_t.ts": migration("create table t ()", "drop table t"),
    "migrations/0002_u.ts": migration("create table u ()", "drop table u"),
    "sql/f.sql": `
      create or replace function public.f(x public.u) returns int language sql as 'select 1';
      create or replace function public.tg() returns trigger language plpgsql as 'begin return null; end';
      create or replace trigger _100_tg after insert on public.t execute function public.tg();
      create or replace view public.v as select * from public.u;`,
  });
  await up(url, files);
  expect(await down(url, files)).toEqual(["0002_u"]);
  expect(await one("select count(*)::int from pg_trigger where tgname = '_100_tg'")).toBe(0);
  expect((await up(url, files)).files).toEqual(["f.sql"]);
  expect(await one("select count(*)::int from pg_trigger where tgname = '_100_tg'")).toBe(1);
});

test("a requirement that is not there is refused with JB608", async () => {
  const files = projectFiles({ "sql/a.sql": "-- requires: b.sql\nselect 1;" });
  await expect(up("postgres://nowhere", files)).rejects.toMatchObject({
    code: "JB608",
    message: "sql/a.sql requires b.sql, which is not there",
  });
});

test("files that require each other are refused with JB608", async () => {
  const files = projectFiles({
    "sql/a.sql": "-- requires: b.sql\nselect 1;",
    "sql/b.sql": "-- requires: a.sql\nselect 1;",
  });
  await expect(up("postgres://nowhere", files)).rejects.toMatchObject({
    code: "JB608",
    message: "files of sql/ require each other in a circle: a.sql → b.sql → a.sql",
  });
});

test("status tells pending, changed and missing apart, and writes nothing", async () => {
  const { url, one } = await database();
  const files = projectFiles({
    "migrations/0001_t.ts": migration("create table t ()", "drop table t"),
    "sql/a.sql": "select 1",
    "sql/b.sql": "select 1",
  });
  const states = async () => {
    const found = await status(url, files);
    return [...found.migrations, ...found.files].map(({ name, state }) => `${name} ${state}`);
  };
  expect(await states()).toEqual(["0001_t pending", "a.sql pending", "b.sql pending"]);
  expect(await one("select to_regnamespace('ops')")).toBeNull();
  await up(url, files);
  expect(await states()).toEqual(["0001_t applied", "a.sql applied", "b.sql applied"]);
  files.write({ "migrations/0001_t.ts": migration("select", "select"), "sql/a.sql": "select 2" });
  files.remove("sql/b.sql");
  expect(await states()).toEqual(["0001_t changed", "a.sql changed", "b.sql missing"]);
});
