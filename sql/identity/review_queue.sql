-- identity.review_queue(limit) → the open reviews, those with the greatest worth first, each with both dossiers: of what was merged
-- since, the survivor's.
-- Errors: JB167 limit out of range.
-- Example: select review_id, topic, a ->> 'name', b ->> 'name' from identity.review_queue(10)
create or replace function identity.review_queue("limit" int default 20)
returns table (
  review_id bigint, topic identity.review_topic, kind catalog.entity_kind, source text, external_id text, worth real,
  evidence jsonb, a jsonb, b jsonb, opened_at timestamptz
)
language plpgsql
stable
parallel safe
rows 20
security definer -- an editor needs no right to the tables
set search_path = pg_catalog, pg_temp
as $$
begin
  if "limit" is null or "limit" not between 1 and 1000 then
    raise exception 'limit is out of range: %', coalesce("limit"::text, 'null')
      using errcode = 'JB167', detail = 'A page has 1 to 1,000 reviews.', hint = 'Ask for 1 to 1,000 reviews.';
  end if;
  return query
    select v.review_id, v.topic, v.kind, v.source, v.external_id, v.worth, v.evidence,
      identity.dossier(case v.topic when 'undo_refused' then a.juke_id else coalesce(a.merged_into, a.juke_id) end),
      identity.dossier(case v.topic when 'undo_refused' then b.juke_id else coalesce(b.merged_into, b.juke_id) end),
      v.opened_at
    from identity.review v
    join catalog.entity a on a.juke_id = v.a_juke_id
    join catalog.entity b on b.juke_id = v.b_juke_id
    where v.status = 'open'
      and (
        v.topic = 'undo_refused'
        -- Those that have become one, or are gone, answer themselves.
        or a.status <> 'deleted' and b.status <> 'deleted'
          and coalesce(a.merged_into, a.juke_id) <> coalesce(b.merged_into, b.juke_id)
      )
    order by v.worth desc, v.review_id
    limit "limit";
end
$$;

comment on function identity.review_queue(int) is
  E'@name review_queue\n@behavior -connection +list\n@notNull\n@recordName review_item A question to a person, are these two one?, with all that is known of both.\n@field review_id! What `decide` takes.\n@field topic! Why somebody should look at it.\n@field kind! The kind of both.\n@field source The scheme of a contested id.\n@field external_id The contested id.\n@field worth! How much hangs on the decision.\n@field evidence! What was found.\n@field a! All that is known of the one: ids, records, aliases, the number of its credits.\n@field b! The same of the other.\n@field opened_at! Since when it is open.\nThe open reviews with both dossiers, the most valuable decision first. Errors: JB167 the limit is out of range.';
