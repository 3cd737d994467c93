-- feed.origin() → (actor, delivery_id): who changes the catalog in this transaction, and by which delivery. With a delivery the
-- actor is only whom the setting jukebase.actor names: a delivery that comes by itself has none.
create or replace function feed.origin(out actor text, out delivery_id bigint)
language sql
stable
as $$
  select
    case when d.delivery_id is null or current_setting('jukebase.actor', true) <> '' then identity.actor() end,
    d.delivery_id
  from (select nullif(current_setting('jukebase.delivery', true), '')::bigint as delivery_id) d
$$;

comment on function feed.origin() is 'Who changes the catalog in this transaction, and by which delivery.';
