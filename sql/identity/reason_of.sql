-- identity.reason_of(rule, evidence) → why a record belongs to its entity (identity.membership), in words.
-- Example: select identity.reason_of('isrc', '{"scheme": "isrc", "value": "GBAYE6800011"}')  -- was linked by its isrc GBAYE6800011
create or replace function identity.reason_of(p_rule text, p_evidence jsonb)
returns text
language sql
stable
parallel safe
as $$
  select case
    when p_rule = 'manual' then 'holds what people say of it'
    when p_rule in ('merge', 'split', 'undo') then coalesce((
      select format('came with the %s by %s on %s (operation %s)', o.op, o.actor, o.at::date, o.operation_id)
        || coalesce(': ' || o.reason, '')
      from identity.operation o
      where o.operation_id = (p_evidence ->> 'operation_id')::bigint
    ), format('came with a %s', p_rule))
    when p_rule = 'minted' then coalesce('made it, and was kept from others: ' || (
      select string_agg(
        format('its %s %s is also that of %s, but %s',
          v ->> 'scheme', v ->> 'value', identity.named((v ->> 'juke_id')::uuid), identity.veto_of(v)),
        '; '
      )
      from jsonb_array_elements(p_evidence -> 'vetoed') v
    ), 'made it: none of its ids was known')
    else format('was linked by its %s %s', p_rule, coalesce(p_evidence ->> 'value', '(not recorded)'))
  end
$$;

comment on function identity.reason_of(text, jsonb) is 'Why a record belongs to its entity, in words.';
