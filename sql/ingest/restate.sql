-- ingest.restate(body, mention, statement) → (body, mention, checksum) of a record after its source has spoken again.
create or replace function ingest.restate(
  p_body jsonb, p_mention jsonb, p_statement ingest.statement,
  out body jsonb, out mention jsonb, out checksum uuid
)
language sql
immutable
parallel safe
as $$
  select n.body, n.mention, md5(concat(n.body, chr(10), n.mention))::uuid
  from (
    select
      case
        when p_statement.body is null then p_body
        when p_statement.replaces or p_body is null then p_statement.body
        else p_body || p_statement.body
      end as body,
      ingest.merge_mentions(p_mention, p_statement.mention) as mention
  ) n
$$;

comment on function ingest.restate(jsonb, jsonb, ingest.statement) is
  'A record after its source has spoken again: replaced, overlaid, or only mentioned.';
