-- ingest.check_source(source): it is the name of a source. Whether there is one of that name is not asked.
-- Errors: JB203 when it is not a lower-case word.
create or replace function ingest.check_source(p_source text)
returns void
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
begin
  if p_source is null or p_source !~ '^[a-z][a-z0-9_-]{0,62}$' then
    raise exception 'not a source name: "%"', coalesce(left(p_source, 100), 'null')
      using errcode = 'JB203', detail = 'A source is a lower-case word of at most 63 letters, digits, - and _.',
        hint = 'For example: label-x.';
  end if;
end
$$;

comment on function ingest.check_source(text) is 'Refuses what is not the name of a source.';
