-- descriptor.query_of(text) → the tsquery of what people type: words, "a phrase", -without, or. Never raises.
-- The signs that descriptor.words takes out of names are taken out here too; a hyphen says "without" before a word only.
-- Example: select descriptor.query_of('ac/dc -live')  -- 'ac' & 'dc' & !'live'
create or replace function descriptor.query_of(p_text text)
returns tsquery
language sql
stable
parallel safe
as $$
  select websearch_to_tsquery(
    'descriptor.names',
    translate(regexp_replace(left(p_text, 1000), '(?<=\S)-', ' ', 'g'), '/\._@:&~+<>#%=?|*^', repeat(' ', 18))
  )
$$;

comment on function descriptor.query_of(text) is 'The tsquery of what people type: words, "a phrase", -without, or.';
