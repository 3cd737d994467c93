-- ingest.checked_sha256(checksum) → a SHA-256 in hexadecimal as bytes; null for null.
-- Errors: JB211 when it is none.
create or replace function ingest.checked_sha256(p_checksum text)
returns bytea
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
begin
  if p_checksum !~* '^[0-9a-f]{64}$' then
    raise exception 'the checksum is no SHA-256'
      using errcode = 'JB211', detail = format('It is "%s".', left(p_checksum, 100)),
        hint = 'Send the SHA-256 of the bytes in hexadecimal: 64 digits, as sha256sum prints it.';
  end if;
  return decode(lower(p_checksum), 'hex');
end
$$;

comment on function ingest.checked_sha256(text) is 'A SHA-256 in hexadecimal as bytes.';
