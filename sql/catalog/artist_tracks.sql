-- catalog.artist_tracks(artist) → the tracks credited to an artist as the artist, the oldest first. Where it is a composer, a
-- producer or a guest musician is among its contributions (catalog.credit).
create or replace function catalog.artist_tracks(artist catalog.artist)
returns setof catalog.track
language sql
stable
parallel safe
rows 20
as $$
  select t.*
  from catalog.track t
  where t.juke_id in (
    select c.juke_id from catalog.credit c where c.contributor_id = ($1).juke_id and c.role = 'artist'
  )
  order by t.first_release_date, t.juke_id
$$;

comment on function catalog.artist_tracks(catalog.artist) is 'The tracks credited to the artist, the oldest first.';
