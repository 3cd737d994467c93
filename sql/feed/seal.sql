-- feed.seal(text) → the text with a check sum: a cursor that was cut off or mistyped is seen as such.
create or replace function feed.seal(p_text text)
returns text
language sql
immutable
as $$
  select concat(p_text, '/', left(md5(p_text), 8))
$$;

comment on function feed.seal(text) is 'The text of a cursor with its check sum.';
