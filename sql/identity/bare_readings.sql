-- identity.bare_readings(text) → what a text may be that does not say it, the likeliest first: the rows of identity.shape
-- that it has the shape of and in whose scheme it is valid. Each scheme once; kinds is null where the value does not say.
-- An address of a known service that none of its patterns knows (a playlist) is nothing, and no feed either.
-- Inlined where it is called, therefore without SET.
-- Example: select scheme, value, confidence from identity.bare_readings('9781857982183')  -- isbn 0.97, gtin 0.5
create or replace function identity.bare_readings(p_text text)
returns setof identity.reading
language sql
stable
parallel safe
rows 3
as $$
  with given as materialized (
    select g.plain,
      identity.domains(lower(substring(g.plain from '^[Hh][Tt][Tt][Pp][Ss]?://(?:[^@/?#]*@)?([^/:?#]+)'))) as domains
    from (
      select btrim(
        case
          when octet_length(p_text) = length(p_text) then left(p_text, 4000)
          -- Dashes and spaces as web pages and word processors write them; nothing without a width.
          else translate(
            normalize(left(p_text, 4000), nfkc), U&'\2010\2011\2012\2013\2014\2015\2212\00AD\200B\200C\200D\FEFF', '-------'
          )
        end,
        E' \t\r\n'
      ) as plain
    ) g
  ),
  reading as (
    select distinct on (h.scheme) s.rank, h.scheme, c.value, h.confidence, h.why, g.plain
    from given g
    -- CASE, because the length must be looked at first: a session keeps no more than 32 compiled expressions.
    join identity.shape h on case when length(g.plain) between h.shortest and h.longest then g.plain ~ h.pattern end
    join identity.scheme s on s.scheme = h.scheme
    cross join lateral identity.canonical(h.scheme, g.plain) c (value)
    where c.value is not null
      and not exists (select from identity.url_pattern p where p.domain = any (g.domains))
    order by h.scheme, h.confidence desc
  )
  select r.scheme, r.value, identity.named_kinds(r.scheme, r.plain), r.confidence, r.why
  from reading r
  order by r.confidence desc, r.rank
$$;

comment on function identity.bare_readings(text) is
  'What a text may be that does not say it: the schemes whose shape it has and in which it is valid.';
