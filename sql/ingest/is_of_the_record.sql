-- ingest.is_of_the_record(sqlstate) → whether an error of ingest.apply lies in what a record says, so that it will be the same the next
-- time: class 22 data exception, 23 a constraint (but not a key that another session has taken or removed at this moment), 42 and 54 what
-- Postgres cannot do with it, JB our own that speak of records. All else (a lost connection, no space, a deadlock) is tried again.
create or replace function ingest.is_of_the_record(p_sqlstate text)
returns boolean
language sql
immutable
parallel safe
as $$
  select p_sqlstate in ('JB201', 'JB202')
    or left(p_sqlstate, 2) in ('22', '23', '54') and p_sqlstate not in ('23503', '23505')
$$;

comment on function ingest.is_of_the_record(text) is 'Whether an error lies in what a record says, and would be the same the next time.';
