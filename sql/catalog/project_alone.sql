-- catalog.project_alone(source, arrivals, with_columns) → those of these entities (juke_id) whose own row it could write: each of them is new in this transaction, and
-- one record is all that is known of it. So the row is what the record says, and nothing is compared. catalog.project comes to the same; it is
-- left to do the others: records with a list that this function does not know or a value that is null; and, without with_columns, those
-- that refer to something in a column (the album of a release), whose row need not be there yet.
-- The parts of those whose row is written are written by catalog.project_alone_parts, when all of the batch have their rows.
create or replace function catalog.project_alone(p_source text, p_arrivals ingest.arrival[], p_with_columns boolean)
returns ingest.arrival[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan
set enable_seqscan = on -- see catalog.plan_once
as $$
declare
  v_columns constant text[] := '{album,parent,track,podcast,book}'; -- in which a record refers to another
  v_lists constant text[] := '{aliases,credits,genres,images,media,tracks,labels,release_events,works,parents}';
  v_plain ingest.arrival[];
  v_kind catalog.entity_kind;
  v_base text;
begin
  v_plain := array(
    select a
    from unnest(p_arrivals) a
    where not exists (
      select
      from jsonb_each(a.said) k
      where case jsonb_typeof(k.value)
        when 'object' then k.key <> 'ids' and not (p_with_columns and k.key = any (v_columns))
        when 'array' then k.key <> all (v_lists) and k.key not in ('languages', 'secondary_types')
        when 'null' then true
        else k.key = any (v_lists) or k.key = any (v_columns)
          or k.key in ('juke_id', 'album_id', 'parent_id', 'track_id', 'podcast_id', 'book_id', 'release_status')
      end
    )
  );

  if p_with_columns and exists (select from unnest(v_plain) a where a.said ?| v_columns) then
    perform catalog.hold_referents(array(
      select row (a.juke_id, a.kind, k.key, k.value, p_source, true)::catalog.statement
      from unnest(v_plain) a
      cross join lateral jsonb_each(a.said) k
      where a.said ?| v_columns and k.key = any (v_columns)
    ));
  end if;

  perform catalog.plan_once();
  -- What others refer to in a column comes first: podcast before episode, album before release.
  foreach v_kind in array array(
    select a.kind from unnest(v_plain) a
    group by a.kind
    order by array_position('{label,album,track,podcast,book}'::catalog.entity_kind[], a.kind)
  ) loop
    select string_agg(
      case a.attname
        when 'juke_id' then 'a.juke_id'
        when case when v_kind in ('artist', 'label', 'genre') then 'name' else 'title' end then 'a.source_record_id' -- when it says none
        when 'release_status' then $q$a.said ->> 'status'$q$ -- status is the entity's own
        else case
          when left(a.attname, -3) = any (v_columns) and a.attname like '%\_id'
          then format('(select nullif(t.juke_id, a.juke_id) from catalog.referent($3, a.said -> %L) t)', left(a.attname, -3)) -- nothing contains itself
          else 'null'
        end
      end, ', ' order by a.attnum
    ) into v_base
    from pg_attribute a
    where a.attrelid = format('catalog.%I', v_kind)::regclass and a.attnum > 0 and not a.attisdropped;
    execute format($sql$
      insert into catalog.%1$I
      select w.*
      from unnest($1) a
      cross join lateral jsonb_populate_record(row (%2$s)::catalog.%1$I, a.said) w
      where a.kind = $2 and $3 is not null
      order by a.juke_id
    $sql$, v_kind, v_base) using v_plain, v_kind, p_source;
  end loop;
  return v_plain;
end
$$;

comment on function catalog.project_alone(text, ingest.arrival[], boolean) is
  'Writes the rows of new entities of which one record is all that is known; returns those it could.';
