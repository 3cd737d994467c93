-- catalog.moment(said, is_end) → the moment that a source means by a day or by a date and time with its offset. A day is one of UTC;
-- is_end: its end, which is the beginning of the next one, rather than its beginning.
-- Example: select catalog.moment('2026-03-31', true)  -- 2026-04-01 00:00:00+00
create or replace function catalog.moment(p_said text, p_is_end boolean)
returns timestamptz
language sql
stable
parallel safe
as $$
  select case
    when p_said ~ '^\d{4}-\d\d-\d\d$' then (p_said::date + p_is_end::int)::timestamp at time zone 'UTC'
    else p_said::timestamptz
  end
$$;

comment on function catalog.moment(text, boolean) is 'The moment that a source means by a day, or by a date and time.';
