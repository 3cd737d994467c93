import { expect, test } from "vitest";
import { testDatabase } from "../database.ts";

const { sql } = await testDatabase();

const schemas = ["catalog", "identity", "ingest", "descriptor", "feed", "ops"];

test("a foreign key has the name of its table and column", async () => {
  const odd = await sql`
    select c.conname as name
    from pg_constraint c
    join pg_class t on t.oid = c.conrelid
    where c.contype = 'f' and c.connamespace::regnamespace::text = any (${schemas})
      and c.conname <> t.relname || '_' || (
        select string_agg(a.attname, '_' order by k.n)
        from unnest(c.conkey) with ordinality k (attnum, n)
        join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.attnum
      ) || '_fkey'`;
  expect(odd).toEqual([]);
});

test("every check is named by hand, as a sentence", async () => {
  const generated = await sql`
    select conname as name
    from pg_constraint
    where contype = 'c' and connamespace::regnamespace::text = any (${schemas})
      and (conname ~ '_check[0-9]*$' or conname !~ '^[a-z0-9]+(_[a-z0-9]+){2,}$')`;
  expect(generated).toEqual([]);
});

test("a function of a trigger is called tg_<table>__<task> and is used", async () => {
  const odd = await sql`
    select p.oid::regprocedure::text as name
    from pg_proc p
    where p.pronamespace::regnamespace::text = any (${schemas})
      and p.prorettype = 'trigger'::regtype
      and (
        p.proname !~ '^tg_[a-z_]+__[a-z_]+$'
        or not exists (select from pg_trigger t where t.tgfoid = p.oid)
      )`;
  expect(odd).toEqual([]);
});

test("every trigger of ours, but a deferred check, is a statement's; its name says when it fires", async () => {
  const odd = await sql`
    select t.tgrelid::regclass::text as table, t.tgname as name
    from pg_trigger t
    join pg_class c on c.oid = t.tgrelid
    where not t.tgisinternal and c.relnamespace::regnamespace::text = any (${schemas})
      and (t.tgname !~ '^_[0-9]{3}_[a-z_]+$' or t.tgtype & 1 = 1 and not t.tgdeferrable)`;
  expect(odd).toEqual([]);
});

test("what the API may read is described: every table and view, and every column that it shows", async () => {
  const silent = await sql`
    select concat_ws('.', c.oid::regclass::text, a.attname) as name
    from pg_class c
    left join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      and coalesce(obj_description(c.oid, 'pg_class'), '') not like '@behavior -*%'
    where c.relkind in ('r', 'v', 'm') and c.relnamespace::regnamespace::text = any (${schemas})
      and has_table_privilege('jukebase_api', c.oid, 'select')
      and (
        coalesce(obj_description(c.oid, 'pg_class'), '') = ''
        or a.attnum is not null and coalesce(col_description(c.oid, a.attnum), '') = ''
      )
    order by 1`;
  expect(silent).toEqual([]);
});

test("every kind has a table of its name, a view of its ids, and the triggers of the feed and the guard", async () => {
  const rows = await sql`
    select k.kind::text,
      array(select t.tgname::text from pg_trigger t
        where t.tgrelid = format('catalog.%I', k.kind)::regclass and not t.tgisinternal
          and t.tgname !~ 'referents' order by 1) as triggers,
      to_regclass(format('catalog.%s_external_id', k.kind)) is not null as ids
    from unnest(enum_range(null::catalog.entity_kind)) k (kind)`;
  expect(rows).toHaveLength(12);
  const triggers = [
    "_100_guard",
    "_100_refuse_truncate",
    "_500_capture_delete",
    "_500_capture_insert",
    "_500_capture_update",
  ];
  for (const row of rows) expect(row).toEqual({ kind: row.kind, triggers, ids: true });
});

test("no index is contained in another one of its table", async () => {
  const spare = await sql`
    select i.indexrelid::regclass::text as spare, o.indexrelid::regclass::text as instead
    from pg_index i
    join pg_class c on c.oid = i.indrelid
    join pg_index o on o.indrelid = i.indrelid and o.indexrelid <> i.indexrelid
    where c.relnamespace::regnamespace::text = any (${schemas})
      and not i.indisunique and i.indpred is null and o.indpred is null
      and i.indexprs is null and o.indexprs is null
      and o.indkey::text like i.indkey::text || ' %'
      and (select am.amname from pg_class x join pg_am am on am.oid = x.relam where x.oid = i.indexrelid) = 'btree'`;
  expect(spare).toEqual([]);
});
