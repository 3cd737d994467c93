-- What jukebase_api may do: read the catalog, and call the functions listed here. GraphQL runs as this role and shows
-- exactly what it may do, so this list is the API. What editors may besides is in grants/jukebase_editor.sql.
-- Postgres lets everybody (PUBLIC) execute a new function. That is taken back here, in our schemas only; whoever else is to
-- use them is granted that by name. Applied last, and again whenever another file was.
revoke all on schema catalog, identity, ingest, descriptor, feed, ops from public, jukebase_api;
revoke all on all tables in schema catalog, identity, ingest, descriptor, feed, ops from public, jukebase_api;
revoke all on all sequences in schema catalog, identity, ingest, descriptor, feed, ops from public, jukebase_api;
revoke all on all routines in schema catalog, identity, ingest, descriptor, feed, ops from public, jukebase_api;

grant usage on schema catalog, identity, descriptor, feed to jukebase_api;
grant select on all tables in schema catalog to jukebase_api;

-- Those that read what the role may not (schemes, records, events, documents) are security definer.
grant execute on function
  catalog.entity_by_juke_id(uuid),
  catalog.entity_by_ref(text),
  catalog.entity_by_mbid(uuid, catalog.entity_kind),
  catalog.state(uuid[]),
  catalog.is_streamable(uuid, text, timestamptz, text),
  catalog.rights_at(uuid[], text, timestamptz, text),
  identity.resolve(text),
  identity.resolve_one(text),
  identity.resolve_many(text[]),
  identity.resolve_as_of(text, timestamptz),
  identity.explain(text),
  identity.how(uuid),
  identity.why_not(uuid, uuid),
  catalog.provenance(uuid),
  descriptor.search(text, catalog.entity_kind[], int),
  feed.updates(text, int, catalog.entity_kind[]),
  feed.read(text, int, catalog.entity_kind[], text),
  feed.updates_between(timestamptz, timestamptz, int, text),
  feed.bootstrap(catalog.entity_kind[]),
  feed.updates_of(jsonb),
  feed.head()
to jukebase_api;

-- Fields of types.
grant execute on function
  catalog.artist_albums(catalog.artist),
  catalog.artist_tracks(catalog.artist),
  catalog.artist_members(catalog.artist),
  catalog.artist_groups(catalog.artist),
  catalog.artist_personas(catalog.artist),
  catalog.episode_chapters(catalog.episode),
  catalog.audiobook_chapters(catalog.audiobook),
  catalog.genre_parents(catalog.genre),
  catalog.genre_children(catalog.genre),
  catalog.album_artist_credit(catalog.album),
  catalog.release_artist_credit(catalog.release),
  catalog.track_artist_credit(catalog.track),
  catalog.video_artist_credit(catalog.video)
to jukebase_api;
