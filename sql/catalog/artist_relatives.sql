-- requires: catalog/related_artist.sql
-- catalog.artist_members(artist), artist_groups(artist), artist_personas(artist) → the members of an artist, the groups that it is a
-- member of, the other names under which the same person appears: since when and until when, those who came first first.
do $do$
declare
  r record;
begin
  for r in
    select * from (values
      ('members', 'member', 'Its members, now and before, those who came first first.'),
      ('groups', 'group', 'The groups that it is or was a member of, the first one first.'),
      ('personas', 'alias', 'The same person as artists of other names.')
    ) t (name, relation, doc)
  loop
    execute format($sql$
      create or replace function catalog.artist_%1$s(artist catalog.artist)
      returns setof catalog.related_artist
      language sql
      stable
      parallel safe
      rows 5
      as $$
        select t.*
        from catalog.related_artist t
        where t.juke_id = ($1).juke_id and t.relation = %2$L
        order by t.begin_date, t.related_id
      $$
    $sql$, r.name, r.relation);
    execute format('comment on function catalog.artist_%s(catalog.artist) is %L', r.name,
      concat_ws(E'\n', '@behavior -connection +list', '@notNull', r.doc));
  end loop;
end
$do$;
