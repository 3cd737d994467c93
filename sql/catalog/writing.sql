-- catalog.writing(on): from now on, until it is called with false or the transaction ends, this transaction may write the
-- projected tables (see catalog.tg_projected__guard): for bulk loads that know what they do. Our own functions need not say so.
create or replace function catalog.writing(p_on boolean)
returns void
language sql
volatile
as $$
  select set_config('jukebase.writing', case when p_on then 'catalog' else '' end, true)
$$;

comment on function catalog.writing(boolean) is 'Lets this transaction write the projected tables, or ends that.';
