-- identity.canonical_spotify(value) → a Spotify id, or null: 22 digits of base 62 that are less than 2^128.
-- The alphabet is 0-9a-zA-Z, in which the largest id is 7N42dgm5tFLK9N8MT7fHC7. Swapping the case puts it into the order of
-- ASCII, so that ids compare like text; only those that start with 7 need to be compared at all.
-- Inlined where it is called, therefore without SET.
-- Example: select identity.canonical_spotify('4Z8W4fKeB5YxbusRsdQVPb')  -- 4Z8W4fKeB5YxbusRsdQVPb
create or replace function identity.canonical_spotify(p_value text)
returns text
language sql
immutable
parallel safe
as $$
  select case
    when p_value ~ '^[0-6][0-9A-Za-z]{21}$' then p_value
    when p_value ~ '^7[0-9A-Za-z]{21}$'
      and translate(
        p_value,
        'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ', 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
      ) collate "C" <= '7n42DGM5Tflk9n8mt7Fhc7'
    then p_value
  end
$$;

comment on function identity.canonical_spotify(text) is 'A Spotify id: 22 digits of base 62 below 2^128, or null.';
