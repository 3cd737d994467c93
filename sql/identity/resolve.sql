-- identity.resolve(ref) → the entity that anything a person would paste stands for.
-- No row: the reference is well formed and names nothing here; it never falls through to a weaker rule.
-- Several rows with status 'ambiguous': things of several kinds carry this id; say the kind (discogs:artist:3840).
-- Several rows with status 'found': the id is of a shared scheme (ISRC), and these claim it, the best first.
-- is_contested: another entity claims this id too; the best claim answers (identity.standing_claims), identity.explain shows all.
-- Errors: JB103 when the text is not a reference, or could be several; its detail lists them.
-- Example: select juke_id, kind, rule from identity.resolve('https://musicbrainz.org/artist/a74b1b7f-71a5-4011-9441-d0b5e4122711')
create or replace function identity.resolve(ref text)
returns setof identity.resolution
language plpgsql
stable
parallel safe
rows 1
security definer -- a caller needs no right to the schemes, the patterns and the ids
set search_path = pg_catalog, pg_temp
as $$
declare
  v_reference constant identity.reference := identity.parse(ref);
begin
  if v_reference.scheme is null then
    perform identity.refuse_reference(ref);
  end if;
  if exists (
    select from identity.scheme s where s.scheme = v_reference.scheme and s.exclusivity = 'shared'
  ) then
    return query
      select ref,
        case when min(r.kind) over () <> max(r.kind) over () then 'ambiguous' else r.status end::identity.resolution_status,
        r.juke_id, r.kind, r.rule, v_reference.scheme, v_reference.value, false
      from identity.resolve_shared(v_reference.scheme, v_reference.value, v_reference.kinds) r;
    return;
  end if;
  return query
    select ref,
      case when count(*) over () > 1 then 'ambiguous' else r.status end::identity.resolution_status,
      r.juke_id, r.kind, r.rule, v_reference.scheme, v_reference.value,
      exists (
        select from identity.external_id x
        where x.external_id = v_reference.value and x.source = r.rule and x.kind = r.kind and x.is_contested
      )
    from identity.resolve_reference(v_reference.scheme, v_reference.value, v_reference.kinds) r;
end
$$;

comment on function identity.resolve(text) is
  E'@fieldName resolution\n@behavior -connection +list\n@notNull\nWhat a reference stands for, with the rule that answered: one row, several when it is ambiguous, none when it names nothing here. Errors: JB103 not a reference.';
