-- catalog.manual_delivery(juke_id, patch) → the delivery that an edit is: from the source manual, named after the person (identity.actor),
-- its content the patch (as it is, not compressed). So what a person has said is kept as it was said, like everything else.
create or replace function catalog.manual_delivery(p_juke_id uuid, p_patch jsonb)
returns bigint
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  v_said constant bytea := convert_to(jsonb_build_object('juke_id', p_juke_id, 'patch', p_patch)::text, 'UTF8');
  v_delivery_id bigint;
begin
  insert into ingest.delivery (source, name, format, sha256, byte_count, content, status, closed_at)
  values (
    'manual', identity.actor(), 'edit',
    -- The same words at another time are another edit.
    sha256(v_said || convert_to(concat(identity.actor(), clock_timestamp(), gen_random_uuid()), 'UTF8')),
    octet_length(v_said), v_said, 'applied', now()
  )
  returning delivery_id into v_delivery_id;
  return v_delivery_id;
end
$$;

comment on function catalog.manual_delivery(uuid, jsonb) is 'The delivery that an edit is: who said what.';
