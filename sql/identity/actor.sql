-- identity.actor() → who is acting: the setting jukebase.actor (a person's name, set for the transaction or session), else the
-- database user. A setting that is the name of what nobody in person does (record, jukebase) is put in quotes.
create or replace function identity.actor()
returns text
language sql
stable
parallel safe
as $$
  select coalesce(
    case current_setting('jukebase.actor', true)
      when '' then null
      when 'record' then '"record"'
      when 'jukebase' then '"jukebase"'
      else current_setting('jukebase.actor', true)
    end,
    session_user
  )
$$;

comment on function identity.actor() is 'Who is acting: the setting jukebase.actor, else the database user.';
