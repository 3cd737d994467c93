import { describe, expect, test } from "vitest";
import { failure } from "../catalog-builder.ts";
import { fillCatalog } from "./catalog.ts";
import { testApi } from "./server.ts";

const { ask, codes, sql } = await testApi(fillCatalog);

/** Runs the statement as the role of the API; returns the SQLSTATE it fails with, or null. */
function asApi(statement: string): Promise<string | null> {
  return failure(
    sql.begin(async (tx) => {
      await tx`set local role jukebase_api`;
      await tx.unsafe(statement);
    }),
  );
}

const INSUFFICIENT_PRIVILEGE = "42501";
const schemas = ["catalog", "identity", "ingest", "descriptor", "feed", "ops"];

describe("the role of the API", () => {
  test("may write no table of ours, and read none outside catalog", async () => {
    const granted = await sql`
      select n.nspname || '.' || c.relname as name, p.privilege
      from pg_class c
      join pg_namespace n on n.oid = c.relnamespace
      cross join unnest('{select,insert,update,delete,truncate,references,trigger}'::text[]) p (privilege)
      where n.nspname = any (${schemas}) and c.relkind in ('r', 'v', 'm', 'p')
        and has_table_privilege('jukebase_api', c.oid, p.privilege)
        and not (n.nspname = 'catalog' and p.privilege = 'select')`;
    expect(granted).toEqual([]);
    for (const statement of [
      "insert into catalog.entity (kind, display_name) values ('artist', 'x')",
      "update catalog.artist set name = 'x'",
      "delete from catalog.entity",
      "truncate catalog.alias",
      "insert into catalog.artist_external_id (juke_id, source, external_id) select juke_id, 'discogs', '1' from catalog.artist limit 1",
      "select body from ingest.record",
      "select content from ingest.delivery",
      "select * from identity.external_id",
      "select * from feed.event",
      "select * from ops.migration",
    ]) {
      expect([statement, await asApi(statement)]).toEqual([statement, INSUFFICIENT_PRIVILEGE]);
    }
  });

  test("may call what the API shows, and nothing else", async () => {
    const rows = await sql`
      select n.nspname || '.' || p.proname as name
      from pg_proc p
      join pg_namespace n on n.oid = p.pronamespace
      where n.nspname = any (${schemas}) and has_function_privilege('jukebase_api', p.oid, 'execute')
      order by 1`;
    expect(rows.map(({ name }) => name)).toEqual([
      "catalog.album_artist_credit",
      "catalog.artist_albums",
      "catalog.artist_groups",
      "catalog.artist_members",
      "catalog.artist_personas",
      "catalog.artist_tracks",
      "catalog.audiobook_chapters",
      "catalog.entity_by_juke_id",
      "catalog.entity_by_mbid",
      "catalog.entity_by_ref",
      "catalog.episode_chapters",
      "catalog.genre_children",
      "catalog.genre_parents",
      "catalog.is_streamable",
      "catalog.provenance",
      "catalog.release_artist_credit",
      "catalog.rights_at",
      "catalog.state",
      "catalog.track_artist_credit",
      "catalog.video_artist_credit",
      "descriptor.search",
      "feed.bootstrap",
      "feed.head",
      "feed.read",
      "feed.updates",
      "feed.updates_between",
      "feed.updates_of",
      "identity.explain",
      "identity.how",
      "identity.resolve",
      "identity.resolve_as_of",
      "identity.resolve_many",
      "identity.resolve_one",
      "identity.why_not",
    ]);
    expect(await asApi("select catalog.project('{}')")).toBe(INSUFFICIENT_PRIVILEGE);
    expect(await asApi("select * from identity.resolve('isrc:GBAYE9700104')")).toBeNull();
    expect(await asApi("select * from feed.updates()")).toBeNull();
    expect(await asApi("select * from descriptor.search('radiohead')")).toBeNull();
  });
});

test("no function of ours can be executed by everybody", async () => {
  const open = await sql`
    select p.oid::regprocedure::text as name
    from pg_proc p
    join pg_namespace n on n.oid = p.pronamespace
    cross join lateral aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
    where n.nspname = any (${schemas}) and a.grantee = 0`;
  expect(open).toEqual([]);
});

test("what a security definer function calls is looked up in no path that a caller could set", async () => {
  const open = await sql`
    select p.oid::regprocedure::text as name
    from pg_proc p
    join pg_namespace n on n.oid = p.pronamespace
    where n.nspname = any (${schemas}) and p.prosecdef
      and 'search_path=pg_catalog, pg_temp' <> all (coalesce(p.proconfig, '{}'))`;
  expect(open).toEqual([]);
});

test("a type of the caller's own does not come between, and would run as the owner", async () => {
  await sql.begin(async (tx) => {
    await tx`set local role jukebase_api`;
    await tx.unsafe(`
      create function pg_temp.spy(pg_catalog.xid8) returns boolean language plpgsql as $$
      begin raise exception 'as %', current_user; end $$;
      create domain pg_temp.xid8 as pg_catalog.xid8 check (pg_temp.spy(value));
      create domain pg_temp.text as pg_catalog.text check (false)`);
    expect((await tx`select * from feed.updates(null, 1)`).length).toBeLessThanOrEqual(1);
    expect(await tx`select feed.head()`).toHaveLength(1);
    await tx`reset role`;
    await tx`drop domain pg_temp.xid8, pg_temp.text`;
    await tx`drop function pg_temp.spy`;
  });
});

describe("the role of editors", () => {
  const asEditor = async (right: "select" | "write") =>
    (
      await sql`
        select n.nspname || '.' || c.relname as name
        from pg_class c
        join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = any (${schemas}) and c.relkind in ('r', 'v', 'm', 'p')
          and has_table_privilege('jukebase_editor', c.oid,
            ${right === "select" ? "select" : "insert,update,delete,truncate,references,trigger"})
          and not (n.nspname = 'catalog' and ${right} = 'select')
        order by 1`
    ).map(({ name }) => name);

  test("may write no table itself, and read of identity only what its functions return", async () => {
    expect(await asEditor("write")).toEqual([]);
    expect(await asEditor("select")).toEqual([
      "identity.changed_entity",
      "identity.link_fact",
      "identity.operation",
      "identity.review",
    ]);
  });

  test("may call what changes identity and what delivers beside what the API may, and nothing else", async () => {
    const rows = await sql`
      select n.nspname || '.' || p.proname as name
      from pg_proc p
      join pg_namespace n on n.oid = p.pronamespace
      where n.nspname = any (${schemas}) and has_function_privilege('jukebase_editor', p.oid, 'execute')
        and not has_function_privilege('jukebase_api', p.oid, 'execute')
      order by 1`;
    expect(rows.map(({ name }) => name)).toEqual([
      "catalog.edit",
      "identity.claim",
      "identity.decide",
      "identity.delete",
      "identity.merge",
      "identity.merge_plan",
      "identity.retract",
      "identity.review_queue",
      "identity.review_undo",
      "identity.rule",
      "identity.split",
      "identity.split_plan",
      "identity.undo",
      "identity.undo_plan",
      "ingest.create_ingest_job",
      "ingest.ingest_job",
      "ingest.ingest_json",
      "ingest.ingest_rss",
    ]);
  });
});

test("there are mutations, for editors, and a subscription, but not over HTTP", async () => {
  const { data } = await ask("{ __schema { mutationType { name } subscriptionType { name } } }");
  expect(data.__schema).toEqual({
    mutationType: { name: "Mutation" },
    subscriptionType: { name: "Subscription" },
  });
  expect(await codes("subscription { updates { op } }")).toEqual(["JB506"]);
});

test("every foreign key that the API follows back has an index that starts with it", async () => {
  const bare = await sql`
    select c.conrelid::regclass::text || ' ' || c.conname as name
    from pg_constraint c
    join pg_namespace n on n.oid = c.connamespace
    where c.contype = 'f' and n.nspname = 'catalog'
      and not exists (
        select from pg_index i
        where i.indrelid = c.conrelid and i.indkey[0] = c.conkey[1] and cardinality(c.conkey) = 1
      )`;
  expect(bare).toEqual([]);
});
