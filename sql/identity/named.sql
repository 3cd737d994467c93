-- identity.named(juke_id) → an entity as a person knows it: its name and its key. Example: select identity.named('0190…')  -- "Song" (0190…)
create or replace function identity.named(p_juke_id uuid)
returns text
language sql
stable
parallel safe
as $$
  select coalesce(
    (select format('"%s" (%s)', e.display_name, e.juke_id) from catalog.entity e where e.juke_id = p_juke_id),
    p_juke_id::text
  )
$$;

comment on function identity.named(uuid) is 'An entity as a person knows it: its name and its key.';
