-- catalog.check_patch(kind, patch): refuses an edit that is not in the shape of formats/record.schema.json: a key that this kind
-- does not have, a value of another type, a list whose entries do not say what they must. A key may be null.
-- Errors: JB163.
-- Example: select catalog.check_patch('artist', '{"name": ""}')  -- JB163 cannot edit "name" of this artist
create or replace function catalog.check_patch(p_kind catalog.entity_kind, p_patch jsonb)
returns void
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
  v_hint constant text := 'Its keys are those of formats/record.schema.json; ids are claimed with identity.claim.';
  v_lists constant text[] := '{aliases,credits,genres,images}'::text[]
    || case
      when p_kind in ('artist', 'work', 'genre', 'label') then '{}'::text[]
      else '{rights,copyrights}'
    end
    || case p_kind
      when 'release' then '{media,tracks,labels,release_events}'::text[]
      when 'track' then '{works}'
      when 'genre' then '{parents}'
      when 'artist' then '{relations}'
      when 'podcast' then '{value}'
      when 'episode' then '{chapters,transcripts,value}'
      when 'audiobook' then '{chapters}'
      else '{}'
    end;
  v_key record;
  v_flaw text;
begin
  if jsonb_typeof(p_patch) is distinct from 'object' then
    raise exception 'not a patch: %', coalesce(left(p_patch::text, 50), 'null')
      using errcode = 'JB163', detail = 'It must be an object.', hint = v_hint;
  end if;

  for v_key in
    select p.key, p.value, c.type
    from jsonb_each(p_patch) p
    left join (
      select
        case
          when a.attname = 'release_status' then 'status' -- status is the entity's own
          when a.attname like '%\_id' then left(a.attname, -3)
          else a.attname
        end as key,
        case
          when a.attname = 'parent_id' then 'reference ' || p_kind
          when a.attname like '%\_id' then 'reference ' || left(a.attname, -3)
          when a.attname like '%\_url' then 'url'
          when a.attname = 'script' then 'script'
          when a.attname = 'language' and p_kind = 'release' then 'language'
          when a.attname = 'language' then 'language_tag'
          when a.attname in ('label_code', 'page_count') then 'integer 1 2147483647'
          when a.attname = 'popularity' then 'integer 0 100'
          else case format_type(a.atttypid, null)
            when 'text' then 'text'
            when 'text[]' then 'texts'
            when 'boolean' then 'boolean'
            when 'smallint' then 'integer 0 100' -- popularity
            when 'integer' then 'integer 0 2147483647'
            when 'bigint' then 'integer 0 9007199254740991'
            when 'timestamp with time zone' then 'instant'
            when 'catalog.partial_date' then 'date'
            when 'catalog.country_code' then 'country'
          end
        end as type
      from pg_catalog.pg_attribute a
      where a.attrelid = format('catalog.%I', p_kind)::regclass and a.attnum > 0 and not a.attisdropped
        and a.attname <> 'juke_id'
    ) c on c.key = p.key
    order by p.key
  loop
    v_flaw := case
      when v_key.key = any (v_lists) then
        case when v_key.value <> 'null' then catalog.check_patch_list(v_key.key, v_key.value) end
      when v_key.type is null then 'It is neither an attribute nor a list of that kind.'
      when v_key.value <> 'null' then
        'It must be ' || catalog.check_patch_value(v_key.value, v_key.type) || format(', it is %s.', left(v_key.value::text, 100))
    end;
    continue when v_flaw is null;
    raise exception 'cannot edit "%" of this %', v_key.key, p_kind
      using errcode = 'JB163', detail = v_flaw, hint = v_hint;
  end loop;
end
$$;

comment on function catalog.check_patch(catalog.entity_kind, jsonb) is
  'Refuses an edit that is not in the shape of a record of that kind.';
