-- identity.dossier(entity) → all that a person needs to judge an entity: name, kind, status, ids, records, aliases, credits.
-- {juke_id, kind, name, status, version, ids: [{scheme, value, contested}], records: [{source, id, rule}], aliases: [text], credits: n}
create or replace function identity.dossier(entity uuid)
returns jsonb
language sql
stable
parallel safe
as $$
  select jsonb_build_object(
    'juke_id', e.juke_id, 'kind', e.kind, 'name', e.display_name, 'status', e.status, 'version', e.version,
    'ids', coalesce((
      select jsonb_agg(
        jsonb_build_object('scheme', x.source, 'value', x.external_id, 'contested', x.is_contested)
        order by x.source, x.external_id
      )
      from identity.external_id x
      where x.juke_id = e.juke_id
    ), '[]'),
    'records', coalesce((
      select jsonb_agg(jsonb_build_object('source', r.source, 'id', r.source_record_id, 'rule', m.rule) order by r.record_id)
      from (
        select m.* from identity.membership m where m.juke_id = e.juke_id order by m.record_id limit 100
      ) m
      join ingest.record r on r.record_id = m.record_id
    ), '[]'),
    'aliases', coalesce((
      select jsonb_agg(distinct a.name) from catalog.alias a where a.juke_id = e.juke_id
    ), '[]'),
    'credits', (select count(*) from catalog.credit c where c.contributor_id = e.juke_id)
  )
  from catalog.entity e
  where e.juke_id = entity
$$;

comment on function identity.dossier(uuid) is 'All that a person needs to judge an entity, as JSON.';
