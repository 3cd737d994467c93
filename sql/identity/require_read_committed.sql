-- identity.require_read_committed(): refuses to change identity in a transaction with an old snapshot. Whoever merges or deletes must see
-- every reference and every claim that was committed before it got its locks; at repeatable read and serializable it would see those from
-- before the transaction's first query, and a lock that another session has held and given back leaves no trace to notice.
-- Errors: JB174.
create or replace function identity.require_read_committed()
returns void
language plpgsql
stable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
begin
  if current_setting('transaction_isolation') not in ('read committed', 'read uncommitted') then
    raise exception 'identity is changed at read committed only'
      using errcode = 'JB174', detail = format('This transaction is at %s.', current_setting('transaction_isolation')),
        hint = 'Begin it with: begin isolation level read committed.';
  end if;
end
$$;

comment on function identity.require_read_committed() is 'Refuses to change identity in a transaction with an old snapshot.';
