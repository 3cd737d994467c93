-- ingest.lock_of_source(source) → the key of the lock that ingest.differing shares and ingest.start_run takes alone: what is asked about a source
-- without seeing a run of it is over before that run says anything.
create or replace function ingest.lock_of_source(p_source text)
returns bigint
language sql
immutable
parallel safe
as $$
  select (hashtext('ingest.source')::bigint << 32) | (hashtext(p_source) & x'ffffffff'::bigint)
$$;

comment on function ingest.lock_of_source(text) is 'The key of the lock between what is asked about a source and its runs.';
