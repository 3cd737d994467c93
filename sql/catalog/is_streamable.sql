-- requires: catalog/rights_at.sql
-- catalog.is_streamable(juke_id, territory, at, usage) → whether one entity may be used there, then and so: the one row of
-- catalog.rights_at, which says what counts.
-- Errors: JB260 no territory, JB261 no use type.
-- Example: select streamable, reasons from catalog.is_streamable('0190…', 'DE')
create or replace function catalog.is_streamable(
  juke_id uuid, territory text, at timestamptz default now(), usage text default 'Stream'
)
returns catalog.availability
language sql
stable
parallel safe
as $$
  select r from catalog.rights_at(array[$1], $2, $3, $4) r
$$;

comment on function catalog.is_streamable(uuid, text, timestamptz, text) is
  E'@fieldName isStreamable\n@notNull\nWhether an entity may be used in a territory (ISO 3166-1 or 3166-2) at a moment (now, when it is left out) in a certain way (a DDEX use type; `Stream`, when it is left out), by which term, or why not. A track or video without terms of its own has those of its releases, an episode those of its podcast. Errors: JB260 no territory, JB261 no use type.';
