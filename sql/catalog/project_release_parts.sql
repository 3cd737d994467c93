-- catalog.project_release_parts(juke_ids, statements, are_new): media, tracks, labels and events of releases, each as the best
-- source that gives any has them.
-- are_new: nothing of the kind is written for them yet.
create or replace function catalog.project_release_parts(
  p_juke_ids uuid[], p_statements catalog.statement[], p_are_new boolean default false
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan
set enable_seqscan = on -- see catalog.plan_once
as $$
declare
  v_lists constant catalog.statement[] := array(
    select s from unnest(p_statements) s
    where s.kind = 'release' and s.is_best and s.key in ('media', 'tracks', 'labels', 'release_events')
  );
  v_releases constant uuid[] := array(
    select r.juke_id from catalog.release r where r.juke_id = any (p_juke_ids)
  );
  v_media catalog.release_medium[];
  v_tracks catalog.release_track[];
  v_labels catalog.release_label[];
  v_events catalog.release_event[];
begin
  if v_releases = '{}' then
    return;
  end if;

  v_media := array(
    select distinct on (s.juke_id, m.disc) row (s.juke_id, m.disc, m.format, m.title)::catalog.release_medium
    from unnest(v_lists) s
    cross join lateral rows from (
      jsonb_to_recordset(s.value) as (disc int, format text, title text)
    ) with ordinality m (disc, format, title, n)
    where s.key = 'media'
    order by s.juke_id, m.disc, m.n
  );
  if p_are_new then
    perform catalog.plan_once();
    insert into catalog.release_medium select w.* from unnest(v_media) w;
  else
    delete from catalog.release_medium t
    where t.release_id = any (v_releases)
      and not exists (
        select from unnest(v_media) w where w.release_id = t.release_id and w.disc = t.disc and w is not distinct from t
      );
    perform catalog.plan_once();
    insert into catalog.release_medium
    select w.* from unnest(v_media) w
    where not exists (
      select from catalog.release_medium t where t.release_id = w.release_id and t.disc = w.disc
    );
  end if;

  perform catalog.plan_anew();
  v_tracks := array(
    select distinct on (s.juke_id, i.disc, i.position) row (
      s.juke_id, i.disc, i.position, i.number, i.title, i.duration_ms, t.juke_id,
      case when t.juke_id is null then v.juke_id end
    )::catalog.release_track
    from unnest(v_lists) s
    cross join lateral rows from (
      jsonb_to_recordset(s.value) as (
        disc int, position int, number text, title text, duration_ms int, track jsonb, video jsonb
      )
    ) with ordinality i (disc, position, number, title, duration_ms, track, video, n)
    left join lateral catalog.referent(s.source, i.track) t on true
    left join lateral catalog.referent(s.source, i.video) v on true
    where s.key = 'tracks' and num_nonnulls(t.juke_id, v.juke_id) > 0
    order by s.juke_id, i.disc, i.position, i.n
  );
  if p_are_new then
    perform catalog.plan_once();
    insert into catalog.release_track select w.* from unnest(v_tracks) w;
  else
    delete from catalog.release_track t
    where t.release_id = any (v_releases)
      and not exists (
        select from unnest(v_tracks) w
        where w.release_id = t.release_id and w.disc = t.disc and w.position = t.position and w is not distinct from t
      );
    perform catalog.plan_once();
    insert into catalog.release_track
    select w.* from unnest(v_tracks) w
    where not exists (
      select from catalog.release_track t
      where t.release_id = w.release_id and t.disc = w.disc and t.position = w.position
    );
  end if;

  perform catalog.plan_anew();
  v_labels := array(
    select distinct row (s.juke_id, r.juke_id, coalesce(l.catalog_number, ''))::catalog.release_label
    from unnest(v_lists) s
    cross join lateral jsonb_to_recordset(s.value) as l (label jsonb, catalog_number text)
    cross join lateral catalog.referent(s.source, l.label) r
    where s.key = 'labels'
  );
  if p_are_new then
    perform catalog.plan_once();
    insert into catalog.release_label select w.* from unnest(v_labels) w;
  else
    delete from catalog.release_label t
    where t.release_id = any (v_releases) and t <> all (v_labels);
    perform catalog.plan_once();
    insert into catalog.release_label
    select w.* from unnest(v_labels) w
    where not exists (
      select from catalog.release_label t
      where t.release_id = w.release_id and t.label_id = w.label_id and t.catalog_number = w.catalog_number
    );
  end if;

  perform catalog.plan_anew();
  v_events := array(
    select row (
      s.juke_id, row_number() over (partition by s.juke_id order by e.date, e.country), e.country, e.date
    )::catalog.release_event
    from unnest(v_lists) s
    cross join lateral (
      select distinct e.country, e.date
      from jsonb_to_recordset(s.value) as e (country catalog.country_code, date catalog.partial_date)
      where num_nonnulls(e.country, e.date) > 0
    ) e
    where s.key = 'release_events'
  );
  if p_are_new then
    perform catalog.plan_once();
    insert into catalog.release_event select w.* from unnest(v_events) w;
  else
    delete from catalog.release_event t
    where t.release_id = any (v_releases)
      and not exists (
        select from unnest(v_events) w
        where w.release_id = t.release_id and w.position = t.position and w is not distinct from t
      );
    perform catalog.plan_once();
    insert into catalog.release_event
    select w.* from unnest(v_events) w
    where not exists (
      select from catalog.release_event t where t.release_id = w.release_id and t.position = w.position
    );
  end if;
end
$$;

comment on function catalog.project_release_parts(uuid[], catalog.statement[], boolean) is
  'Writes the media, tracks, labels and events of releases, each as the best source that gives any has them.';
