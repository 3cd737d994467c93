-- identity.special_title(juke_ids) → the name of the first special entity among them (Various Artists, [unknown]…), or null.
create or replace function identity.special_title(p_juke_ids uuid[])
returns text
language sql
stable
parallel safe
as $$
  select p.title
  from identity.special_entity p
  join identity.external_id x on x.external_id = p.external_id and x.source = p.source and x.kind = p.kind
  where x.juke_id = any (p_juke_ids)
  order by x.juke_id
  limit 1
$$;

comment on function identity.special_title(uuid[]) is 'The name of the first entity among these that stands for no one in particular.';
