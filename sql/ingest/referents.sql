-- ingest.referents(said) → what a record refers to: (kind, id) of its own source, in columns and in lists.
-- Example: select * from ingest.referents('{"album": {"kind": "album", "id": "al1"}}')  -- (album, al1)
create or replace function ingest.referents(p_said jsonb)
returns table (kind catalog.entity_kind, id text)
language sql
immutable
parallel safe
rows 10
as $$
  select (o.value ->> 'kind')::catalog.entity_kind, o.value ->> 'id'
  from (
    select jsonb_path_query(p_said, '$.* ? (exists (@.kind) && exists (@.id))')
    union all
    select jsonb_path_query(p_said, '$.*[*].* ? (exists (@.kind) && exists (@.id))')
  ) o (value)
$$;

comment on function ingest.referents(jsonb) is 'What a record refers to, in columns and in lists.';
