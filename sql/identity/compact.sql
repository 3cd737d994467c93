-- identity.compact(value) → a code without the spaces, hyphens and dots it is printed with, in capital letters.
-- Hyphens and digits of other kinds (a dash from a web page, full-width digits) count as those of ASCII.
-- Inlined where it is called, therefore without SET.
-- Example: select identity.compact('gb-aye-68-00011')  -- GBAYE6800011
create or replace function identity.compact(p_value text)
returns text
language sql
immutable
parallel safe
as $$
  select upper(translate(
    case
      when octet_length(p_value) = length(p_value) then p_value
      -- In this order: soft hyphen, zero-width space and joiners, hyphens, dashes, minus, byte order mark.
      else translate(normalize(p_value, nfkc), U&'\00AD\200B\200C\200D\2010\2011\2012\2013\2014\2015\2212\FEFF', '')
    end,
    ' -.', ''
  ) collate "C")
$$;

comment on function identity.compact(text) is
  'A code without the spaces, hyphens and dots it is printed with, in capital letters.';
