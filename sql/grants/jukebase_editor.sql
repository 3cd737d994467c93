-- What jukebase_editor may do beside what it may as a member of jukebase_api: change identity and attributes, and see what
-- there is to decide. All of these are security definer: it writes no table itself. GraphQL runs the requests that carry the
-- editor's key as this role.
revoke all on schema catalog, identity, ingest, descriptor, feed, ops from jukebase_editor;
revoke all on all tables in schema catalog, identity, ingest, descriptor, feed, ops from jukebase_editor;
revoke all on all sequences in schema catalog, identity, ingest, descriptor, feed, ops from jukebase_editor;
revoke all on all routines in schema catalog, identity, ingest, descriptor, feed, ops from jukebase_editor;

grant execute on function
  identity.merge(uuid, uuid[], text),
  identity.split(uuid, bigint[], text),
  identity.undo(bigint, uuid, text),
  identity.delete(uuid, text),
  identity.claim(uuid, text, text, real, text),
  identity.retract(uuid, text, text, text),
  identity.decide(bigint, text, text),
  catalog.edit(uuid, jsonb, int),
  identity.merge_plan(uuid, uuid[]),
  identity.undo_plan(bigint, uuid),
  identity.review_queue(int)
to jukebase_editor;

-- The rows that those return, and what an operation has changed.
grant select on identity.operation, identity.changed_entity, identity.review to jukebase_editor;
