-- catalog.edit(entity, patch, expected_version) → the entity. A person's word on its attributes and lists, in the shape of
-- formats/record.schema.json; it outranks every source. A key set to null is left to the sources again. What it refers to is named
-- by juke_id: {"contributor": {"kind": "artist", "id": "0190…"}}.
-- expected_version: the version the person has seen; null to edit whatever is there.
-- Errors: JB151, JB152, JB162 the version is stale (the detail has the current one and what changed since), JB163 a key that
-- cannot be edited, a value that is not of its type or a reference to nothing.
-- Example: select version from catalog.edit('0190…', '{"name": "Beyoncé"}', 3)
create or replace function catalog.edit(entity uuid, patch jsonb, expected_version int default null)
returns catalog.entity
language plpgsql
volatile
security definer -- an editor needs no right to the tables
set search_path = ''
as $$
declare
  v_entity catalog.entity;
  v_record_id bigint;
  v_unknown text;
  v_referent record;
begin
  perform identity.seize(array[entity]);
  select e.* into v_entity from catalog.entity e where e.juke_id = entity;
  if expected_version <> v_entity.version then
    raise exception 'version % is stale', expected_version
      using errcode = 'JB162',
        detail = format('The current version is %s. Changed since: %s.', v_entity.version, coalesce(
          catalog.changed_since(entity, expected_version), 'not recorded any more')),
        hint = 'Read the entity again and repeat the edit.';
  end if;

  if jsonb_typeof(patch) is distinct from 'object' then
    raise exception 'not a patch: %', coalesce(left(patch::text, 50), 'null')
      using errcode = 'JB163', detail = 'It is no object.',
        hint = 'Its keys are those of formats/record.schema.json; ids are claimed with identity.claim.';
  end if;
  select k.key into v_unknown
  from jsonb_object_keys(patch) k (key)
  where k.key not in (
      select case a.attname
          when 'release_status' then 'status'
          else case when a.attname like '%\_id' then left(a.attname, -3) else a.attname end
        end
      from pg_catalog.pg_attribute a
      where a.attrelid = format('catalog.%I', v_entity.kind)::regclass and a.attnum > 0 and a.attname <> 'juke_id'
    )
    and k.key not in (
      'aliases', 'credits', 'genres', 'images', 'media', 'tracks', 'labels', 'release_events', 'works', 'parents'
    )
  limit 1;
  if found then
    raise exception 'cannot edit "%" of a %', v_unknown, v_entity.kind
      using errcode = 'JB163', detail = 'It is neither an attribute nor a list of that kind.',
        hint = 'The keys are those of formats/record.schema.json; ids are claimed with identity.claim.';
  end if;

  v_record_id := catalog.manual_record(entity);
  begin
    perform
    from catalog.entity e
    where e.juke_id in (select t.id::uuid from ingest.referents(patch) t)
    order by e.juke_id
    for key share;
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
      delivery_id = catalog.manual_delivery(entity, patch), changed_at = clock_timestamp()
    from (
      select jsonb_strip_nulls(r.body || patch) as body from ingest.record r where r.record_id = v_record_id
    ) n
    where r.record_id = v_record_id;
    perform catalog.project(array[entity]);
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
