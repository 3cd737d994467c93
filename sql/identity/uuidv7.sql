-- identity.uuidv7_at(at) → a UUIDv7 whose first 48 bits are that moment in milliseconds since 1970, big-endian.
-- Layout: RFC 9562, section 5.7. The remaining 74 bits are random.
-- Example: select identity.uuidv7_at('2022-02-22 19:22:22+00');  -- 017f22e2-79b0-7… (time of RFC 9562, appendix A.6)
create or replace function identity.uuidv7_at(p_at timestamptz)
returns uuid
language sql
volatile
parallel safe
as $$
  -- A version 4 uuid already carries the right variant and random bits: lay the time over the
  -- first six bytes and turn version 4 (0100) into 7 (0111) by setting two bits.
  select pg_catalog.encode(
    pg_catalog.set_bit(
      pg_catalog.set_bit(
        overlay(
          pg_catalog.uuid_send(pg_catalog.gen_random_uuid())
          placing substring(pg_catalog.int8send(floor(extract(epoch from p_at) * 1000)::bigint) from 3)
          from 1 for 6
        ),
        52, 1
      ),
      53, 1
    ),
    'hex'
  )::uuid
$$;

comment on function identity.uuidv7_at(timestamptz) is 'A UUIDv7 (RFC 9562) of a given moment, precise to the millisecond.';

-- identity.uuidv7() → a UUIDv7 of now: the server's own generator from Postgres 18 on, ours below.
do $do$
begin
  if current_setting('server_version_num')::int >= 180000 then
    create or replace function identity.uuidv7()
    returns uuid language sql volatile parallel safe
    as 'select pg_catalog.uuidv7()';
  else
    create or replace function identity.uuidv7()
    returns uuid language sql volatile parallel safe
    as 'select identity.uuidv7_at(pg_catalog.clock_timestamp())';
  end if;
end
$do$;

comment on function identity.uuidv7() is 'A new UUIDv7 (RFC 9562): the default of every juke_id.';
