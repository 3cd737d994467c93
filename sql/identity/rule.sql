-- identity.rule(a, b, verdict, reason, expected_versions) → the fact: a person's word on whether two entities are one, kept for every later run; the
-- last word holds, and null takes it back. cannot_link: identity.merge refuses the pair, and whatever either becomes, until it is taken
-- back, and nobody is asked about them; must_link: they are one, and identity.merge is to make them one.
-- expected_versions: entities and the versions of them that the person has seen, whether they are concerned or not; null to do it
-- whatever is there.
-- Errors: JB151 no such entity, JB152 merged or deleted, JB153 with itself, JB154 one across kinds, JB155 one with a special entity,
-- JB162 a stale version, JB172 nothing to take back.
-- Example: select verdict from identity.rule('0190…', '0191…', 'cannot_link', 'father and son')
create or replace function identity.rule(
  a uuid, b uuid, verdict identity.verdict default null, reason text default null,
  expected_versions catalog.entity_version[] default null
)
returns identity.link_fact
language plpgsql
volatile
security definer -- an editor needs no right to the tables
set search_path = pg_catalog, pg_temp
as $$
declare
  v_fact identity.link_fact;
  v_keys identity.id_key[];
begin
  if a = b then
    raise exception 'nothing can be ruled of an entity and itself'
      using errcode = 'JB153', detail = format('Both are %s.', a), hint = 'Name two entities.';
  end if;
  perform identity.seize(array[a, b], p_expected => expected_versions);
  if verdict is null then
    -- What was said of those that have become them holds for them, and is taken back with it.
    select f.* into v_fact from identity.facts_on(a, b) f order by f.at desc limit 1;
    delete from identity.link_fact f
    using identity.facts_on(a, b) o
    where f.a_juke_id = o.a_juke_id and f.b_juke_id = o.b_juke_id;
    if not found then
      raise exception 'nothing was ruled of % and %', a, b
        using errcode = 'JB172', detail = 'There is no verdict to take back.', hint = 'identity.why_not shows what was ruled.';
    end if;
    -- What both claim is a question again.
    v_keys := array(
      select k from unnest(identity.member_keys(array[a])) k intersect select k from unnest(identity.member_keys(array[b])) k
    );
    perform identity.review_contested(v_keys, array(select c from identity.standing_claims(v_keys) c));
  else
    if verdict = 'must_link' then
      perform identity.check_kinds(array[a, b]);
    end if;
    v_fact := identity.set_fact(a, b, verdict, reason);
  end if;
  return v_fact;
end
$$;

comment on function identity.rule(uuid, uuid, identity.verdict, text, catalog.entity_version[]) is
  E'@name rule\n@resultFieldName fact\nSays whether two entities are one: `CANNOT_LINK` or `MUST_LINK`, kept for every later run; without a verdict what was said is taken back. Errors: JB151 to JB155, JB162 one of `expectedVersions` is stale, JB172.';
