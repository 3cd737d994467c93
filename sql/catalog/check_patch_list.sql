-- catalog.check_patch_list(list, value) → the first thing that is wrong with a list of an edit, a sentence; null when it is in
-- the shape of formats/record.schema.json. What an entry need not say may be null; a genre is named by its juke_id.
-- Example: select catalog.check_patch_list('images', '[{}]')  -- /images/0/url must be an http or https URL…, it is missing.
create or replace function catalog.check_patch_list(p_list text, p_value jsonb)
returns text
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
  v_many constant text := 'integer 1 2147483647';
  v_milliseconds constant text := 'integer 0 2147483647';
  -- What entries say and of which type (catalog.check_patch_value); what they must say is marked with "!".
  v_keys constant jsonb := jsonb_build_object(
    'aliases', jsonb_build_object(
      'name', '!text', 'sort_name', 'text', 'locale', 'text', 'alias_type', 'text', 'is_primary', 'boolean',
      'begin_date', 'date', 'end_date', 'date'),
    'credits', jsonb_build_object(
      'contributor', '!reference artist label', 'role', '!text', 'position', v_many, 'credited_as', 'text',
      'join_phrase', 'string', 'share', 'number 0 100', 'mechanical_share', 'number 0 100',
      'synchronization_share', 'number 0 100', 'attributes', 'texts'),
    'genres', jsonb_build_object('genre', '!reference genre', 'weight', 'number 0 1000000000'),
    'images', jsonb_build_object('url', '!url', 'image_type', 'text', 'width', v_many, 'height', v_many),
    'media', jsonb_build_object('disc', '!' || v_many, 'format', 'text', 'title', 'text'),
    'tracks', jsonb_build_object(
      'disc', '!' || v_many, 'position', '!integer 0 2147483647', 'number', 'text', 'title', 'text',
      'duration_ms', v_milliseconds, 'track', 'reference track', 'video', 'reference video'),
    'labels', jsonb_build_object('label', '!reference label', 'catalog_number', 'text'),
    'release_events', jsonb_build_object('country', 'country', 'date', 'date'),
    'works', jsonb_build_object('work', '!reference work', 'relation', 'text', 'attributes', 'texts'),
    'parents', jsonb_build_object('genre', '!reference genre'),
    'rights', jsonb_build_object(
      'territories', 'territories', 'excluded_territories', 'territories', 'usages', 'many_texts',
      'commercial_models', 'many_texts', 'valid_from', 'moment', 'valid_until', 'moment'),
    'copyrights', jsonb_build_object('line', '!one_of P C', 'year', 'integer 1800 2200', 'text', '!text'),
    'relations', jsonb_build_object(
      'artist', '!reference artist', 'relation', '!one_of member group alias', 'begin_date', 'date', 'end_date', 'date',
      'ended', 'boolean'),
    'chapters', jsonb_build_object(
      'start_ms', '!' || v_milliseconds, 'end_ms', v_milliseconds, 'title', 'text', 'url', 'url', 'image_url', 'url'),
    'transcripts', jsonb_build_object('url', '!url', 'media_type', 'text', 'language', 'language_tag', 'rel', 'text'),
    'value', jsonb_build_object('type', '!text', 'method', '!text', 'suggested', 'text', 'recipients', '!list recipients'),
    'recipients', jsonb_build_object(
      'name', 'text', 'type', '!text', 'address', '!text', 'split', '!number 0 1000000000', 'fee', 'boolean',
      'custom_key', 'text', 'custom_value', 'text')
  ) -> p_list;
  v_entry record;
  v_flaw text;
begin
  if jsonb_typeof(p_value) <> 'array' then
    return format('It must be an array of objects, it is %s.', left(p_value::text, 100));
  end if;
  for v_entry in
    select format('/%s/%s', p_list, e.n - 1) as at, e.value, jsonb_strip_nulls(e.value) as said
    from jsonb_array_elements(p_value) with ordinality e (value, n)
    order by e.n
  loop
    if jsonb_typeof(v_entry.value) <> 'object' then
      return format('%s must be an object, it is %s.', v_entry.at, left(v_entry.value::text, 100));
    end if;
    select format('%s has no key "%s". Its keys: %s.', v_entry.at, k.key, (
      select string_agg(o.key, ', ' order by o.key) from jsonb_object_keys(v_keys) o (key)
    )) into v_flaw
    from jsonb_object_keys(v_entry.value) k (key)
    where not v_keys ? k.key
    order by k.key
    limit 1;
    if found then
      return v_flaw;
    end if;
    select format('%s/%s must be %s, it is %s.', v_entry.at, k.key, f.must_be,
      coalesce(left((v_entry.said -> k.key)::text, 100), 'missing')
    ) into v_flaw
    from jsonb_each_text(v_keys) k
    cross join lateral catalog.check_patch_value(v_entry.value -> k.key, ltrim(k.value, '!')) f (must_be)
    where f.must_be is not null and (v_entry.said ? k.key or k.value like '!%')
    order by k.key
    limit 1;
    if found then
      return v_flaw;
    end if;
    if p_list = 'tracks' and (v_entry.said ? 'track') = (v_entry.said ? 'video') then
      return format('%s needs either "track" or "video", and only one.', v_entry.at);
    elsif p_list = 'release_events' and not v_entry.said ?| '{country,date}' then
      return format('%s needs "country" or "date".', v_entry.at);
    end if;
  end loop;
  return null;
end
$$;

comment on function catalog.check_patch_list(text, jsonb) is
  'The first thing that is wrong with a list of an edit; null when it is in the shape of a record.';
