-- feed.refuse_standby(): raises JB303 on a standby, which does not know which transactions are still running on the primary: there
-- pg_current_snapshot() shows none, and what they commit later would be taken for read.
create or replace function feed.refuse_standby()
returns void
language plpgsql
stable
set search_path = ''
as $$
begin
  if pg_is_in_recovery() then
    raise exception 'the feed cannot be read on a standby'
      using errcode = 'JB303', detail = 'A standby does not know which transactions are still running on the primary.',
        hint = 'Connect to the primary.';
  end if;
end
$$;

comment on function feed.refuse_standby() is 'Refuses to read the feed on a standby.';
