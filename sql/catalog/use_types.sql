-- catalog.use_types(usage) → the use types of which a term must name one to allow this one: itself, those that cover it, those
-- that it covers. DDEX allowed value set UseType, as catalog.use_type has it.
-- Errors: JB261 there is no such use type.
-- Example: select catalog.use_types('OnDemandStream')  -- {OnDemandStream,Stream,Use}
create or replace function catalog.use_types(p_usage text)
returns text[]
language plpgsql
stable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
begin
  if not exists (select from catalog.use_type t where t.use_type = p_usage) then
    raise exception 'not a use type: %', coalesce(left(p_usage, 50), 'null')
      using errcode = 'JB261', detail = 'It is none of the DDEX allowed value set UseType, where case matters.',
        hint = 'Stream, OnDemandStream, Download, PermanentDownload…: catalog.use_type lists them.';
  end if;
  return array(
    with recursive above as (
      select t.use_type, t.parent from catalog.use_type t where t.use_type = p_usage
      union all
      select t.use_type, t.parent from above a join catalog.use_type t on t.use_type = a.parent
    ),
    below as (
      select t.use_type from catalog.use_type t where t.parent = p_usage
      union all
      select t.use_type from below b join catalog.use_type t on t.parent = b.use_type
    )
    select a.use_type from above a union all select b.use_type from below b
  );
end
$$;

comment on function catalog.use_types(text) is 'The use types of which a term must name one to allow this one.';
