-- identity.touch(juke_ids): writes a new version of these hub rows without a change, where this transaction has not written one
-- already. What decides the identity of an entity (a further claim, a redirect to it, a verdict) is in other tables: without
-- this, a transaction with an older snapshot (repeatable read) would lock the entity and not notice. With it, it fails to
-- serialize. No version is raised and no event is written.
create or replace function identity.touch(p_juke_ids uuid[])
returns void
language sql
volatile
as $$
  update catalog.entity e
  set updated_at = e.updated_at
  from (
    select l.juke_id
    from catalog.entity l
    where l.juke_id = any (p_juke_ids)
      and not exists (select from feed.event v where v.xid = pg_current_xact_id() and v.juke_id = l.juke_id)
    order by l.juke_id
    for no key update
  ) l
  where e.juke_id = l.juke_id
$$;

comment on function identity.touch(uuid[]) is 'Leaves a trace on hub rows for transactions with an older snapshot.';
