-- requires: catalog/external_id.sql catalog/related_artist.sql
-- What GraphQL says of the parts of entities, and the names of the relations in both directions.
-- A part has no field of its own at the root: it is reached from the entity that it belongs to.
do $do$
declare
  r record;
begin
  for r in
    select * from (values
      ('alias', 'Another name of an entity.'),
      ('credit', 'That somebody took part in making an entity, and as what.'),
      ('entity_genre', 'That an entity belongs to a genre, and how much.'),
      ('image', 'A picture of an entity: a cover, a portrait, a logo.'),
      ('release_medium', 'A disc, cassette or file of a release.'),
      ('release_track', 'A place in the track list of a release, and the recording or video that is there.'),
      ('release_label', 'That a release came out on a label, and under which catalog number.'),
      ('release_event', 'That a release came out in a country on a date.'),
      ('track_work', 'That a recording is one of a work.'),
      ('usage_right', 'One term of a deal: what may be done with something, where and when. What is null does not restrict.'),
      ('copyright', 'A P-line or C-line: who owns something.'),
      ('chapter', 'A chapter of an episode or audiobook.'),
      ('transcript', 'Where the text of an episode is found.'),
      ('related_artist', 'That artists are related: as member and group, or as one person of several names.'),
      ('external_id', 'An id under which somebody else knows an entity.')
    ) t (name, doc)
  loop
    execute format('comment on %s catalog.%I is %L',
      case when r.name in ('external_id', 'related_artist') then 'view' else 'table' end, r.name,
      concat_ws(E'\n',
        case r.name when 'external_id' then E'@primaryKey source,external_id,kind\n@foreignKey (juke_id) references catalog.entity (juke_id)|@fieldName entity|@foreignFieldName externalIds|@behavior -connection +list|@forwardDescription What it is an id of.|@backwardDescription The ids under which others know it.'
          when 'related_artist' then E'@foreignKey (juke_id) references catalog.artist (juke_id)|@fieldName artist|@foreignFieldName relatives|@behavior -connection +list|@forwardDescription The artist.|@backwardDescription The artists that it is related to.\n@foreignKey (related_id) references catalog.artist (juke_id)|@fieldName related|@behavior -manyRelation:resource:connection -manyRelation:resource:list|@forwardDescription The one that it is related to.' end,
        '@behavior -query:resource:connection -query:resource:list -query:resource:single', r.doc));
  end loop;
end
$do$;

comment on column catalog.alias.name is 'The name.';
comment on column catalog.alias.locale is 'Where it is used, BCP 47 or as the source has it; empty when it does not say.';
comment on column catalog.alias.sort_name is 'The name to sort by.';
comment on column catalog.alias.alias_type is 'artist name, legal name, search hint…';
comment on column catalog.alias.is_primary is 'Whether it is the name to show in its locale.';
comment on column catalog.alias.begin_date is 'Since when it is used.';
comment on column catalog.alias.end_date is 'Until when it was used.';

comment on column catalog.credit.role is 'artist, composer, lyricist, producer, conductor, vocal, instrument, author, narrator…';
comment on column catalog.credit.position is 'Its place within the role: 1, 2, 3…';
comment on column catalog.credit.credited_as is 'The name as printed, when it is not the contributor''s own.';
comment on column catalog.credit.join_phrase is 'What stands between this name and the next: ` & `, ` feat. `.';
comment on column catalog.credit.share is 'The share of the performing right in percent.';
comment on column catalog.credit.mechanical_share is 'The share of the mechanical right in percent.';
comment on column catalog.credit.synchronization_share is 'The share of the synchronization right in percent.';
comment on column catalog.credit.attributes is 'Instruments and circumstances: guitar, guest, additional…';

comment on column catalog.entity_genre.weight is 'How much, comparable within one entity: votes, or a part of 1.';

comment on column catalog.image.url is 'Its address.';
comment on column catalog.image.image_type is 'front, back, artist, logo…';
comment on column catalog.image.width is 'In pixels.';
comment on column catalog.image.height is 'In pixels.';

comment on column catalog.release_medium.disc is 'The number of the medium in the release, from 1 on.';
comment on column catalog.release_medium.format is 'CD, 12" vinyl, digital media…';
comment on column catalog.release_medium.title is 'The title of the medium.';

comment on column catalog.release_track.disc is 'The number of the medium, from 1 on.';
comment on column catalog.release_track.position is 'The place on the medium, from 1 on; 0 is a hidden track before the first.';
comment on column catalog.release_track.number is 'The place as printed: A1.';
comment on column catalog.release_track.title is 'The title as printed, when it is not that of the recording.';
comment on column catalog.release_track.duration_ms is 'The length as printed, in milliseconds.';

comment on column catalog.release_label.catalog_number is 'The catalog number; empty when the source says none.';

comment on column catalog.release_event.position is 'Its place among the events, from 1 on.';
comment on column catalog.release_event.country is 'Where.';
comment on column catalog.release_event.date is 'When.';

comment on column catalog.track_work.relation is 'How it relates: performance…';
comment on column catalog.track_work.attributes is 'live, cover, partial, medley…';

comment on column catalog.usage_right.position is 'Its place among the terms, from 1 on.';
comment on column catalog.usage_right.territories is 'Where it holds: ISO 3166-1 or 3166-2 codes; null is everywhere.';
comment on column catalog.usage_right.excluded_territories is 'Where it does not hold all the same; Worldwide when the source has taken all terms back.';
comment on column catalog.usage_right.usages is 'What may be done: DDEX use types, such as OnDemandStream; null is whatever.';
comment on column catalog.usage_right.commercial_models is 'How it is paid for: DDEX commercial models, such as SubscriptionModel; null is however.';
comment on column catalog.usage_right.valid_from is 'Since when it holds.';
comment on column catalog.usage_right.valid_until is 'The first moment at which it no longer holds.';

comment on column catalog.copyright.line is 'P: the sound recording. C: everything else, such as texts and artwork.';
comment on column catalog.copyright.position is 'Its place among the lines of its sort, from 1 on.';
comment on column catalog.copyright.year is 'The year of the line.';
comment on column catalog.copyright.text is 'Whom it names, with or without the year.';

comment on column catalog.related_artist.juke_id is E'@behavior -*';
comment on column catalog.related_artist.related_id is E'@behavior -*';
comment on column catalog.related_artist.relation is E'@notNull\nWhat the other one is to this one: member, group it is a member of, or alias (the same person under another name).';
comment on column catalog.related_artist.begin_date is 'Since when.';
comment on column catalog.related_artist.end_date is 'Until when.';
comment on column catalog.related_artist.ended is 'Whether it is over, when the date is not known.';

-- What each of two says of the other, for catalog.related_artist: GraphQL shows that.
comment on table catalog.artist_relation is
  E'@behavior -*\nWhat the records of an artist say of its relation to another.';

comment on column catalog.chapter.position is 'Its place, from 1 on.';
comment on column catalog.chapter.start_ms is 'Where it begins, in milliseconds.';
comment on column catalog.chapter.end_ms is 'Where it ends, in milliseconds; null: where the next one begins.';
comment on column catalog.chapter.title is 'The title.';
comment on column catalog.chapter.url is 'A page about it.';
comment on column catalog.chapter.image_url is 'A picture for it.';

comment on column catalog.transcript.position is 'Its place among the transcripts, from 1 on.';
comment on column catalog.transcript.url is 'Where it is.';
comment on column catalog.transcript.media_type is 'Its media type: text/vtt, application/json…';
comment on column catalog.transcript.language is 'Its language, BCP 47.';
comment on column catalog.transcript.rel is 'captions, when it carries times.';

comment on column catalog.external_id.juke_id is E'@behavior -*';
comment on column catalog.external_id.source is E'@name scheme\nWhose id it is: spotify, isrc, mbid, discogs…';
comment on column catalog.external_id.external_id is E'@name value\nThe id in its canonical form.';
comment on column catalog.external_id.kind is E'@behavior -*\nThe kind of the entity.';
comment on column catalog.external_id.is_contested is E'@notNull\nWhether another entity claims it too.';
comment on column catalog.external_id.since is E'@notNull\nWhen it was first known to be an id of this entity.';

-- The relations, forward along the foreign key and back: a list where they are few and come whole, a connection where they
-- come in pages. The column itself is hidden: the relation shows the key of what it points to.
do $do$
declare
  r record;
begin
  for r in
    select * from (values
      ('alias', 'juke_id', 'entity', 'What it is a name of.', 'aliases', 'list', 'Its other names.'),
      ('credit', 'juke_id', 'entity', 'What was made.', 'credits', 'list', 'Who took part in making it.'),
      ('credit', 'contributor_id', 'contributor', 'Who took part: an artist or a label.', 'contributions', 'connection', 'What it took part in making.'),
      ('entity_genre', 'juke_id', 'entity', 'What belongs to the genre.', 'genres', 'list', 'Its genres.'),
      ('entity_genre', 'genre_id', 'genre', 'The genre.', 'entities', 'connection', 'What belongs to the genre.'),
      ('image', 'juke_id', 'entity', 'What it is a picture of.', 'images', 'list', 'Pictures of it.'),
      ('release', 'album_id', 'album', 'The album that it is an edition of.', 'releases', 'connection', 'Its editions.'),
      ('label', 'parent_id', 'parent', 'The label that it belongs to.', 'sublabels', 'connection', 'The labels that belong to it.'),
      ('video', 'track_id', 'track', 'The recording that it shows.', 'videos', 'connection', 'The videos that show it.'),
      ('episode', 'podcast_id', 'podcast', 'The podcast that it belongs to.', 'episodes', 'connection', 'Its episodes.'),
      ('audiobook', 'book_id', 'book', 'The book that is read.', 'audiobooks', 'connection', 'The readings of it.'),
      ('release_medium', 'release_id', 'release', 'The release that it is a part of.', 'media', 'list', 'Its discs, cassettes or files.'),
      ('release_track', 'release_id', 'release', 'The release.', 'tracks', 'connection', 'Its track list, in order.'),
      ('release_track', 'track_id', 'track', 'The recording; null where there is a video.', 'appearances', 'connection', 'The releases that it is on.'),
      ('release_track', 'video_id', 'video', 'The video; null where there is a recording.', 'appearances', 'connection', 'The releases that it is on.'),
      ('release_label', 'release_id', 'release', 'The release.', 'labels', 'list', 'The labels that it came out on.'),
      ('release_label', 'label_id', 'label', 'The label.', 'releases', 'connection', 'The releases that came out on it.'),
      ('release_event', 'release_id', 'release', 'What came out.', 'events', 'list', 'Where and when it came out.'),
      ('usage_right', 'juke_id', 'entity', 'What may be used so.', 'rights', 'list', 'The terms on which it may be used.'),
      ('copyright', 'juke_id', 'entity', 'What it is the line of.', 'copyrights', 'list', 'Its P-lines and C-lines.'),
      ('transcript', 'episode_id', 'episode', 'The episode.', 'transcripts', 'list', 'Where its text is found.'),
      ('track_work', 'track_id', 'track', 'The recording.', 'works', 'list', 'The works that it is a recording of.'),
      ('track_work', 'work_id', 'work', 'The work.', 'recordings', 'connection', 'The recordings of it.')
    ) t (table_name, column_name, forward, forward_doc, backward, shape, backward_doc)
  loop
    execute format('comment on constraint %I on catalog.%I is %L',
      format('%s_%s_fkey', r.table_name, r.column_name), r.table_name,
      concat_ws(E'\n', '@fieldName ' || r.forward, '@forwardDescription ' || r.forward_doc,
        '@foreignFieldName ' || r.backward, '@backwardDescription ' || r.backward_doc,
        case r.shape when 'list' then '@behavior -connection +list' end));
    execute format('comment on column catalog.%I.%I is %L', r.table_name, r.column_name, E'@behavior -*');
  end loop;
end
$do$;

-- Between genres, the functions catalog.genre_parents and catalog.genre_children.
comment on table catalog.genre_parent is E'@behavior -*\nThat a genre is directly below another.';
comment on constraint genre_parent_genre_id_fkey on catalog.genre_parent is E'@behavior -*';
comment on constraint genre_parent_parent_id_fkey on catalog.genre_parent is E'@behavior -*';
comment on constraint entity_merged_into_fkey on catalog.entity is E'@behavior -*';

-- Two kinds have chapters: functions of theirs show them (chapters.sql).
comment on constraint chapter_juke_id_fkey on catalog.chapter is
  E'@fieldName entity\n@forwardDescription What it is a chapter of.\n@behavior -manyRelation:resource:connection -manyRelation:resource:list';
comment on column catalog.chapter.juke_id is E'@behavior -*';
do $do$
declare
  v_column text;
begin
  foreach v_column in array '{juke_id,artist_id,related_id}'::text[] loop
    execute format('comment on constraint artist_relation_%s_fkey on catalog.artist_relation is %L', v_column, '@behavior -*');
  end loop;
end
$do$;
