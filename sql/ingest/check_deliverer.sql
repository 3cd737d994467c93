-- ingest.check_deliverer(source): it is a source that delivers.
-- Errors: JB203 for what is no name of one, and for what people say by hand.
create or replace function ingest.check_deliverer(p_source text)
returns void
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
begin
  perform ingest.check_source(p_source);
  if p_source = 'manual' then
    raise exception 'people do not deliver'
      using errcode = 'JB203', detail = '"manual" is the source of what they say: it outranks all others.',
        hint = 'Deliver under another name, or edit with catalog.edit.';
  end if;
end
$$;

comment on function ingest.check_deliverer(text) is 'Refuses what is not a source that delivers.';
