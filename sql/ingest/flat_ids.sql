-- ingest.flat_ids(said) → a statement with a key for each scheme of its ids: {"ids": {"isrc": "…"}} is {"ids.isrc": "…"}. So what is laid over a record
-- speaks of the schemes that it names, and leaves the others alone.
create or replace function ingest.flat_ids(p_said jsonb)
returns jsonb
language sql
immutable
parallel safe
as $$
  select case
    when jsonb_typeof(p_said -> 'ids') = 'object' then p_said - 'ids' || coalesce((
      select jsonb_object_agg('ids.' || i.key, i.value) from jsonb_each(p_said -> 'ids') i
    ), '{}')
    else p_said - 'ids'
  end
$$;

comment on function ingest.flat_ids(jsonb) is 'A statement with a key for each scheme of its ids.';
