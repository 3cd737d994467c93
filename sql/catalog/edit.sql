-- catalog.edit(entity, patch, expected_version) → the entity. A person's word on its attributes and lists, in the shape of
-- formats/record.schema.json; it outranks every source. A key set to null is left to the sources again. What it refers to is named
-- by juke_id: {"contributor": {"kind": "artist", "id": "0190…"}}.
-- expected_version: the version the person has seen; null to edit whatever is there.
-- Errors: JB151, JB152, JB162 the version is stale (the detail has the current one and what changed since), JB163 a key that
-- cannot be edited, a value that is not of its type or a reference to nothing (catalog.check_patch), JB174 not at read committed.
-- Example: select version from catalog.edit('0190…', '{"name": "Beyoncé"}', 3)
create or replace function catalog.edit(entity uuid, patch jsonb, expected_version int default null)
returns catalog.entity
language plpgsql
volatile
security definer -- an editor needs no right to the tables
set search_path = pg_catalog, pg_temp
as $$
declare
  v_entity catalog.entity;
  v_delivery_id bigint;
  v_record_id bigint;
  v_juke_id uuid;
  v_referent record;
begin
  perform identity.require_read_committed();
  perform catalog.check_patch(e.kind, patch) from catalog.entity e where e.juke_id = entity; -- the kind of an entity never changes
  if found then
    -- Locked in the order of ids, together with what it will refer to and what it refers to already: of two edits, each of what
    -- the other one names, one waits for the other.
    foreach v_juke_id in array array(
      select entity
      union
      select t.id::uuid from ingest.referents(patch) t
      union
      select r.juke_id
      from catalog.statements(array[entity]) s
      cross join lateral ingest.referents(jsonb_build_object(s.key, s.value)) t
      cross join lateral (
        select m.juke_id
        from ingest.record r
        join identity.membership m on m.record_id = r.record_id
        where r.source_record_id = t.id and r.kind = t.kind and r.source = s.source
        offset 0 -- by the index, however many the planner expects
      ) r
      where jsonb_typeof(s.value) in ('object', 'array')
      order by 1
    )
    loop
      if v_juke_id = entity then
        perform from catalog.entity e where e.juke_id = v_juke_id for update;
      else
        perform from catalog.entity e where e.juke_id = v_juke_id for key share;
      end if;
    end loop;
  end if;
  perform identity.seize(array[entity], p_expected => catalog.seen(entity, expected_version));

  v_delivery_id := catalog.manual_delivery(entity, patch);
  perform set_config('jukebase.edit', v_delivery_id::text, true); -- what the events name: feed.origin
  v_record_id := catalog.manual_record(entity);
  begin
    for v_referent in
      select distinct t.kind, t.id, e.juke_id
      from ingest.referents(patch) t
      left join catalog.entity e on e.juke_id = t.id::uuid and e.kind = t.kind and e.status = 'active'
      order by e.juke_id
    loop
      if v_referent.juke_id is null then
        raise exception 'no % %', v_referent.kind, v_referent.id using errcode = 'foreign_key_violation';
      end if;
      perform catalog.manual_record(v_referent.juke_id); -- by which the source manual refers to it
    end loop;
    insert into ingest.record_version (record_id, version, body, mention, delivery_id, changed_at)
    select r.record_id, r.version, r.body, r.mention, r.delivery_id, r.changed_at
    from ingest.record r
    where r.record_id = v_record_id;
    update ingest.record r
    set body = n.body, checksum = md5(concat(n.body, chr(10), r.mention))::uuid, version = r.version + 1,
      delivery_id = v_delivery_id, changed_at = clock_timestamp()
    from (
      select jsonb_strip_nulls(r.body || patch) as body from ingest.record r where r.record_id = v_record_id
    ) n
    where r.record_id = v_record_id;
    perform catalog.project(array[entity]);
    perform set_config('jukebase.edit', '', true);
  exception when data_exception or integrity_constraint_violation then
    raise exception 'cannot edit %: %', entity, sqlerrm
      using errcode = 'JB163', detail = left(patch::text, 500), hint = 'The values are those of formats/record.schema.json.';
  end;
  select e.* into v_entity from catalog.entity e where e.juke_id = entity;
  return v_entity;
end
$$;

comment on function catalog.edit(uuid, jsonb, int) is
  E'@name edit\n@resultFieldName entity\nA person''s word on the attributes of an entity, in the shape of formats/record.schema.json; outranks every source. A key set to null is left to the sources again. Errors: JB151, JB152, JB162 `expectedVersion` is stale, JB163.';
