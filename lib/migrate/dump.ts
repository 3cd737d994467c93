import type { Sql } from "postgres";
import { migrationSession } from "./session.ts";

/**
 * A description of everything in a database that migrations and sql/ make, as SQL, in one fixed order: two
 * databases with equal dumps are the same schema. Left out are the system's schemas, graphile_worker's, what belongs
 * to an extension, and partitions, which come and go (but not those for the rest). Needs no pg_dump; meant to be read and compared, not to be restored from.
 */
export function dumpSchema(url: string): Promise<string> {
  return migrationSession(url, async (sql) => {
    // Definitions print a name without its schema when the search path finds it: let it find nothing.
    await sql`set search_path = ''`;
    await sql.unsafe(ownObjects);
    const parts: string[] = [];
    for (const { title, query } of sections) {
      const lines = await linesOf(sql, query);
      if (lines.length > 0) parts.push(`-- ${title}\n\n${lines.join("\n")}`);
    }
    return `${parts.join("\n\n")}\n`;
  });
}

async function linesOf(sql: Sql, query: string): Promise<string[]> {
  const rows = await sql.unsafe<{ name: string; line: string }[]>(query);
  return rows
    .map((row) => ({ ...row, line: row.line.trimEnd() }))
    .sort((a, b) => compare(a.name, b.name) || compare(a.line, b.line))
    .map((row) => row.line);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** Views of this session on the catalogs that leave out what is not ours. */
const ownObjects = /* sql */ `
  create temporary view own_schema as
    select n.oid, n.nspname, n.nspacl, n.nspowner from pg_namespace n
    where n.nspname not in ('information_schema', 'graphile_worker') and n.nspname !~ '^pg_';

  create temporary view own_relation as
    select c.*, format('%I.%I', n.nspname, c.relname) as name
    from pg_class c join own_schema n on n.oid = c.relnamespace
    where not (c.relispartition and coalesce(pg_get_expr(c.relpartbound, c.oid), '') <> 'DEFAULT')
      and not (c.relkind = 'i' and exists (
        select from pg_inherits h join pg_index x on x.indexrelid = c.oid
        join pg_class t on t.oid = x.indrelid and t.relispartition
        where h.inhrelid = c.oid))
      and not exists (
      select from pg_depend d
      where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e');

  create temporary view own_function as
    select p.*, format('%I.%I', n.nspname, p.proname) as name,
      pg_get_function_identity_arguments(p.oid) as arguments
    from pg_proc p join own_schema n on n.oid = p.pronamespace
    where not exists (
      select from pg_depend d
      where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e');

  create temporary view own_type as
    select t.*, format('%I.%I', n.nspname, t.typname) as name
    from pg_type t join own_schema n on n.oid = t.typnamespace
    where t.typtype in ('e', 'd', 'r', 'c')
      and (t.typrelid = 0 or exists (
        select from pg_class c where c.oid = t.typrelid and c.relkind = 'c'))
      and not exists (
        select from pg_depend d
        where d.classid = 'pg_type'::regclass and d.objid = t.oid and d.deptype = 'e');
`;

/** Each query yields the lines of its section and the names to sort them by. */
const sections: { title: string; query: string }[] = [
  {
    title: "extensions",
    query: /* sql */ `
      select e.extname as name, format('create extension %I schema %I;', e.extname, n.nspname) as line
      from pg_extension e join pg_namespace n on n.oid = e.extnamespace
      where e.extname <> 'plpgsql'`,
  },
  {
    title: "schemas",
    query: /* sql */ `
      select nspname as name, format('create schema %I;', nspname) as line
      from own_schema where nspname <> 'public'`,
  },
  {
    title: "text search",
    query: /* sql */ `
      select c.cfgname as name,
        format('create text search configuration %I.%I (parser = %I);', n.nspname, c.cfgname, p.prsname)
        || coalesce(string_agg(format(E'\\nalter text search configuration %I.%I add mapping for %s with %s;',
          n.nspname, c.cfgname, m.token, m.dictionaries), '' order by m.token collate "C"), '') as line
      from pg_ts_config c
      join own_schema n on n.oid = c.cfgnamespace
      join pg_ts_parser p on p.oid = c.cfgparser
      left join lateral (
        select t.alias as token, string_agg(m.mapdict::regdictionary::text, ', ' order by m.mapseqno) as dictionaries
        from pg_ts_config_map m
        join ts_token_type(c.cfgparser) t on t.tokid = m.maptokentype
        where m.mapcfg = c.oid group by t.alias
      ) m on true
      group by c.oid, n.nspname, c.cfgname, p.prsname`,
  },
  {
    title: "types",
    query: /* sql */ `
      select name, case typtype
        when 'e' then format('create type %s as enum (%s);', name, (
          select string_agg(quote_literal(enumlabel), ', ' order by enumsortorder)
          from pg_enum where enumtypid = t.oid))
        when 'd' then format('create domain %s as %s%s%s%s;', name,
          format_type(typbasetype, typtypmod),
          case when typnotnull then ' not null' else '' end,
          coalesce(' default ' || typdefault, ''),
          coalesce((
            select string_agg(format(E'\\n  constraint %I %s', conname, pg_get_constraintdef(oid)), '' order by conname collate "C")
            from pg_constraint where contypid = t.oid and contype = 'c'), ''))
        when 'c' then format('create type %s as (%s);', name, (
          select string_agg(format('%I %s', attname, format_type(atttypid, atttypmod)), ', ' order by attnum)
          from pg_attribute where attrelid = t.typrelid and attnum > 0 and not attisdropped))
        when 'r' then format('create type %s as range (subtype = %s);', name, (
          select format_type(rngsubtype, null) from pg_range where rngtypid = t.oid))
      end as line
      from own_type t`,
  },
  {
    title: "sequences",
    query: /* sql */ `
      select r.name, format('create sequence %s as %s increment %s minvalue %s maxvalue %s start %s cache %s%s;', r.name,
        format_type(s.seqtypid, null), s.seqincrement, s.seqmin, s.seqmax, s.seqstart, s.seqcache,
        case when s.seqcycle then ' cycle' else '' end) as line
      from own_relation r join pg_sequence s on s.seqrelid = r.oid`,
  },
  {
    title: "tables",
    query: /* sql */ `
      select name, format(E'create%s table %s (%s\\n)%s%s;',
        case relpersistence when 'u' then ' unlogged' else '' end, name,
        array_to_string(array(
          select format(E'\\n  %I %s%s%s%s%s%s', a.attname, format_type(a.atttypid, a.atttypmod),
            case when a.attcollation <> y.typcollation then ' collate ' || a.attcollation::regcollation else '' end,
            case when a.attnotnull then ' not null' else '' end,
            case a.attidentity when 'a' then ' generated always as identity' when 'd' then ' generated by default as identity' else '' end,
            case when a.attgenerated <> '' then ' generated always as (' || pg_get_expr(d.adbin, d.adrelid) || ')'
              || case a.attgenerated when 's' then ' stored' else '' end
              else coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '') end,
            case when a.attstorage <> y.typstorage then ' storage ' || a.attstorage::text else '' end)
          from pg_attribute a
          join pg_type y on y.oid = a.atttypid
          left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
          where a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
          order by a.attnum) || array(
          select format(E'\\n  constraint %I %s', c.conname, pg_get_constraintdef(c.oid))
          from pg_constraint c
          where c.conrelid = r.oid and c.contype in ('p', 'u', 'c', 'f', 'x')
          order by strpos('pucfx', c.contype::text), c.conname collate "C"), ','),
        case when relkind = 'p' then ' partition by ' || pg_get_partkeydef(oid) else '' end,
        case when reloptions is null then '' else ' with (' || array_to_string(reloptions, ', ') || ')' end)
        || case when relispartition then format(E'\\nalter table %s attach partition %s %s;', (
            select inhparent::regclass from pg_inherits where inhrelid = r.oid),
            name, pg_get_expr(relpartbound, oid)) else '' end
        || case when relrowsecurity then format(E'\\nalter table %s enable row level security;', name) else '' end
        || case when relforcerowsecurity then format(E'\\nalter table %s force row level security;', name) else '' end
        || E'\\n' as line
      from own_relation r where relkind in ('r', 'p')`,
  },
  {
    title: "indexes",
    query: /* sql */ `
      select t.name || ' ' || i.relname as name, pg_get_indexdef(i.oid)
        || case when x.indisvalid then '' else ' -- invalid' end || ';' as line
      from pg_index x
      join own_relation i on i.oid = x.indexrelid
      join own_relation t on t.oid = x.indrelid
      where not exists (select from pg_constraint c where c.conindid = i.oid and c.contype in ('p', 'u', 'x'))`,
  },
  {
    title: "statistics",
    query: /* sql */ `
      select s.stxname as name, pg_get_statisticsobjdef(s.oid) || ';' as line
      from pg_statistic_ext s join own_schema n on n.oid = s.stxnamespace`,
  },
  {
    title: "functions",
    query: /* sql */ `
      select name || '(' || arguments || ')' as name, case when prokind = 'a'
        then format(E'create aggregate %s(%s) returns %s; -- by %s\\n', name, arguments,
          format_type(prorettype, null), (select aggtransfn from pg_aggregate where aggfnoid = f.oid))
        else rtrim(pg_get_functiondef(oid), E'\\n') || E';\\n' end as line
      from own_function f`,
  },
  {
    title: "views",
    query: /* sql */ `
      select name, format(E'create%s view %s%s as\\n%s\\n', case relkind when 'm' then ' materialized' else '' end, name,
        case when reloptions is null then '' else ' with (' || array_to_string(reloptions, ', ') || ')' end,
        pg_get_viewdef(oid)) as line
      from own_relation where relkind in ('v', 'm')`,
  },
  {
    title: "rules",
    query: /* sql */ `
      select r.name || ' ' || w.rulename as name, pg_get_ruledef(w.oid) as line
      from pg_rewrite w join own_relation r on r.oid = w.ev_class where w.rulename <> '_RETURN'`,
  },
  {
    title: "triggers",
    query: /* sql */ `
      select r.name || ' ' || t.tgname as name, pg_get_triggerdef(t.oid) || ';'
        || case t.tgenabled when 'O' then '' else ' -- enabled: ' || t.tgenabled::text end as line
      from pg_trigger t join own_relation r on r.oid = t.tgrelid
      where not t.tgisinternal and t.tgparentid = 0`,
  },
  {
    title: "policies",
    query: /* sql */ `
      select r.name || ' ' || p.polname as name, format('create policy %I on %s as %s for %s to %s%s%s;', p.polname, r.name,
        case when p.polpermissive then 'permissive' else 'restrictive' end,
        case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end,
        array_to_string(array(select case when o = 0 then 'public' else o::regrole::text end
          from unnest(p.polroles) o order by 1), ', '),
        coalesce(' using (' || pg_get_expr(p.polqual, p.polrelid) || ')', ''),
        coalesce(' with check (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')', '')) as line
      from pg_policy p join own_relation r on r.oid = p.polrelid`,
  },
  {
    title: "comments",
    query: /* sql */ `
      select i.type || ' ' || i.identity as name,
        format('comment on %s %s is %L;', i.type, i.identity, d.description) as line
      from pg_description d
      cross join lateral pg_identify_object(d.classoid, d.objoid, d.objsubid) i
      where case d.classoid
        when 'pg_class'::regclass then exists (select from own_relation where oid = d.objoid)
        when 'pg_proc'::regclass then exists (select from own_function where oid = d.objoid)
        when 'pg_type'::regclass then exists (select from own_type where oid = d.objoid)
        when 'pg_namespace'::regclass then exists (select from own_schema where oid = d.objoid and nspname <> 'public')
        when 'pg_constraint'::regclass then exists (
          select from pg_constraint c join own_schema n on n.oid = c.connamespace where c.oid = d.objoid)
        when 'pg_trigger'::regclass then exists (
          select from pg_trigger t join own_relation r on r.oid = t.tgrelid where t.oid = d.objoid)
        else false end`,
  },
  {
    // The owner's own rights go without saying, and owners have other names elsewhere.
    title: "grants",
    query: /* sql */ `
      with object as (
        select 'schema ' || quote_ident(nspname) as name, nspowner as owner,
          coalesce(nspacl, acldefault('n', nspowner)) as acl
        from own_schema where nspname <> 'public'
        union all
        select case relkind when 'S' then 'sequence ' else 'table ' end || name, relowner,
          coalesce(relacl, acldefault(case relkind when 'S' then 's' else 'r' end::"char", relowner))
        from own_relation where relkind in ('r', 'p', 'v', 'm', 'S')
        union all
        select format('column %s.%I', r.name, a.attname), r.relowner, a.attacl
        from pg_attribute a join own_relation r on r.oid = a.attrelid where a.attacl is not null
        union all
        select case prokind when 'p' then 'procedure ' else 'function ' end || name || '(' || arguments || ')', proowner,
          coalesce(proacl, acldefault('f', proowner))
        from own_function
        union all
        select 'type ' || name, typowner, coalesce(typacl, acldefault('T', typowner)) from own_type
      )
      select o.name, format('grant %s on %s to %s;',
        string_agg(lower(g.privilege_type) || case when g.is_grantable then ' with grant option' else '' end,
          ', ' order by g.privilege_type collate "C"),
        o.name, case when g.grantee = 0 then 'public' else g.grantee::regrole::text end) as line
      from object o cross join lateral aclexplode(o.acl) g
      where g.grantee <> o.owner
        and not (g.grantee = 0 and o.name like 'type %')
      group by o.name, g.grantee`,
  },
  {
    title: "default privileges",
    query: /* sql */ `
      select coalesce(n.nspname, '') || ' ' || d.defaclobjtype::text as name,
        format('alter default privileges%s: %s %s to %s;', ' in schema ' || quote_ident(n.nspname),
          lower(g.privilege_type),
          case d.defaclobjtype when 'r' then 'on tables' when 'S' then 'on sequences' when 'f' then 'on functions'
            when 'T' then 'on types' when 'n' then 'on schemas' else d.defaclobjtype::text end,
          case when g.grantee = 0 then 'public' when g.grantee = d.defaclrole then 'the owner'
            else g.grantee::regrole::text end) as line
      from pg_default_acl d
      left join pg_namespace n on n.oid = d.defaclnamespace
      cross join lateral aclexplode(d.defaclacl) g`,
  },
];
