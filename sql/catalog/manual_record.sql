-- catalog.manual_record(juke_id) → the record of the source manual that holds what people say of this entity; made when missing.
-- Its id is the entity's. It never leaves its entity but by a merge (identity.check_split). Records of the source manual that a merge has
-- brought are not it: what is said of the survivor stays with the survivor.
create or replace function catalog.manual_record(p_juke_id uuid)
returns bigint
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  v_record_id bigint;
begin
  loop
    select r.record_id into v_record_id
    from ingest.record r
    join catalog.entity e on e.juke_id = p_juke_id and e.kind = r.kind
    where r.source = 'manual' and r.source_record_id = p_juke_id::text;
    exit when found;

    insert into ingest.record (source, kind, source_record_id, checksum, body, delivery_id)
    select 'manual', e.kind, e.juke_id::text, md5(concat('{}', chr(10), null))::uuid, '{}', catalog.manual_delivery(p_juke_id, '{}')
    from catalog.entity e
    where e.juke_id = p_juke_id
    on conflict on constraint record_is_one_per_source_kind_and_id do nothing
    returning record_id into v_record_id;
    if found then
      insert into identity.membership (record_id, juke_id, rule) values (v_record_id, p_juke_id, 'manual');
      exit;
    end if;
    -- Another session has made it at this moment: now it can be seen.
  end loop;
  return v_record_id;
end
$$;

comment on function catalog.manual_record(uuid) is 'The record that holds what people say of an entity.';
