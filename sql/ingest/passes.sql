-- ingest.passes(said, field, test, argument) → whether a record fills a field as a quality rule wants it. field: a key of the record, or ids.<scheme>.
-- present: it says something; valid: ids that are valid; min_length: a text of so many characters; min_items: a list of so many; matches: a
-- text that a regular expression matches.
create or replace function ingest.passes(p_said jsonb, p_field text, p_test text, p_argument text)
returns boolean
language sql
stable
parallel safe
as $$
  select coalesce(
    case p_test
      when 'present' then v.value not in ('null', '""', '[]', '{}')
      when 'valid' then (
        select bool_and(identity.canonical(substr(p_field, 5), i.raw) is not null)
        from jsonb_array_elements_text(case jsonb_typeof(v.value) when 'array' then v.value else jsonb_build_array(v.value) end) i (raw)
      )
      when 'min_length' then char_length(v.value #>> '{}') >= p_argument::int
      when 'min_items' then case jsonb_typeof(v.value) when 'array' then jsonb_array_length(v.value) >= p_argument::int end
      when 'matches' then (v.value #>> '{}') ~ p_argument
    end,
    false
  )
  from (select p_said #> case when p_field like 'ids.%' then array['ids', substr(p_field, 5)] else array[p_field] end) v (value)
$$;

comment on function ingest.passes(jsonb, text, text, text) is 'Whether a record fills a field as a quality rule wants it.';
