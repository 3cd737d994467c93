-- feed.origin() → (actor, delivery_id): who changes the catalog in this transaction, and by which delivery: that which ingest.apply takes in (the setting
-- jukebase.delivery), or that which a person's edit is (jukebase.edit). A delivery that is taken in has no actor but whom jukebase.actor names.
create or replace function feed.origin(out actor text, out delivery_id bigint)
language sql
stable
as $$
  select
    case when o.edit is not null or o.delivery is null or current_setting('jukebase.actor', true) <> '' then identity.actor() end,
    coalesce(o.edit, o.delivery)::bigint
  from (
    select nullif(current_setting('jukebase.edit', true), '') as edit, nullif(current_setting('jukebase.delivery', true), '') as delivery
  ) o
$$;

comment on function feed.origin() is 'Who changes the catalog in this transaction, and by which delivery.';
