-- catalog.project(juke_ids): computes these entities anew from the records that belong to them: for every attribute the
-- value of the best source, for lists the best source's or the union. What is right already is not written, so a
-- projection that changes nothing leaves no event. An entity that is only referred to shows its source's id as its name.
create or replace function catalog.project(p_juke_ids uuid[])
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  v_attempt int := 1;
begin
  loop
    begin
      perform catalog.project_now(p_juke_ids);
      exit;
    exception when foreign_key_violation then
      -- What one of them refers to was merged or deleted by another session, which has ended: its outcome can be seen now.
      if v_attempt = 5 then
        raise;
      end if;
      v_attempt := v_attempt + 1;
    end;
  end loop;
end
$$;

comment on function catalog.project(uuid[]) is
  'Computes entities anew from the records that belong to them; writes, and reports to the feed, only what differs.';
