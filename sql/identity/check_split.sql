-- identity.check_split(entity, records, expected): locks the entity and all that its split concerns, and refuses what cannot be split. Errors:
-- see identity.split.
create or replace function identity.check_split(
  p_entity uuid, p_records bigint[], p_expected catalog.entity_version[] default null
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  v_strays bigint[];
  v_own bigint := (
    select m.record_id
    from identity.membership m
    join ingest.record r on r.record_id = m.record_id and r.source = 'manual' and r.source_record_id = p_entity::text
    where m.record_id = any (p_records) and m.juke_id = p_entity
  );
begin
  perform identity.seize(array[p_entity], identity.record_keys(p_records), p_expected);
  v_strays := array(
    select r.record_id
    from unnest(p_records) r (record_id)
    where not exists (
      select from identity.membership m where m.record_id = r.record_id and m.juke_id = p_entity
    )
    order by r.record_id
  );
  if p_records = '{}' or v_strays <> '{}' or v_own is not null or not exists (
    select from identity.membership m
    join ingest.record r on r.record_id = m.record_id
    where m.juke_id = p_entity and m.record_id <> all (p_records)
      and (r.source <> 'manual' or r.body ?| '{name,title}')
  ) then
    raise exception 'cannot split % by these records', p_entity
      using errcode = 'JB158',
        detail = case
          when p_records = '{}' then 'No record is named.'
          when v_strays <> '{}' then format('Not its records: %s.', left(array_to_string(v_strays, ', '), 500))
          when v_own is not null then format('Record %s holds what people say of it: it stays.', v_own)
          else 'All its records are named: nothing would remain that gives it a name.'
        end,
        hint = 'identity.how lists the records of an entity.';
  end if;
end
$$;

comment on function identity.check_split(uuid, bigint[], catalog.entity_version[]) is 'Locks the entity of a split and refuses what cannot be split.';
