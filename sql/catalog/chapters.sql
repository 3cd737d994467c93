-- catalog.episode_chapters(episode), catalog.audiobook_chapters(audiobook) → their chapters, from the beginning.
do $do$
declare
  v_kind text;
begin
  foreach v_kind in array '{episode,audiobook}'::text[] loop
    execute format($sql$
      create or replace function catalog.%1$s_chapters(%1$s catalog.%1$I)
      returns setof catalog.chapter
      language sql
      stable
      parallel safe
      rows 20
      as $$
        select t.* from catalog.chapter t where t.juke_id = ($1).juke_id order by t.position
      $$
    $sql$, v_kind);
    execute format('comment on function catalog.%1$s_chapters(catalog.%1$I) is %2$L', v_kind,
      concat_ws(E'\n', '@behavior -connection +list', '@notNull', 'What is heard when, from the beginning.'));
  end loop;
end
$do$;
