-- identity.actor() → who is acting: the setting jukebase.actor (a person's name, set for the transaction or session), else the
-- database user.
create or replace function identity.actor()
returns text
language sql
stable
as $$
  select coalesce(nullif(current_setting('jukebase.actor', true), ''), session_user)
$$;

comment on function identity.actor() is 'Who is acting: the setting jukebase.actor, else the database user.';
