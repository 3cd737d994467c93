import { describe, expect, test } from "vitest";
import { testDatabase } from "../database.ts";

const { sql } = await testDatabase();

/** Our schemas, as a condition on a namespace's oid. */
const OURS = sql`(
  select oid from pg_namespace where nspname in ('catalog', 'identity', 'ingest', 'descriptor', 'feed', 'ops'))`;

describe("house rules", () => {
  test("every foreign key has an index that begins with its columns", async () => {
    const rows = await sql`
      select c.conrelid::regclass::text as "table", c.conname
      from pg_constraint c
      where c.contype = 'f' and c.connamespace in ${OURS}
        and not exists (
          select from pg_index i
          where i.indrelid = c.conrelid and i.indisvalid
            and (i.indkey::int2[])[0:cardinality(c.conkey) - 1] @> c.conkey
            and (i.indpred is null or pg_get_expr(i.indpred, i.indrelid) like '%IS NOT NULL%')
        )`;
    expect(rows.map(({ conname }) => conname)).toEqual([]);
  });

  test("every foreign key says what happens on delete", async () => {
    const rows = await sql`
      select conname from pg_constraint
      where contype = 'f' and connamespace in ${OURS} and confdeltype = 'a'`;
    expect(rows.map(({ conname }) => conname)).toEqual([]);
  });

  test("every table has a primary key, and no column of a table is a serial or a varchar", async () => {
    const rows = await sql`
      select c.oid::regclass::text as "table" from pg_class c
      where c.relkind in ('r', 'p') and c.relnamespace in ${OURS}
        and not exists (select from pg_constraint k where k.conrelid = c.oid and k.contype = 'p')
      union all
      select a.attrelid::regclass || '.' || a.attname from pg_attribute a
      join pg_class c on c.oid = a.attrelid
      where c.relkind = 'r' and c.relnamespace in ${OURS} and a.attnum > 0 and not a.attisdropped
        and (a.atttypid in ('varchar'::regtype, 'bpchar'::regtype, 'json'::regtype, 'timestamp'::regtype)
          or exists (select from pg_attrdef d where d.adrelid = a.attrelid and d.adnum = a.attnum
            and pg_get_expr(d.adbin, d.adrelid) like 'nextval%'))`;
    expect([...rows]).toEqual([]);
  });

  test("checks are named as sentences: no name was made up by Postgres", async () => {
    const rows = await sql`
      select conname from pg_constraint
      where contype = 'c' and connamespace in ${OURS} and conname ~ '_check[0-9]*$'`;
    expect(rows.map(({ conname }) => conname)).toEqual([]);
  });

  test("every table, view, domain, function and aggregate is described; triggers' functions are in their files", async () => {
    const rows = await sql`
      select p.oid::regprocedure::text as thing from pg_proc p
      where p.pronamespace in ${OURS} and p.prorettype <> 'trigger'::regtype
        and obj_description(p.oid, 'pg_proc') is null
      union all
      select c.oid::regclass::text from pg_class c
      where c.relkind = 'v' and c.relnamespace in ${OURS} and obj_description(c.oid, 'pg_class') is null
      union all
      select n.nspname from pg_namespace n where n.oid in ${OURS} and obj_description(n.oid, 'pg_namespace') is null
      union all
      select t.oid::regtype::text from pg_type t
      where t.typtype = 'd' and t.typnamespace in ${OURS} and obj_description(t.oid, 'pg_type') is null
      order by 1`;
    expect(rows.map(({ thing }) => thing)).toEqual([]);
  });

  test("every plpgsql and every security definer function looks for names in pg_catalog, and in pg_temp last, but for procedures that commit", async () => {
    const rows = await sql`
      select p.oid::regprocedure::text as name from pg_proc p
      join pg_language l on l.oid = p.prolang
      where p.pronamespace in ${OURS} and (l.lanname = 'plpgsql' or p.prosecdef) and p.prokind <> 'p'
        and not coalesce('search_path=pg_catalog, pg_temp' = any (p.proconfig), false)`;
    expect(rows.map(({ name }) => name)).toEqual([]);
  });

  test("no function is overloaded: GraphQL would drop it", async () => {
    const rows = await sql`
      select pronamespace::regnamespace || '.' || proname as name from pg_proc
      where pronamespace in ${OURS} group by 1 having count(*) > 1`;
    expect(rows.map(({ name }) => name)).toEqual([]);
  });

  test("no trigger works row by row, but for the check of merged entities", async () => {
    const rows = await sql`
      select tgrelid::regclass || ' ' || tgname as name from pg_trigger t
      join pg_class c on c.oid = t.tgrelid
      where c.relnamespace in ${OURS} and not tgisinternal and tgtype & 1 = 1`;
    expect(rows.map(({ name }) => name)).toEqual(["catalog.entity _200_check_redirect"]);
  });

  test("events are numbered without a cache: their order is that of the changes", async () => {
    const [row] = await sql`
      select seqcache::int as cache from pg_sequence
      where seqrelid = pg_get_serial_sequence('feed.event', 'id')::regclass`;
    expect(row?.cache).toBe(1);
  });
});
