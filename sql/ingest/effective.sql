-- ingest.effective(body, mention) → all a source says of one record: its own statement, gaps filled from mentions.
create or replace function ingest.effective(p_body jsonb, p_mention jsonb)
returns jsonb
language sql
immutable
parallel safe
as $$
  select coalesce(p_mention || p_body, p_body, p_mention)
$$;

comment on function ingest.effective(jsonb, jsonb) is 'What a source states of a record, gaps filled from its mentions elsewhere.';
