-- descriptor.refresh(limit) → takes at most that many marks, and no more than 1,000, from descriptor.dirty and brings
-- their documents up to date.
-- refreshed: documents written · unchanged: documents that were right already · remaining: whether a next call would find
-- a mark, 1 or 0; those that another call holds are its own.
-- Several workers may call it at once: they take different marks, and an entity is built by one at a time.
-- Run it at READ COMMITTED: each statement must see what was committed before it.
create or replace function descriptor.refresh(p_limit int default 500, out refreshed int, out unchanged int, out remaining bigint)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan
as $$
declare
  v_ids uuid[];
  v_renamed uuid[];
begin
  with taken as (
    select d.id
    from descriptor.dirty d
    order by d.id
    limit least(p_limit, 1000) -- each entity takes a lock, and the server has some thousands
    for update skip locked
  ),
  cleared as (
    delete from descriptor.dirty d
    using taken t
    where d.id = t.id
    returning d.juke_id
  )
  select coalesce(array_agg(distinct c.juke_id), '{}') into v_ids from cleared c;

  -- Two workers may hold marks of one entity: the second waits here, and so builds from what the first could not see.
  perform pg_advisory_xact_lock(hashtextextended(i.juke_id::text, 0))
  from (select unnest(v_ids) as juke_id order by 1) i;

  loop
    begin
      with built as materialized (
        select b.* from descriptor.build(v_ids) b
      ),
      gone as (
        delete from descriptor.document d
        where d.juke_id = any (v_ids) and not exists (select from built b where b.juke_id = d.juke_id)
      ),
      stale as (
        -- Nobody has seen another name of an entity that has its first version and no document yet.
        select b.*, d.name <> b.name or d.juke_id is null and e.version > 1 as is_renamed
        from built b
        join catalog.entity e on e.juke_id = b.juke_id
        left join descriptor.document d on d.juke_id = b.juke_id
        where d.juke_id is null or d.checksum <> b.checksum or d.builder_version <> descriptor.builder_version()
      ),
      written as (
        insert into descriptor.document as d (juke_id, kind, name, tsv, checksum, builder_version)
        select s.juke_id, s.kind, s.name, s.tsv, s.checksum, descriptor.builder_version()
        from stale s
        order by s.juke_id
        on conflict (juke_id) do update
          set name = excluded.name, tsv = excluded.tsv, checksum = excluded.checksum,
            builder_version = excluded.builder_version, built_at = now()
        returning d.juke_id
      )
      select (select count(*) from written), (select count(*) from built) - (select count(*) from written),
        coalesce((select array_agg(s.juke_id) from stale s where s.is_renamed), '{}')
      into refreshed, unchanged, v_renamed;
      exit;
    exception when foreign_key_violation then
      -- An entity was removed between the build and the write: now it is seen to be gone.
    end;
  end loop;

  if v_renamed <> '{}' then
    perform descriptor.mark_dependents(v_renamed);
  end if;
  select count(*) into remaining
  from (select from descriptor.dirty d limit 1 for update skip locked) l;
end
$$;

comment on function descriptor.refresh(int) is
  'Brings the search documents of changed entities up to date; safe to call from several workers at once.';
