-- What GraphQL says of the hub and the kinds; of the parts and the relations, catalog/part_comments.sql.
-- A line that begins with @ is a smart tag: it steers PostGraphile and is not shown.
comment on type catalog.entity_kind is
  'The twelve kinds. ALBUM is what people mean (a release group), RELEASE one edition of it, TRACK a recording.';
comment on type catalog.entity_status is 'ACTIVE; MERGED: it redirects to another entity; DELETED: a tombstone, the id stays taken.';

comment on table catalog.entity is
  E'@interface mode:relational type:kind\n@type artist references:artist\n@type album references:album\n@type release references:release\n@type track references:track\n@type work references:work\n@type genre references:genre\n@type label references:label\n@type video references:video\n@type podcast references:podcast\n@type episode references:episode\n@type book references:book\n@type audiobook references:audiobook\nAnything that has an identity: the twelve kinds share a key, a version, ids, names, credits, genres and images.';
comment on column catalog.entity.juke_id is 'The key: a UUIDv7 that is never given to anything else.';
comment on column catalog.entity.kind is 'What it is.';
comment on column catalog.entity.display_name is 'The name or title.';
comment on column catalog.entity.mbid is 'Its MusicBrainz id; when it has several, the best. All are among the external ids.';
comment on column catalog.entity.status is E'@behavior -*\nWhether it is current, redirects to another, or is gone.';
comment on column catalog.entity.merged_into is E'@behavior -*\nThe key of the entity that it was merged into.';
comment on column catalog.entity.version is 'Counts the transactions that changed it.';
comment on column catalog.entity.created_at is 'When it was first seen.';
comment on column catalog.entity.updated_at is 'When it last changed.';

comment on type catalog.entity_version is E'@name entity_version\nThat somebody has seen this version of an entity.';
comment on column catalog.entity_version.juke_id is E'@notNull\nThe key of the entity.';
comment on column catalog.entity_version.version is E'@notNull\nIts `version` when it was read.';

comment on table catalog.artist is 'A person, group, orchestra, choir or character that makes or performs.';
comment on column catalog.artist.juke_id is 'The key: a UUIDv7 that is never given to anything else.';
comment on column catalog.artist.name is 'The name as the artist writes it.';
comment on column catalog.artist.sort_name is 'The name to sort by: Davis, Miles.';
comment on column catalog.artist.disambiguation is 'What tells it from others of the same name.';
comment on column catalog.artist.artist_type is 'person, group, orchestra, choir, character or other.';
comment on column catalog.artist.gender is 'The gender of a person.';
comment on column catalog.artist.country is 'The country that it is identified with.';
comment on column catalog.artist.area is 'The area that it is identified with.';
comment on column catalog.artist.begin_area is 'Where it was born or founded.';
comment on column catalog.artist.end_area is 'Where it died or was dissolved.';
comment on column catalog.artist.begin_date is 'When it was born or founded.';
comment on column catalog.artist.end_date is 'When it died or was dissolved.';
comment on column catalog.artist.ended is 'Whether it has died or was dissolved, when the date is not known.';
comment on column catalog.artist.popularity is 'How much it is listened to, as its best source ranks it: 0 to 100.';

comment on table catalog.album is
  'What people mean by an album, a single or an EP: all its editions together (a release group at MusicBrainz, a master at Discogs).';
comment on column catalog.album.juke_id is 'The key: a UUIDv7 that is never given to anything else.';
comment on column catalog.album.title is 'The title.';
comment on column catalog.album.disambiguation is 'What tells it from others of the same title.';
comment on column catalog.album.album_type is 'album, single, ep, broadcast or other.';
comment on column catalog.album.secondary_types is 'live, compilation, soundtrack, remix…';
comment on column catalog.album.first_release_date is 'When its first edition came out.';
comment on column catalog.album.popularity is 'How much it is listened to, as its best source ranks it: 0 to 100.';

comment on table catalog.release is 'One edition of an album: with its own barcode, label, country, date and track list.';
comment on column catalog.release.juke_id is 'The key: a UUIDv7 that is never given to anything else.';
comment on column catalog.release.title is 'The title on the cover.';
comment on column catalog.release.disambiguation is 'What tells it from other editions.';
comment on column catalog.release.release_status is 'official, promotion, bootleg, pseudo-release, withdrawn or cancelled.';
comment on column catalog.release.release_date is 'When it came out; the earliest of its events.';
comment on column catalog.release.country is 'Where it came out first.';
comment on column catalog.release.packaging is 'jewel case, digipak, gatefold cover…';
comment on column catalog.release.language is 'The language of the titles, ISO 639.';
comment on column catalog.release.script is 'The script of the titles, ISO 15924.';
comment on column catalog.release.barcode is 'The barcode as printed; as an id (GTIN) it is among the external ids.';

comment on table catalog.track is 'A recording: one performance in one mix, on however many releases (ISRC).';
comment on column catalog.track.juke_id is 'The key: a UUIDv7 that is never given to anything else.';
comment on column catalog.track.title is 'The title.';
comment on column catalog.track.disambiguation is 'What tells it from others of the same title: live, acoustic…';
comment on column catalog.track.duration_ms is 'The length in milliseconds.';
comment on column catalog.track.first_release_date is 'When it first came out.';
comment on column catalog.track.explicit is 'Whether it is marked explicit; null when nobody says.';
comment on column catalog.track.popularity is 'How much it is listened to, as its best source ranks it: 0 to 100.';

comment on table catalog.work is 'A composition, apart from any recording of it (ISWC).';
comment on column catalog.work.juke_id is 'The key: a UUIDv7 that is never given to anything else.';
comment on column catalog.work.title is 'The title.';
comment on column catalog.work.disambiguation is 'What tells it from others of the same title.';
comment on column catalog.work.work_type is 'song, symphony, opera, aria…';
comment on column catalog.work.languages is 'The languages of the words, ISO 639.';

comment on table catalog.genre is 'A genre or style of music, with the genres above and below it.';
comment on column catalog.genre.juke_id is 'The key: a UUIDv7 that is never given to anything else.';
comment on column catalog.genre.name is 'The name in lower case.';
comment on column catalog.genre.disambiguation is 'What tells it from others of the same name.';
comment on column catalog.genre.description is 'What it is.';

comment on table catalog.label is 'A record label or imprint.';
comment on column catalog.label.juke_id is 'The key: a UUIDv7 that is never given to anything else.';
comment on column catalog.label.name is 'The name.';
comment on column catalog.label.sort_name is 'The name to sort by.';
comment on column catalog.label.disambiguation is 'What tells it from others of the same name.';
comment on column catalog.label.label_type is 'imprint, original production, publisher, distributor…';
comment on column catalog.label.label_code is 'The label code (LC) without the letters.';
comment on column catalog.label.country is 'Where it is.';
comment on column catalog.label.area is 'The area where it is.';
comment on column catalog.label.begin_date is 'When it was founded.';
comment on column catalog.label.end_date is 'When it was dissolved.';
comment on column catalog.label.ended is 'Whether it was dissolved, when the date is not known.';

comment on table catalog.video is 'A moving picture: a music video, a concert film, a visualizer.';
comment on column catalog.video.juke_id is 'The key: a UUIDv7 that is never given to anything else.';
comment on column catalog.video.title is 'The title.';
comment on column catalog.video.disambiguation is 'What tells it from others of the same title.';
comment on column catalog.video.duration_ms is 'The length in milliseconds.';
comment on column catalog.video.video_type is 'music video, live, lyric video…';
comment on column catalog.video.first_release_date is 'When it first came out.';

comment on table catalog.podcast is 'A podcast: a feed of episodes.';
comment on column catalog.podcast.juke_id is 'The key: a UUIDv7 that is never given to anything else.';
comment on column catalog.podcast.title is 'The title.';
comment on column catalog.podcast.author is 'Who makes it, in its own words.';
comment on column catalog.podcast.description is 'What it is about, in its own words.';
comment on column catalog.podcast.language is 'The language, BCP 47.';
comment on column catalog.podcast.website_url is 'Its page.';
comment on column catalog.podcast.feed_url is 'The address of the feed.';
comment on column catalog.podcast.explicit is 'Whether it is marked explicit; null when nobody says.';
comment on column catalog.podcast.podcast_type is 'episodic: the newest first. serial: from the first on.';
comment on column catalog.podcast.copyright is 'The copyright notice.';
comment on column catalog.podcast.value is
  'How listeners may pay, and whom: the value blocks of the podcast namespace, each with type, method, suggested and recipients.';

comment on table catalog.episode is 'One episode of a podcast.';
comment on column catalog.episode.juke_id is 'The key: a UUIDv7 that is never given to anything else.';
comment on column catalog.episode.title is 'The title.';
comment on column catalog.episode.description is 'What it is about.';
comment on column catalog.episode.season is 'The number of the season.';
comment on column catalog.episode.season_name is 'The name of the season.';
comment on column catalog.episode.episode_number is 'The number within the season.';
comment on column catalog.episode.episode_type is 'full, trailer or bonus.';
comment on column catalog.episode.duration_ms is 'The length in milliseconds.';
comment on column catalog.episode.published_at is 'When it was published.';
comment on column catalog.episode.explicit is 'Whether it is marked explicit; null when nobody says.';
comment on column catalog.episode.enclosure_url is 'The address of the audio or video file.';
comment on column catalog.episode.enclosure_type is 'The media type of the file.';
comment on column catalog.episode.enclosure_bytes is 'The size of the file in bytes.';
comment on column catalog.episode.chapters_url is 'Where the chapters are found, when they are not in the feed.';
comment on column catalog.episode.value is
  'How listeners may pay, and whom: the value blocks of the podcast namespace, each with type, method, suggested and recipients.';

comment on table catalog.book is 'An edition of a book (ISBN).';
comment on column catalog.book.juke_id is 'The key: a UUIDv7 that is never given to anything else.';
comment on column catalog.book.title is 'The title.';
comment on column catalog.book.subtitle is 'The subtitle.';
comment on column catalog.book.description is 'What it is about.';
comment on column catalog.book.publisher is 'The publisher as printed.';
comment on column catalog.book.published_date is 'When it came out.';
comment on column catalog.book.language is 'The language, ISO 639.';
comment on column catalog.book.page_count is 'The number of pages.';
comment on column catalog.book.edition is 'The edition as printed: 2nd, revised…';
comment on column catalog.book.format is 'hardcover, paperback, ebook…';
comment on column catalog.book.series is 'The series that it belongs to.';
comment on column catalog.book.series_position is 'Its place in the series as printed: 3, 2.5…';

comment on table catalog.audiobook is 'A reading of a book.';
comment on column catalog.audiobook.juke_id is 'The key: a UUIDv7 that is never given to anything else.';
comment on column catalog.audiobook.title is 'The title.';
comment on column catalog.audiobook.subtitle is 'The subtitle.';
comment on column catalog.audiobook.description is 'What it is about.';
comment on column catalog.audiobook.publisher is 'The publisher.';
comment on column catalog.audiobook.published_date is 'When it came out.';
comment on column catalog.audiobook.language is 'The language, ISO 639.';
comment on column catalog.audiobook.duration_ms is 'The length in milliseconds.';
comment on column catalog.audiobook.abridged is 'Whether it leaves something out; null when nobody says.';
