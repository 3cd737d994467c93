-- identity.reason_of(rule, evidence) → why a record belongs to its entity (identity.membership), in words.
-- Example: select identity.reason_of('isrc', '{"scheme": "isrc", "value": "GBAYE6800011"}')  -- was linked by its isrc GBAYE6800011
create or replace function identity.reason_of(p_rule text, p_evidence jsonb)
returns text
language sql
stable
as $$
  select case p_rule
    when 'manual' then 'holds what people say of it'
    when 'merge' then format('came with the merge of operation %s', p_evidence ->> 'operation_id')
    when 'split' then format('came with the split of operation %s', p_evidence ->> 'operation_id')
    when 'minted' then coalesce('made it: ' || (
      select string_agg(
        format('its %s %s is also that of %s, but ', v ->> 'scheme', v ->> 'value', v ->> 'juke_id')
        || case v ->> 'because'
          when 'opposed' then format('by %s they differ: its own is %s, the other''s %s',
            v ->> 'by', identity.listed(v -> 'own'), identity.listed(v -> 'theirs'))
          else format('%s has a record of that one already', v ->> 'source')
        end,
        '; '
      )
      from jsonb_array_elements(p_evidence -> 'vetoed') v
    ), 'made it: no id of the record was known')
    else format('was linked by its %s %s', p_rule, coalesce(p_evidence ->> 'value', '(not recorded)'))
  end
$$;

comment on function identity.reason_of(text, jsonb) is 'Why a record belongs to its entity, in words.';
