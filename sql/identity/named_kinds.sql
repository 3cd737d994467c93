-- identity.named_kinds(scheme, value) → the kinds that the value itself says it names, or null when it does not say:
-- Discogs by the letter in front (r249504 is a release), Open Library by the letter at the end, YouTube by channel or video,
-- and every URL by its path.
-- Example: select identity.named_kinds('discogs', 'm21491')  -- {album}
create or replace function identity.named_kinds(p_scheme text, p_value text)
returns catalog.entity_kind[]
language plpgsql
stable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_value constant text := btrim(p_value, E' \t\r\n\u00a0\u200b\ufeff');
  v_reference identity.reference;
begin
  if p_scheme = 'bandcamp' or strpos(v_value, '://') > 0 and p_scheme not in ('feed_url', 'episode_guid') then
    v_reference := identity.parse_url(left(v_value, 4000));
    return case when v_reference.scheme = p_scheme then v_reference.kinds end;
  end if;
  return case p_scheme
    when 'discogs' then
      case lower(substring(v_value from '^\[?([almrALMR])=?[1-9]'))
        when 'a' then '{artist}'
        when 'l' then '{label}'
        when 'm' then '{album}'
        when 'r' then '{release}'
      end
    when 'openlibrary' then
      case upper(right(v_value, 1))
        when 'A' then '{artist}'
        when 'M' then '{book,audiobook}'
        when 'W' then '{book,audiobook}'
      end
    when 'youtube' then
      case length(v_value)
        when 11 then '{video,track,episode}'
        when 24 then '{artist,label,podcast}'
      end
  end::catalog.entity_kind[];
end
$$;

comment on function identity.named_kinds(text, text) is
  'The kinds that an id itself says it names (discogs r249504: a release), or null when it does not say.';
