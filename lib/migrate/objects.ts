import type { TransactionSql } from "postgres";

/** A function, view or trigger: its kind and its identity as `drop` takes it. */
export type DatabaseObject = {
  oid: string;
  kind: string;
  /** Schema-qualified name, with the argument types of a function. */
  identity: string;
  /** The name alone, which overloads of a function share. */
  name: string;
};

/** The objects that files of sql/ make, of all schemas but the system's; those of extensions excepted. */
export async function databaseObjects(tx: TransactionSql): Promise<Map<string, DatabaseObject>> {
  const rows = await tx<DatabaseObject[]>`
    with object as (
      select 'pg_proc'::regclass::oid as class, p.oid, p.proname as name, p.pronamespace as namespace
      from pg_proc p
      union all
      select 'pg_class'::regclass, c.oid, c.relname, c.relnamespace
      from pg_class c where c.relkind in ('v', 'm')
      union all
      select 'pg_trigger'::regclass, t.oid, t.tgname, c.relnamespace
      from pg_trigger t join pg_class c on c.oid = t.tgrelid
      where not t.tgisinternal and t.tgparentid = 0
    )
    select o.oid::text, i.type as kind, i.identity, n.nspname || '.' || o.name as name
    from object o
    join pg_namespace n on n.oid = o.namespace
    cross join lateral pg_identify_object(o.class, o.oid, 0) i
    where n.nspname not in ('pg_catalog', 'information_schema')
      and not exists (
        select from pg_depend d
        where d.classid = o.class and d.objid = o.oid and d.deptype = 'e'
      )`;
  return new Map(rows.map((row) => [row.oid, row]));
}

/** Drops the objects, each written as `function identity.resolve(text)`, with all that hangs on them. */
export async function dropObjects(tx: TransactionSql, objects: string[]): Promise<void> {
  for (const object of objects) {
    const [, kind = "", identity = ""] = dropPattern.exec(object) ?? [];
    await tx.unsafe(`drop ${kind} if exists ${identity} cascade`);
  }
}

const dropPattern = /^(function|procedure|aggregate|materialized view|view|trigger) (.+)$/s;
