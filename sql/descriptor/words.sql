-- descriptor.words(text) → the text with spaces for the signs that make Postgres read a name as something else:
-- AC/DC as a path, will.i.am as a host, blink-182 as blink and minus 182, <Unknown> as a tag.
-- Example: select descriptor.words('AC/DC')  -- AC DC
create or replace function descriptor.words(p_text text)
returns text
language sql
immutable
parallel safe
as $$
  select translate(p_text, '/\.-_@:&~+<>#%=?|*^', repeat(' ', 19))
$$;

comment on function descriptor.words(text) is 'A text without the signs that make a name look like a path, host, number or tag.';
