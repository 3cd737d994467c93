-- catalog.<kind>_artist_credit(row) → the artist credit as printed: 'Queen & David Bowie'; null when nobody is credited.
-- Names and what stands between them as the best source has them; ', ' where it does not say.
do $do$
declare
  v_kind text;
begin
  foreach v_kind in array '{album,release,track,video}'::text[] loop
    execute format($sql$
      create or replace function catalog.%1$s_artist_credit(%1$s catalog.%1$I)
      returns text
      language sql
      stable
      parallel safe
      as $$
        select string_agg(
          coalesce(c.credited_as, e.display_name) || coalesce(c.join_phrase, case when c.is_last then '' else ', ' end),
          '' order by c.position
        )
        from (
          select x.*, lead(x.position) over (order by x.position) is null as is_last
          from catalog.credit x
          where x.juke_id = ($1).juke_id and x.role = 'artist'
        ) c
        join catalog.entity e on e.juke_id = c.contributor_id
      $$
    $sql$, v_kind);
    execute format(
      'comment on function catalog.%1$s_artist_credit(catalog.%1$I) is %2$L', v_kind,
      'The artist credit as printed: `Queen & David Bowie`.');
  end loop;
end
$do$;
