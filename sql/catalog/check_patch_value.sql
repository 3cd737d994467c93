-- catalog.check_patch_value(value, type) → what a value of an edit must be, in words; null when it is that.
-- type: text, string (it may be empty), texts, many_texts (at least one), territories, boolean, date, moment, country, language, language_tag, script, url, instant;
-- 'integer 1 999999', 'number 0 100': the least and the greatest; 'reference artist label': the kinds it may refer to;
-- 'one_of P C': what it may be; 'list recipients': a list of catalog.check_patch_list.
-- Example: select catalog.check_patch_value('""', 'text')  -- a text that is not empty
create or replace function catalog.check_patch_value(p_value jsonb, p_type text)
returns text
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
  v_words constant text[] := string_to_array(p_type, ' ');
  v_is constant text := coalesce(jsonb_typeof(p_value), 'null');
  v_text constant text := case when v_is = 'string' then p_value #>> '{}' end;
begin
  case v_words[1]
    when 'text' then
      return case when v_text ~ '\S' then null else 'a text that is not empty' end;
    when 'string' then
      return case when v_is = 'string' then null else 'a text' end;
    when 'texts' then
      return case
        when v_is = 'array' and not exists (
          select from jsonb_array_elements(case when v_is = 'array' then p_value end) t (value)
          where jsonb_typeof(t.value) <> 'string' or t.value #>> '{}' !~ '\S'
        ) then null
        else 'an array of texts that are not empty'
      end;
    when 'many_texts' then
      return case
        when p_value <> '[]' and catalog.check_patch_value(p_value, 'texts') is null then null
        else 'an array of texts that are not empty, at least one'
      end;
    when 'territories' then
      return case
        when p_value <> '[]' and catalog.check_patch_value(p_value, 'texts') is null and not exists (
          select from jsonb_array_elements_text(case when v_is = 'array' then p_value end) t (code)
          where t.code !~ '^(Worldwide|[A-Z]{2}(-[A-Z0-9]{1,3})?)$'
        ) then null
        else 'an array of codes of countries or their parts (ISO 3166-1, ISO 3166-2) or Worldwide, at least one'
      end;
    when 'one_of' then
      return case when v_text = any (v_words[2:]) then null else array_to_string(v_words[2:], ' or ') end;
    when 'list' then
      return 'a list of ' || v_words[2] || ' (' || rtrim(catalog.check_patch_list(v_words[2], coalesce(p_value, 'null')), '.') || ')';
    when 'boolean' then
      return case when v_is = 'boolean' then null else 'true or false' end;
    when 'integer' then
      return case
        when v_is = 'number' and p_value::text ~ '^-?[0-9]+$'
          and p_value::numeric between v_words[2]::numeric and v_words[3]::numeric then null
        else format('an integer from %s to %s', v_words[2], v_words[3])
      end;
    when 'number' then
      return case
        when v_is = 'number' and p_value::numeric between v_words[2]::numeric and v_words[3]::numeric then null
        else format('a number from %s to %s', v_words[2], v_words[3])
      end;
    when 'date' then
      begin
        if v_text::catalog.partial_date is not null then
          return null;
        end if;
      exception when data_exception or check_violation then
        null;
      end;
      return 'a real date, YYYY or YYYY-MM or YYYY-MM-DD';
    when 'instant' then
      begin
        if v_text ~* '^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d([.]\d+)?(Z|[+-]\d\d:\d\d)$' and v_text::timestamptz is not null then
          return null;
        end if;
      exception when data_exception then
        null;
      end;
      return 'a date and time with its offset (RFC 3339)';
    when 'moment' then
      return case
        when catalog.check_patch_value(p_value, 'instant') is null
          or length(v_text) = 10 and catalog.check_patch_value(p_value, 'date') is null then null
        else 'a day, YYYY-MM-DD, or a date and time with its offset (RFC 3339)'
      end;
    when 'country' then
      return case when v_text ~ '^[A-Z]{2}$' then null else 'two upper-case letters (ISO 3166-1)' end;
    when 'language' then
      return case when v_text ~ '^[a-z]{2,3}$' then null else 'two or three lower-case letters (ISO 639)' end;
    when 'language_tag' then
      return case when v_text ~ '^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$' then null else 'a language tag (BCP 47)' end;
    when 'script' then
      return case when v_text ~ '^[A-Z][a-z]{3}$' then null else 'four letters, the first in upper case (ISO 15924)' end;
    when 'url' then
      return case
        when v_text ~ '^https?://\S+$' and length(v_text) <= 2000 then null
        else 'an http or https URL of at most 2000 characters'
      end;
    when 'reference' then
      return case
        when v_is = 'object' and p_value - '{kind,id}'::text[] = '{}'
          and jsonb_typeof(p_value -> 'kind') = 'string' and p_value ->> 'kind' = any (v_words[2:])
          and jsonb_typeof(p_value -> 'id') = 'string'
          and p_value ->> 'id' ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then null
        else format(
          '{"kind": "%s", "id": a juke_id in lower case}', array_to_string(v_words[2:], '" or "')
        )
      end;
  end case;
end
$$;

comment on function catalog.check_patch_value(jsonb, text) is
  'What a value of an edit must be, in words; null when it is that.';
