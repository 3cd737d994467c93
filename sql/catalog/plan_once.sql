-- catalog.plan_once(): from here on, until the calling function ends or calls catalog.plan_anew, statements keep their plans. To be called before rows
-- are inserted by a function that has each of its statements planned anew (plan_cache_mode = force_custom_plan): the checks of foreign keys are
-- statements too, one for each row, and planning one takes several times as long as running it. A kept plan probes indexes, however small the tables
-- were when it was made. The calling function sets plan_cache_mode and enable_seqscan itself: with those these end.
create or replace function catalog.plan_once()
returns void
language sql
volatile
as $$
  select set_config('plan_cache_mode', 'force_generic_plan', true);
  select from set_config('enable_seqscan', 'off', true)
$$;

-- catalog.plan_anew(): undoes catalog.plan_once within the same function.
create or replace function catalog.plan_anew()
returns void
language sql
volatile
as $$
  select set_config('plan_cache_mode', 'force_custom_plan', true);
  select from set_config('enable_seqscan', 'on', true)
$$;

comment on function catalog.plan_once() is 'Lets the statements that follow in a function, and the checks of foreign keys, keep their plans.';
comment on function catalog.plan_anew() is 'Lets the statements that follow in a function be planned anew again.';
