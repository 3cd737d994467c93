-- catalog.manual_record(juke_id) → the record of the source manual that holds what people say of this entity; made when missing.
-- Its id is the entity's, with a number when a split has taken the one before away. Records of the source manual that a merge has
-- brought are not it: what is said of the survivor stays with the survivor.
create or replace function catalog.manual_record(p_juke_id uuid)
returns bigint
language plpgsql
volatile
set search_path = ''
as $$
declare
  v_record_id bigint;
  v_id text := p_juke_id::text;
  v_kind constant catalog.entity_kind := (select e.kind from catalog.entity e where e.juke_id = p_juke_id);
begin
  loop
    select m.record_id into v_record_id
    from identity.membership m
    join ingest.record r on r.record_id = m.record_id
    where m.juke_id = p_juke_id and r.source = 'manual' and left(r.source_record_id, 36) = p_juke_id::text
    order by m.record_id desc
    limit 1;
    exit when v_record_id is not null;
    insert into ingest.record (source, kind, source_record_id, checksum, body, delivery_id)
    values (
      'manual', v_kind, v_id, md5(concat('{}', chr(10), null))::uuid, '{}',
      ingest.open_delivery('manual', identity.actor(), 'edit', sha256(convert_to(v_id, 'UTF8')), 0)
    )
    on conflict on constraint record_is_one_per_source_kind_and_id do nothing
    returning record_id into v_record_id;
    if v_record_id is not null then
      insert into identity.membership (record_id, juke_id, rule) values (v_record_id, p_juke_id, 'manual');
      exit;
    end if;
    -- It is there: another session has made it at this moment, or a split has taken it away.
    v_id := format('%s/%s', p_juke_id, coalesce(nullif(split_part(v_id, '/', 2), '')::int, 1) + 1);
  end loop;
  return v_record_id;
end
$$;

comment on function catalog.manual_record(uuid) is 'The record that holds what people say of an entity.';
