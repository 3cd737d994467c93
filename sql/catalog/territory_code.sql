-- catalog.territory_code(text) → the code of a territory as it is today: ISO 3166-1 alpha-2 (GB), or 3166-2 (CA-QC, of which only the
-- country is checked). Case does not matter; a code that was renamed is read as today's (UK → GB).
-- Errors: JB260 it is none, or was replaced by several.
-- Example: select catalog.territory_code('uk')  -- GB
create or replace function catalog.territory_code(p_territory text)
returns text
language plpgsql
stable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_given constant text := upper(p_territory);
  v_country catalog.territory;
begin
  if v_given ~ '^[A-Z]{2}(-[A-Z0-9]{1,3})?$' then
    select t.* into v_country from catalog.territory t where t.territory = left(v_given, 2);
  end if;
  if v_country.territory is null then
    raise exception 'not a territory: %', coalesce(left(p_territory, 50), 'null')
      using errcode = 'JB260',
        detail = case
          when v_given = 'WORLDWIDE' then 'The answer depends on where.'
          when v_given in ('EU', 'EZ', 'UN') then 'It is a group of countries.'
          else 'No country has this code.'
        end,
        hint = 'Say one country by its two letters (ISO 3166-1: DE), or a part of it (ISO 3166-2: CA-QC); ask for each country by itself.';
  elsif v_country.replaced_by is not null then
    raise exception 'not a territory any more: %', left(p_territory, 50)
      using errcode = 'JB260', detail = format('%s was withdrawn from ISO 3166-1.', v_country.territory),
        hint = format('Ask for what is there now: %s.', array_to_string(v_country.replaced_by, ', '));
  end if;
  return coalesce(v_country.renamed_to, v_country.territory) || substr(v_given, 3);
end
$$;

comment on function catalog.territory_code(text) is 'The code of a territory as it is today; refuses what is none.';
