-- catalog.genre_parents(genre) → the genres directly above a genre, by name.
create or replace function catalog.genre_parents(genre catalog.genre)
returns setof catalog.genre
language sql
stable
parallel safe
rows 5
as $$
  select g.*
  from catalog.genre_parent p
  join catalog.genre g on g.juke_id = p.parent_id
  where p.genre_id = ($1).juke_id
  order by g.name, g.juke_id
$$;

comment on function catalog.genre_parents(catalog.genre) is E'@behavior -connection +list\n@notNull\nThe genres directly above this one.';
