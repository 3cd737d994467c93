-- requires: grants/jukebase_api.sql
-- What jukebase_editor may do: all that jukebase_api may; and change identity and attributes, and see what there is to decide.
-- The functions that do are security definer: it writes no table itself. GraphQL runs the requests that carry the editor's key as
-- this role.
revoke all on schema catalog, identity, ingest, descriptor, feed, ops from jukebase_editor;
revoke all on all tables in schema catalog, identity, ingest, descriptor, feed, ops from jukebase_editor;
revoke all on all sequences in schema catalog, identity, ingest, descriptor, feed, ops from jukebase_editor;
revoke all on all routines in schema catalog, identity, ingest, descriptor, feed, ops from jukebase_editor;

grant usage on schema ingest, ops to jukebase_editor;
grant execute on function
  identity.merge(uuid, uuid[], text, catalog.entity_version[]),
  identity.split(uuid, bigint[], text, int),
  identity.undo(bigint, uuid, text, catalog.entity_version[]),
  identity.delete(uuid, text, int),
  identity.claim(uuid, text, text, real, text, int),
  identity.retract(uuid, text, text, text, int),
  identity.decide(bigint, text, text, catalog.entity_version[]),
  identity.rule(uuid, uuid, identity.verdict, text, catalog.entity_version[]),
  identity.review_undo(bigint, uuid, text, catalog.entity_version[]),
  catalog.edit(uuid, jsonb, int),
  identity.merge_plan(uuid, uuid[]),
  identity.split_plan(uuid, bigint[]),
  identity.undo_plan(bigint, uuid),
  identity.review_queue(int),
  ingest.ingest_json(text, text, text, text),
  ingest.ingest_rss(text, text, text, text),
  ingest.create_ingest_job(text, text, text, text, text),
  ingest.ingest_job(bigint)
to jukebase_editor;

-- The rows that those return, and what an operation has changed.
grant select on identity.operation, identity.changed_entity, identity.link_fact, identity.review to jukebase_editor;

-- As a member of jukebase_api it would have that role's rights by itself, but only whoever made the roles may make it one.
do $do$
declare
  r record;
begin
  for r in
    select format('schema %I', n.nspname) as object, a.privilege_type as privilege
    from pg_catalog.pg_namespace n, aclexplode(n.nspacl) a
    where a.grantee = 'jukebase_api'::regrole
    union all
    select format('table %s', c.oid::regclass), a.privilege_type
    from pg_catalog.pg_class c, aclexplode(c.relacl) a
    where a.grantee = 'jukebase_api'::regrole
    union all
    select format('routine %s', p.oid::regprocedure), a.privilege_type
    from pg_catalog.pg_proc p, aclexplode(p.proacl) a
    where a.grantee = 'jukebase_api'::regrole
  loop
    execute format('grant %s on %s to jukebase_editor', r.privilege, r.object);
  end loop;
end
$do$;
