-- feed.catalog_name() → the name of this database as cursors have it: the cluster and the database, 'system identifier.oid'.
-- Transaction ids are the cluster's, event ids the database's: they mean nothing in another one.
create or replace function feed.catalog_name()
returns text
language sql
stable
as $$
  select concat(c.system_identifier, '.', d.oid)
  from pg_catalog.pg_control_system() c, pg_catalog.pg_database d
  where d.datname = current_database()
$$;

comment on function feed.catalog_name() is 'The cluster and the database that a cursor belongs to.';
