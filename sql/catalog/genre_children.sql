-- catalog.genre_children(genre) → the genres directly below a genre, by name.
create or replace function catalog.genre_children(genre catalog.genre)
returns setof catalog.genre
language sql
stable
parallel safe
rows 20
as $$
  select g.*
  from catalog.genre_parent p
  join catalog.genre g on g.juke_id = p.genre_id
  where p.parent_id = ($1).juke_id
  order by g.name, g.juke_id
$$;

comment on function catalog.genre_children(catalog.genre) is E'@behavior -connection +list\n@notNull\nThe genres directly below this one.';
