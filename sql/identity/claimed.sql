-- identity.claimed(scheme, raw, kind, kinds) → the canonical form of an id that a record of this kind carries; null when it is not valid
-- there. kinds: what the scheme names, this kind among them. An id that says itself that it names another kind (discogs r249504 on an
-- artist) is not valid. What is canonical already, as most is, is seen without the way through all writings,
-- and without a regular expression, which costs several times as much.
-- Inlined where it is called, therefore without SET.
create or replace function identity.claimed(
  p_scheme text, p_raw text, p_kind catalog.entity_kind, p_kinds catalog.entity_kind[]
)
returns text
language sql
stable
parallel safe
as $$
  select case
    when p_scheme = 'mbid' and p_raw like '________-____-____-____-____________' and translate(p_raw, '0123456789abcdef', '') = '----'
      then nullif(p_raw, '00000000-0000-0000-0000-000000000000')
    when p_scheme = 'spotify' and length(p_raw) = 22 and strpos('0123456', left(p_raw, 1)) > 0
      and translate(p_raw, '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ', '') = ''
      then p_raw
    when p_scheme = 'isrc' and length(p_raw) = 12 and identity.canonical_isrc(p_raw) = p_raw then p_raw
    when p_kind = any (coalesce(identity.named_kinds(p_scheme, p_raw), p_kinds)) then identity.canonical(p_scheme, p_raw)
  end
$$;

comment on function identity.claimed(text, text, catalog.entity_kind, catalog.entity_kind[]) is
  'The canonical form of an id that a record of a kind carries, or null when it is not valid there.';
