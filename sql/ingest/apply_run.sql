-- ingest.apply_run(run_id, first, next, records, positions, pointers, checksums, known, refused, warnings) → what became of the items first to next - 1 of the
-- run's delivery, in one transaction with the note that they are dealt with: a run that was cut short goes on where it was, and two
-- processes at the same run do nothing twice (applied is false for what is done already).
-- records: a JSON array; positions and pointers: where each of them stands; checksums: see ingest.apply. known: how many more there are, that
-- ingest.differing has told need not be applied. What a replay says of a delivery comes after what was read of it before. A record that cannot be taken is put aside, the others are
-- taken: the batch is halved until it stands alone. refused, warnings: what reading has found, {position, pointer, message, …}.
-- Errors: JB207 the run is over; 40001 another process has dealt with them at this moment.
create or replace function ingest.apply_run(
  p_run_id bigint, p_first bigint, p_next bigint, p_records jsonb, p_positions bigint[], p_pointers text[],
  p_checksums uuid[] default null, p_known int default 0, p_refused jsonb default '[]', p_warnings jsonb default '[]',
  out applied boolean, out records int, out new int, out changed int, out unchanged int,
  out entities_minted int, out entities_changed int, out placeholders int, out quarantined int, out warnings int
)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  v_run ops.run;
  v_pending int4range[] := array[int4range(0, jsonb_array_length(p_records))];
  v_range int4range;
  v_offset constant bigint := ingest.position_of(p_run_id, 0);
  v_positions constant bigint[] := array(
    select v_offset + p.position from unnest(p_positions) with ordinality p (position, n) order by p.n
  );
  v_middle int;
  v_counts record;
  v_state text;
  v_message text;
  v_detail text;
  v_hint text;
  v_refused jsonb := p_refused;
begin
  select r.* into v_run from ops.run r where r.run_id = p_run_id;
  if v_run.status is distinct from 'running' then
    raise exception 'run % is over', coalesce(p_run_id::text, 'null')
      using errcode = 'JB207', detail = format('It is %s.', coalesce(v_run.status::text, 'not there')),
        hint = 'Start another with ingest.start_run, or jukebase replay.';
  end if;
  applied := not v_run.done @> int8range(p_first, p_next);
  select 0, 0, 0, 0, 0, 0, 0, 0, 0
  into records, new, changed, unchanged, entities_minted, entities_changed, placeholders, quarantined, warnings;
  if not applied then
    return;
  end if;
  records := p_known;

  while v_pending <> '{}' loop
    v_range := v_pending[cardinality(v_pending)];
    v_pending := trim_array(v_pending, 1);
    continue when isempty(v_range);
    begin
      v_counts := ingest.apply(
        v_run.delivery_id,
        case
          when upper(v_range) - lower(v_range) = jsonb_array_length(p_records) then p_records
          else (
            select jsonb_agg(e.value order by e.n)
            from jsonb_array_elements(p_records) with ordinality e (value, n)
            where v_range @> e.n::int - 1
          )
        end,
        p_positions => v_positions[lower(v_range) + 1 : upper(v_range)],
        p_checksums => p_checksums[lower(v_range) + 1 : upper(v_range)]
      );
      -- What is only referred to is a placeholder, and no record of the delivery.
      records := records + upper(v_range) - lower(v_range);
      new := new + v_counts.new - v_counts.placeholders;
      changed := changed + v_counts.changed;
      entities_minted := entities_minted + v_counts.entities_minted;
      entities_changed := entities_changed + v_counts.entities_changed;
      placeholders := placeholders + v_counts.placeholders;
    exception when others then
      get stacked diagnostics v_state = returned_sqlstate, v_message = message_text, v_detail = pg_exception_detail,
        v_hint = pg_exception_hint;
      if not ingest.is_of_the_record(v_state) then
        raise;
      end if;
      if upper(v_range) - lower(v_range) > 1 then
        v_middle := (lower(v_range) + upper(v_range)) / 2;
        v_pending := v_pending || int4range(v_middle, upper(v_range)) || int4range(lower(v_range), v_middle);
      else
        v_refused := v_refused || jsonb_build_object(
          'pointer', p_pointers[lower(v_range) + 1], 'code', v_state, 'message', v_message,
          'detail', nullif(v_detail, ''), 'hint', nullif(v_hint, ''), 'record', p_records -> lower(v_range)
        );
      end if;
    end;
  end loop;

  unchanged := greatest(records - new - changed, 0); -- one that is stated twice is new once
  if v_refused <> '[]' then
    quarantined := ingest.put_aside(p_run_id, v_refused);
  end if;
  warnings := jsonb_array_length(p_warnings);
  if warnings > 0 and v_run.warnings < 1000 then
    insert into ingest.warning (run_id, position, pointer, message)
    select p_run_id, w.position, w.pointer, w.message
    from jsonb_to_recordset(p_warnings) as w (position bigint, pointer text, message text)
    order by w.position
    limit 1000 - v_run.warnings;
  end if;

  update ops.run r
  set done = r.done + int8multirange(int8range(p_first, p_next)), heartbeat_at = now(),
    records = r.records + apply_run.records, new = r.new + apply_run.new, changed = r.changed + apply_run.changed,
    unchanged = r.unchanged + apply_run.unchanged, entities_minted = r.entities_minted + apply_run.entities_minted,
    entities_changed = r.entities_changed + apply_run.entities_changed, placeholders = r.placeholders + apply_run.placeholders,
    quarantined = r.quarantined + apply_run.quarantined, warnings = r.warnings + apply_run.warnings
  where r.run_id = p_run_id and r.status = 'running' and not r.done && int8range(p_first, p_next);
  if not found then
    raise exception 'another process has dealt with these records at this moment, or the run is over'
      using errcode = '40001', hint = 'Call it again: it says then which.';
  end if;
end
$$;

comment on function ingest.apply_run(bigint, bigint, bigint, jsonb, bigint[], text[], uuid[], int, jsonb, jsonb) is
  'Takes some items of a delivery in, puts aside what cannot be taken, and notes that they are dealt with, in one transaction.';
