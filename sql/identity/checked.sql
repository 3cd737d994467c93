-- identity.checked(source, external_id, kind) → the canonical form of an id that a person has typed.
-- Errors: JB105 unknown scheme, JB106 the scheme does not name this kind, JB150 not valid.
create or replace function identity.checked(p_source text, p_external_id text, p_kind catalog.entity_kind)
returns text
language plpgsql
stable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_scheme identity.scheme;
  v_value text;
  v_special text;
begin
  select s.* into v_scheme from identity.scheme s where s.scheme = p_source;
  if not found then
    raise exception 'unknown identifier scheme "%"', coalesce(p_source, 'null')
      using errcode = 'JB105',
        detail = format('Known schemes: %s.', (select string_agg(s.scheme, ', ' order by s.rank) from identity.scheme s)),
        hint = 'Add a row to identity.scheme for a new one.';
  elsif p_kind <> all (v_scheme.kinds) then
    raise exception 'scheme "%" does not name kind %', p_source, p_kind
      using errcode = 'JB106', detail = format('It names %s.', array_to_string(v_scheme.kinds, ', ')),
        hint = 'Check the kind, or add it to identity.scheme.kinds.';
  end if;
  v_value := identity.canonical(p_source, p_external_id);
  if v_value is null then
    raise exception 'not a valid % id: %', p_source, coalesce(left(p_external_id, 100), 'null')
      using errcode = 'JB150', detail = format('Its form is not that of %s, or its check digit does not agree.', v_scheme.title),
        hint = 'Check it for a typing error.';
  end if;
  if p_kind <> all (coalesce(identity.named_kinds(p_source, p_external_id), v_scheme.kinds)) then
    raise exception '% % is not the id of a %', p_source, left(p_external_id, 100), p_kind
      using errcode = 'JB106',
        detail = format('It says itself that it names: %s.', array_to_string(identity.named_kinds(p_source, p_external_id), ', ')),
        hint = 'Claim it for what it names.';
  end if;
  select p.title into v_special
  from identity.special_entity p
  where p.source = p_source and p.external_id = v_value and p.kind = p_kind;
  if found then
    raise exception '% % is the id of %', p_source, v_value, v_special
      using errcode = 'JB155', detail = 'That stands for no one in particular (identity.special_entity), and keeps its ids.',
        hint = 'Correct the credits instead.';
  end if;
  return v_value;
end
$$;

comment on function identity.checked(text, text, catalog.entity_kind) is 'The canonical form of a typed id, or the reason why it has none.';
