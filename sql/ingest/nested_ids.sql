-- ingest.nested_ids(said) → undoes ingest.flat_ids; null for null.
create or replace function ingest.nested_ids(p_said jsonb)
returns jsonb
language sql
immutable
parallel safe
as $$
  select case
    when p_said is null then null
    else (
      select coalesce(jsonb_object_agg(k.key, k.value) filter (where k.key not like 'ids.%'), '{}')
        || case
          when bool_or(k.key like 'ids.%')
          then jsonb_build_object('ids', jsonb_object_agg(substr(k.key, 5), k.value) filter (where k.key like 'ids.%'))
          else '{}'
        end
      from jsonb_each(p_said) k
    )
  end
$$;

comment on function ingest.nested_ids(jsonb) is 'A statement with its ids in one object again.';
