/** Identifier schemes, the one table of external ids, and the membership of records. */
import type { Sql } from "postgres";

export async function up(sql: Sql): Promise<void> {
  await sql.unsafe(/* sql */ `
    create extension if not exists "uuid-ossp" with schema public;

    create type identity.exclusivity as enum ('exclusive', 'territory', 'shared', 'unstable');
    comment on type identity.exclusivity is
      'exclusive: one value names one thing, and another value speaks against it. territory: one value names one thing, which has others elsewhere (by market, mirror or address). shared: several things may carry one value (two masterings with one ISRC). unstable: what a value names depends on when and where it is read; it never links by itself.';

    create table identity.scheme (
      scheme text collate "C" not null,
      title text not null,
      standard text,                     -- who says what is valid: ISO 3901, RFC 9562, the service
      rank integer not null,             -- precedence: the lower one is asked first and believed more
      exclusivity identity.exclusivity not null,
      kinds catalog.entity_kind[] not null, -- what it can name
      aliases text[] not null default '{}', -- what else it is called in a reference: upc:…
      uri_base text,                     -- host and path that make 'spotify:track:…' a URL of the service
      pattern text not null,             -- regular expression of the canonical form; it alone decides for a scheme of your own
      form text,                         -- the canonical form in words
      check_rule text,                   -- how the value proves itself; null when nothing in it does
      example text,                      -- a valid value in its canonical form
      constraint scheme_pkey primary key (scheme),
      constraint scheme_rank_is_unique unique (rank) deferrable,
      constraint scheme_is_a_lower_case_word check (scheme ~ '^[a-z][a-z0-9_]*$'),
      constraint scheme_names_some_kind check (cardinality(kinds) > 0)
    );

    create table identity.url_pattern (
      domain text not null,              -- the last two or three labels of the host
      pattern text not null,             -- regular expression over host, path and query; its first group is the value
      scheme text collate "C" not null,
      kinds catalog.entity_kind[] not null, -- what such a URL names, the likeliest first
      template text,                     -- the way back: the URL of a thing of these kinds, {value} for its id
      constraint url_pattern_pkey primary key (domain, pattern),
      constraint url_pattern_scheme_fkey foreign key (scheme) references identity.scheme (scheme) on delete cascade,
      constraint url_pattern_names_some_kind check (cardinality(kinds) > 0),
      constraint url_template_has_a_place_for_the_value check (template like 'https://%{value}%')
    );
    create index url_pattern_scheme_idx on identity.url_pattern (scheme);

    create table identity.shape (
      scheme text collate "C" not null,
      pattern text not null,             -- regular expression over the text as it was pasted
      shortest integer not null,         -- of that many characters at least
      longest integer not null,          -- and at most
      confidence double precision not null, -- 0..1, when the value is valid too; from 0.9 on it is read as this without asking
      why text not null,
      constraint shape_pkey primary key (scheme, pattern),
      constraint shape_scheme_fkey foreign key (scheme) references identity.scheme (scheme) on delete cascade,
      constraint shape_confidence_is_a_probability check (confidence between 0 and 1),
      constraint shape_lengths_are_in_order check (shortest between 1 and longest)
    );

    insert into identity.scheme (rank, scheme, title, standard, exclusivity, kinds, aliases, uri_base, pattern, form, check_rule, example) values
      (0, 'juke_id', 'Our own key', 'RFC 9562', 'exclusive',
        '{artist,album,release,track,work,genre,label,video,podcast,episode,book,audiobook}', '{jukebase}', null,
        '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$',
        'uuid in lower case', null, '017f22e2-79b0-7cc3-98c4-dc0c0c07398f'),
      (10, 'mbid', 'MusicBrainz identifier', 'MusicBrainz', 'exclusive',
        '{artist,album,release,track,work,genre,label,video}', '{musicbrainz}', 'musicbrainz.org/',
        '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$',
        'uuid in lower case', 'not the nil uuid', 'a74b1b7f-71a5-4011-9441-d0b5e4122711'),
      (20, 'podcast_guid', 'Podcast GUID', 'podcast namespace', 'shared', '{podcast}', '{podcastguid}', null,
        '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$',
        'uuid in lower case', 'not the nil uuid', '9b024349-ccf0-5f69-a609-6b82873eab3c'),
      (30, 'isni', 'International Standard Name Identifier', 'ISO 27729', 'exclusive', '{artist,label}', '{}', null,
        '^[0-9]{15}[0-9X]$', '15 digits and 0-9 or X', 'ISO 7064 mod 11-2', '000000012281955X'),
      (40, 'ipi_base', 'Interested Parties Information base number', 'CISAC', 'exclusive', '{artist,label}', '{}', null,
        '^I[0-9]{10}$', 'I and 10 digits', 'mod 10, weights 1 to 9, from 2', 'I0000002297'),
      (50, 'ipi', 'Interested Parties Information name number', 'CISAC', 'shared', '{artist,label}', '{ipi_name,cae}', null,
        '^[0-9]{11}$', '11 digits', 'mod 101, weights 10 to 2', '00014107338'),
      (60, 'iswc', 'International Standard Musical Work Code', 'ISO 15707', 'exclusive', '{work}', '{}', null,
        '^T[0-9]{10}$', 'T and 10 digits', 'mod 10, weights 1 to 9, from 1', 'T0345246801'),
      (70, 'grid', 'Global Release Identifier', 'GRid Standard (IFPI)', 'exclusive', '{release,track}', '{}', null,
        '^A1[0-9A-Z]{16}$', 'A1 and 16 letters or digits', 'ISO 7064 mod 37,36', 'A12425GABC1234002M'),
      (80, 'isbn', 'International Standard Book Number', 'ISO 2108', 'exclusive', '{book,audiobook}',
        '{isbn10,isbn13,isbn-10,isbn-13}', null,
        '^97(8[0-9]|9[1-9])[0-9]{9}$', '13 digits', 'mod 10, weights 1 and 3; ten digits: mod 11', '9781857982183'),
      (90, 'ismn', 'International Standard Music Number', 'ISO 10957', 'shared', '{book,work}', '{}', null,
        '^9790[0-9]{9}$', '13 digits', 'mod 10, weights 1 and 3', '9790060115615'),
      (100, 'issn', 'International Standard Serial Number', 'ISO 3297', 'shared', '{podcast,book}', '{}', null,
        '^[0-9]{7}[0-9X]$', '7 digits and 0-9 or X', 'mod 11, weights 8 to 2', '03178471'),
      (110, 'isrc', 'International Standard Recording Code', 'ISO 3901', 'shared', '{track,video}', '{}', null,
        '^[A-Z]{2}[A-Z0-9]{3}[0-9]{7}$', '12 letters and digits', 'prefix is one that was allocated', 'GBAYE6800011'),
      (120, 'gtin', 'Global Trade Item Number: UPC, EAN', 'GS1', 'shared', '{release}',
        '{upc,ean,barcode,icpn,gtin8,gtin12,gtin13,gtin14}', null,
        '^[0-9]{14}$', '14 digits, zeros in front', 'mod 10, weights 3 and 1', '00036000291452'),
      (130, 'dpid', 'DDEX Party Identifier', 'DDEX', 'exclusive', '{label}', '{}', null,
        '^PADPIDA[0-9]{10}[0-9A-Z]$', 'PADPIDA, 10 digits and 0-9 or A-Z', 'ISO 7064 mod 37,36', 'PADPIDA2007050901U'),
      (140, 'wikidata', 'Wikidata', 'Wikidata', 'exclusive',
        '{artist,album,release,track,work,genre,label,video,podcast,episode,book,audiobook}', '{wd,qid}', null,
        '^Q[1-9][0-9]*$', 'Q and a number', null, 'Q44190'),
      (150, 'discogs', 'Discogs', 'Discogs', 'exclusive', '{artist,album,release,label}', '{}', 'discogs.com/',
        '^[1-9][0-9]{0,19}$', 'a number; a, m, r or l before it says the kind', null, '3840'),
      (160, 'openlibrary', 'Open Library', 'Open Library', 'exclusive', '{book,audiobook,artist}', '{olid}', null,
        '^OL[1-9][0-9]*[AMW]$', 'OL, a number, and A, M or W for author, edition or work', null, 'OL26320A'),
      (170, 'spotify', 'Spotify', 'Spotify', 'territory',
        '{artist,album,release,track,podcast,episode,audiobook}', '{}', 'open.spotify.com/',
        '^[0-7][0-9A-Za-z]{21}$', '22 characters of base 62', 'below 2^128', '4Z8W4fKeB5YxbusRsdQVPb'),
      (180, 'apple_music', 'Apple Music, iTunes, Apple Podcasts, Apple Books', 'Apple', 'territory',
        '{artist,album,release,track,video,podcast,episode,book,audiobook}', '{apple,itunes}', null,
        '^[1-9][0-9]{0,19}$', 'a number', null, '657515'),
      (190, 'deezer', 'Deezer', 'Deezer', 'territory', '{artist,album,release,track,podcast,episode}', '{}', 'deezer.com/',
        '^[1-9][0-9]{0,19}$', 'a number', null, '399'),
      (200, 'tidal', 'TIDAL', 'TIDAL', 'territory', '{artist,album,release,track,video}', '{}', 'tidal.com/',
        '^[1-9][0-9]{0,19}$', 'a number', null, '64518'),
      (210, 'youtube', 'YouTube video or channel', 'YouTube', 'territory', '{video,track,artist,label,podcast,episode}',
        '{yt}', null, '^(UC[0-9A-Za-z_-]{22}|[0-9A-Za-z_-]{11})$',
        '11 characters of base 64 for a video; UC and 22 for a channel', null, 'fHiGbolFFGw'),
      (220, 'bandcamp', 'Bandcamp', 'Bandcamp', 'territory', '{artist,album,release,track,label}', '{}', null,
        '^https://[a-z0-9-]+[.]bandcamp[.]com(/(album|track)/[^/?#[:space:]]+)?$',
        'https URL, the host in lower case, without query and trailing slash', null,
        'https://radiohead.bandcamp.com/album/ok-computer'),
      (230, 'feed_url', 'Address of a podcast feed', 'RFC 3986', 'territory', '{podcast}', '{feed,rss}', null,
        '^https://[^/?#[:space:]]+[^#[:space:]]*$',
        'https URL, the host in lower case, without user, default port, fragment and trailing slash', null,
        'https://podnews.net/rss'),
      (240, 'asin', 'Amazon Standard Identification Number', 'Amazon', 'shared', '{release,book,audiobook}', '{amazon}', null,
        '^(B[0-9][0-9A-Z]{8}|[0-9]{9}[0-9X])$', 'B and 9 letters or digits, or the ISBN-10 of a book', 'as ISBN-10: mod 11',
        'B000002UYT'),
      (250, 'acoustid', 'AcoustID', 'AcoustID', 'shared', '{track}', '{}', null,
        '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$',
        'uuid in lower case', 'not the nil uuid', '9ff43b6a-4f16-427c-93c2-92307ca505e0'),
      (260, 'viaf', 'Virtual International Authority File', 'OCLC', 'unstable', '{artist,label,work,book}', '{}', null,
        '^[1-9][0-9]([0-9]{0,7}|[0-9]{17,20})$', 'a number of 2 to 9 or 19 to 22 digits', null, '141205608'),
      (270, 'episode_guid', 'GUID of an episode, within its feed', 'RSS 2.0', 'unstable', '{episode}', '{}', null,
        '^.*[^[:space:]].*$', 'as it is, without spaces around it', null, 'tag:example.com,2024:1'),
      (280, 'genre', 'Genre by name', 'jukebase', 'exclusive', '{genre}', '{}', null,
        '^[^[:space:]]+$', 'its name as one word in lower case, without accents', null, 'trip-hop'),
      (290, 'handle', 'Name of our own, within its kind: artist:radiohead', 'jukebase', 'unstable',
        '{artist,album,release,track,work,genre,label,video,podcast,episode,book,audiobook}', '{}', null,
        '^[^[:space:]]+$', 'its name as one word in lower case, without accents', null, 'radiohead');

    insert into identity.url_pattern (domain, scheme, kinds, pattern, template) values
      ('musicbrainz.org', 'mbid', '{artist}', '/artist/([0-9a-fA-F-]+)', 'https://musicbrainz.org/artist/{value}'),
      ('musicbrainz.org', 'mbid', '{album}', '/(?:release-group|album)/([0-9a-fA-F-]+)', 'https://musicbrainz.org/release-group/{value}'),
      ('musicbrainz.org', 'mbid', '{release}', '/release/([0-9a-fA-F-]+)', 'https://musicbrainz.org/release/{value}'),
      ('musicbrainz.org', 'mbid', '{track,video}', '/(?:recording|track)/([0-9a-fA-F-]+)', 'https://musicbrainz.org/recording/{value}'),
      ('musicbrainz.org', 'mbid', '{work}', '/work/([0-9a-fA-F-]+)', 'https://musicbrainz.org/work/{value}'),
      ('musicbrainz.org', 'mbid', '{label}', '/label/([0-9a-fA-F-]+)', 'https://musicbrainz.org/label/{value}'),
      ('musicbrainz.org', 'mbid', '{genre}', '/genre/([0-9a-fA-F-]+)', 'https://musicbrainz.org/genre/{value}'),
      ('musicbrainz.org', 'isrc', '{track,video}', '/isrc/([0-9A-Za-z-]+)', 'https://musicbrainz.org/isrc/{value}'),
      ('musicbrainz.org', 'iswc', '{work}', '/iswc/([Tt][0-9.-]+)', null),
      ('spotify.com', 'spotify', '{artist}', '/artist/([0-9A-Za-z]+)', 'https://open.spotify.com/artist/{value}'),
      ('spotify.com', 'spotify', '{album,release}', '/album/([0-9A-Za-z]+)', 'https://open.spotify.com/album/{value}'),
      ('spotify.com', 'spotify', '{track}', '/track/([0-9A-Za-z]+)', 'https://open.spotify.com/track/{value}'),
      ('spotify.com', 'spotify', '{podcast,audiobook}', '/(?:show|audiobook)/([0-9A-Za-z]+)', 'https://open.spotify.com/show/{value}'),
      ('spotify.com', 'spotify', '{episode}', '/episode/([0-9A-Za-z]+)', 'https://open.spotify.com/episode/{value}'),
      ('discogs.com', 'discogs', '{artist}', '/artist/([1-9][0-9]*)', 'https://www.discogs.com/artist/{value}'),
      ('discogs.com', 'discogs', '{album}', '/(?:master(?:/view)?|album)/([1-9][0-9]*)', 'https://www.discogs.com/master/{value}'),
      ('discogs.com', 'discogs', '{release}', '/release/([1-9][0-9]*)', 'https://www.discogs.com/release/{value}'),
      ('discogs.com', 'discogs', '{label}', '/label/([1-9][0-9]*)', 'https://www.discogs.com/label/{value}'),
      ('wikidata.org', 'wikidata',
        '{artist,album,release,track,work,genre,label,video,podcast,episode,book,audiobook}',
        '/(?:wiki|entity)/(Q[1-9][0-9]*)', 'https://www.wikidata.org/wiki/{value}'),
      ('apple.com', 'apple_music', '{artist}', '/artist/(?:[^/?]+/)?(?:id)?([1-9][0-9]*)', 'https://music.apple.com/artist/{value}'),
      ('apple.com', 'apple_music', '{track}', '/album/[^?]*[?](?:[^#]*&)?i=([1-9][0-9]*)', null),
      ('apple.com', 'apple_music', '{album,release}', '/album/(?:[^/?]+/)?(?:id)?([1-9][0-9]*)(?![^#]*[?&]i=)', 'https://music.apple.com/album/{value}'),
      ('apple.com', 'apple_music', '{track}', '/song/(?:[^/?]+/)?(?:id)?([1-9][0-9]*)', 'https://music.apple.com/song/{value}'),
      ('apple.com', 'apple_music', '{video}', '/music-video/(?:[^/?]+/)?(?:id)?([1-9][0-9]*)', 'https://music.apple.com/music-video/{value}'),
      ('apple.com', 'apple_music', '{episode}', '/podcast/[^?]*[?](?:[^#]*&)?i=([1-9][0-9]*)', null),
      ('apple.com', 'apple_music', '{podcast}', '/podcast/(?:[^/?]+/)?(?:id)?([1-9][0-9]*)(?![^#]*[?&]i=)', 'https://podcasts.apple.com/podcast/id{value}'),
      ('apple.com', 'apple_music', '{book}', '/book/(?:[^/?]+/)?(?:id)?([1-9][0-9]*)', 'https://books.apple.com/book/id{value}'),
      ('apple.com', 'apple_music', '{audiobook}', '/audiobook/(?:[^/?]+/)?(?:id)?([1-9][0-9]*)', 'https://books.apple.com/audiobook/id{value}'),
      ('deezer.com', 'deezer', '{artist}', '/artist/([1-9][0-9]*)', 'https://www.deezer.com/artist/{value}'),
      ('deezer.com', 'deezer', '{album,release}', '/album/([1-9][0-9]*)', 'https://www.deezer.com/album/{value}'),
      ('deezer.com', 'deezer', '{track}', '/track/([1-9][0-9]*)', 'https://www.deezer.com/track/{value}'),
      ('deezer.com', 'deezer', '{podcast}', '/(?:show|podcast)/([1-9][0-9]*)', 'https://www.deezer.com/show/{value}'),
      ('deezer.com', 'deezer', '{episode}', '/episode/([1-9][0-9]*)', 'https://www.deezer.com/episode/{value}'),
      ('tidal.com', 'tidal', '{artist}', '/artist/([1-9][0-9]*)', 'https://tidal.com/artist/{value}'),
      ('tidal.com', 'tidal', '{album,release}', '/album/([1-9][0-9]*)', 'https://tidal.com/album/{value}'),
      ('tidal.com', 'tidal', '{track}', '/track/([1-9][0-9]*)', 'https://tidal.com/track/{value}'),
      ('tidal.com', 'tidal', '{video}', '/video/([1-9][0-9]*)', 'https://tidal.com/video/{value}'),
      ('youtube.com', 'youtube', '{video,track,episode}', '/watch[?](?:[^#]*&)?v=([0-9A-Za-z_-]{11})(?![0-9A-Za-z_-])', 'https://www.youtube.com/watch?v={value}'),
      ('youtube.com', 'youtube', '{video,track,episode}', '/(?:embed|shorts|live|v)/([0-9A-Za-z_-]+)', null),
      ('youtube.com', 'youtube', '{artist,label,podcast}', '/channel/(UC[0-9A-Za-z_-]+)', 'https://www.youtube.com/channel/{value}'),
      ('youtu.be', 'youtube', '{video,track,episode}', '^[^/]+/([0-9A-Za-z_-]+)', null),
      ('bandcamp.com', 'bandcamp', '{album,release}', '^([a-z0-9-]+[.]bandcamp[.]com/album/[^/?#]+)', null),
      ('bandcamp.com', 'bandcamp', '{track}', '^([a-z0-9-]+[.]bandcamp[.]com/track/[^/?#]+)', null),
      ('bandcamp.com', 'bandcamp', '{artist,label}', '^((?!www[.])[a-z0-9-]+[.]bandcamp[.]com)/?(?:music)?/?(?:[?#]|$)', null),
      ('viaf.org', 'viaf', '{artist,label,work,book}', '/viaf/([1-9][0-9]*)', 'https://viaf.org/viaf/{value}'),
      ('isni.org', 'isni', '{artist,label}', '/(?:isni/)?([0-9]+X?)', 'https://isni.org/isni/{value}'),
      ('issn.org', 'issn', '{podcast,book}', '/ISSN/([0-9]{4}-?[0-9]{3}[0-9Xx])', null),
      ('acoustid.org', 'acoustid', '{track}', '/track/([0-9a-fA-F-]+)', 'https://acoustid.org/track/{value}'),
      ('openlibrary.org', 'openlibrary', '{artist}', '/authors/(OL[1-9][0-9]*A)', 'https://openlibrary.org/authors/{value}'),
      ('openlibrary.org', 'openlibrary', '{book,audiobook}', '/books/(OL[1-9][0-9]*M)', 'https://openlibrary.org/books/{value}'),
      ('openlibrary.org', 'openlibrary', '{book,audiobook}', '/works/(OL[1-9][0-9]*W)', 'https://openlibrary.org/works/{value}'),
      ('openlibrary.org', 'isbn', '{book,audiobook}', '/isbn/([0-9Xx-]+)', 'https://openlibrary.org/isbn/{value}');
    insert into identity.url_pattern (domain, scheme, kinds, pattern, template)
    select 'amazon.' || d, 'asin', '{release,book,audiobook}',
      '/(?:dp|gp/product|gp/aw/d|exec/obidos/ASIN|albums)/([0-9A-Za-z]+)',
      case d when 'com' then 'https://www.amazon.com/dp/{value}' end
    from unnest('{com,ae,ca,cn,co.jp,co.uk,com.au,com.be,com.br,com.mx,com.tr,de,eg,es,fr,ie,in,it,nl,pl,sa,se,sg}'::text[]) d;

    insert into identity.shape (scheme, shortest, longest, confidence, pattern, why) values
      ('isrc', 12, 15, 0.95, '(?i)^[a-z]{2}[- ]?[a-z0-9]{3}[- ]?[0-9]{2}[- ]?[0-9]{5}$', 'twelve characters with an allocated prefix'),
      ('iswc', 11, 15, 0.99, '(?i)^t[-. ]?[0-9]{3}[. ]?[0-9]{3}[. ]?[0-9]{3}[-. ]?[0-9]$', 'T and a check digit that agrees'),
      ('ipi_base', 11, 15, 0.98, '(?i)^i[-. ]?[0-9]{3}[. ]?[0-9]{3}[. ]?[0-9]{3}[-. ]?[0-9]$', 'I and a check digit that agrees'),
      ('isni', 16, 19, 0.97, '(?i)^([0-9]{4}[- ]?){3}[0-9]{3}[0-9x]$', 'sixteen characters and a check character that agrees'),
      ('ipi', 11, 11, 0.95, '^[0-9]{11}$', 'eleven digits of which the last two check the others'),
      ('ipi', 8, 10, 0.4, '^[1-9][0-9]{7,9}$', 'without its leading zeros, the last two digits check the others'),
      ('gtin', 12, 16, 0.95, '^[0-9]([- ]?[0-9]){11}$', 'a UPC: twelve digits, the last one agrees'),
      ('gtin', 13, 17, 0.95, '^(?!97[789])[0-9]([- ]?[0-9]){12}$', 'an EAN: thirteen digits, the last one agrees'),
      ('gtin', 13, 17, 0.5, '^97[789]([- ]?[0-9]){10}$', 'an EAN, though this prefix is that of books, music and serials'),
      ('gtin', 14, 18, 0.9, '^[0-9]([- ]?[0-9]){13}$', 'a GTIN-14: fourteen digits, the last one agrees'),
      ('gtin', 11, 11, 0.6, '^[0-9]{11}$', 'a UPC without its leading zero, the last digit agrees'),
      ('gtin', 8, 9, 0.6, '^[0-9]{4} ?[0-9]{4}$', 'an EAN-8: eight digits, the last one agrees'),
      ('isbn', 13, 17, 0.97, '^97[89]([- ]?[0-9]){10}$', 'an EAN with the prefix of books'),
      ('isbn', 10, 10, 0.9, '^[0-9]{9}[0-9Xx]$', 'ten characters, the last one agrees'),
      ('isbn', 13, 13, 0.97, '^[0-9]+[- ][0-9]+[- ][0-9]+[- ][0-9Xx]$', 'ten characters in four groups, the last one agrees'),
      ('ismn', 13, 17, 0.98, '^979[- ]?0([- ]?[0-9]){9}$', 'an EAN with the prefix of sheet music'),
      ('ismn', 10, 13, 0.98, '(?i)^m([- ]?[0-9]){9}$', 'M and a check digit that agrees'),
      ('issn', 9, 9, 0.95, '^[0-9]{4}-[0-9]{3}[0-9Xx]$', 'four and four characters, the last one agrees'),
      ('issn', 8, 8, 0.9, '^[0-9]{7}[Xx]$', 'seven digits and the check character X'),
      ('issn', 8, 8, 0.5, '^[0-9]{8}$', 'eight digits, the last one agrees'),
      ('issn', 13, 13, 0.6, '^977[0-9]{10}$', 'an EAN with the prefix of serials'),
      ('grid', 18, 23, 0.99, '(?i)^(grid:)?a1[- ]?[0-9a-z]{5}[- ]?[0-9a-z]{10}[- ]?[0-9a-z]$', 'A1 and a check character that agrees'),
      ('dpid', 18, 21, 0.99, '(?i)^pa[- ]?dpida[- ]?[0-9]{10}[- ]?[0-9a-z]$', 'PADPIDA and a check character that agrees'),
      ('spotify', 22, 22, 0.95, '^(?=.*[A-Za-z])[0-7][0-9A-Za-z]{21}$', 'twenty-two characters of base 62 below 2^128'),
      ('youtube', 24, 24, 0.95, '^UC[0-9A-Za-z_-]{21}[AQgw]$', 'UC and 128 bits in base 64: a channel'),
      ('youtube', 11, 11, 0.5, '^(?=.*[a-z])(?=.*[0-9A-Z_-])[0-9A-Za-z_-]{10}[048AEIMQUYcgkosw]$', '64 bits in base 64: a video'),
      ('wikidata', 2, 13, 0.95, '^Q[1-9][0-9]*$', 'Q and a number'),
      ('wikidata', 2, 13, 0.6, '^q[1-9][0-9]*$', 'q and a number'),
      ('openlibrary', 4, 14, 0.97, '(?i)^OL[1-9][0-9]*[AMW]$', 'OL, a number and a letter for what it names'),
      ('discogs', 4, 22, 0.95, '(?i)^\\[[almr]=?[1-9][0-9]*\\]$', 'the way Discogs writes a link'),
      ('discogs', 2, 13, 0.4, '(?i)^[almr][1-9][0-9]*$', 'a letter for artist, label, master or release, and a number'),
      ('asin', 10, 10, 0.9, '^B0[0-9A-Z]{8}$', 'B0 and eight letters or digits'),
      ('asin', 10, 10, 0.5, '^[0-9]{9}[0-9X]$', 'an ISBN-10, which Amazon uses for books'),
      ('feed_url', 10, 2000, 0.98, '(?i)^(feed|itpc|pcast|podcast):', 'the address of a feed, by its protocol'),
      ('feed_url', 10, 2000, 0.9, '(?i)^https?://.*([/.?=_-](feeds?|rss|atom|podcasts?)(?![a-z])|[.]xml$)', 'an address that looks like that of a feed'),
      ('feed_url', 10, 2000, 0.3, '(?i)^https?://', 'an address, perhaps that of a feed'),
      ('apple_music', 6, 12, 0.2, '^[1-9][0-9]*$', 'a number'),
      ('deezer', 1, 12, 0.1, '^[1-9][0-9]*$', 'a number'),
      ('discogs', 1, 10, 0.1, '^[1-9][0-9]*$', 'a number'),
      ('tidal', 1, 12, 0.1, '^[1-9][0-9]*$', 'a number'),
      ('viaf', 5, 22, 0.1, '^[1-9][0-9]*$', 'a number');

    create table identity.membership (
      record_id bigint not null,
      juke_id uuid not null,
      rule text not null,                -- the scheme that linked the record, or 'minted'
      since timestamptz not null default now(),
      constraint membership_pkey primary key (record_id),
      constraint membership_record_id_fkey foreign key (record_id)
        references ingest.record (record_id) on delete cascade,
      constraint membership_juke_id_fkey foreign key (juke_id)
        references catalog.entity (juke_id) on delete cascade
    );
    create index membership_juke_id_idx on identity.membership (juke_id);

    create table identity.external_id (
      external_id text collate "C" not null, -- canonical
      source text collate "C" not null,  -- the scheme: spotify, isrc, mbid…
      kind catalog.entity_kind not null,
      juke_id uuid not null,
      record_id bigint,                  -- the record that claims it; null when it was written by hand
      since timestamptz not null default now(),
      -- The id leads: one probe finds a value under any scheme, and under a given one.
      constraint external_id_pkey primary key (external_id, source, kind),
      constraint external_id_juke_id_fkey foreign key (juke_id)
        references catalog.entity (juke_id) on delete cascade deferrable,
      constraint external_id_fits_an_index_key check (octet_length(external_id) between 1 and 2000)
    );
    create index external_id_juke_id_idx on identity.external_id (juke_id, source);
    create index external_id_record_id_idx on identity.external_id (record_id) where record_id is not null;

    create type identity.claim as (
      record_id bigint,
      kind catalog.entity_kind,
      source text,                       -- the record's
      scheme text,
      rank integer,
      exclusivity identity.exclusivity,
      is_one_per_source boolean,         -- never joins two records of one source
      value text collate "C",            -- canonical; null when the value is not valid in its scheme
      raw text                           -- as the record has it
    );
    -- Where a record belongs: what identity.link hands from statement to statement.
    create type identity.seat as (
      record_id bigint,
      juke_id uuid,
      rule text                          -- the scheme that links it, or 'minted'; null when it is a member already
    );
    create type identity.reference as (
      scheme text,                       -- 'uuid' when nothing says whose uuid it is
      value text,                        -- canonical
      kinds catalog.entity_kind[]        -- what it may name, the likeliest first; null when it does not say
    );
    create type identity.reading as (
      scheme text,
      value text,                        -- canonical
      kinds catalog.entity_kind[],       -- what it may name, the likeliest first
      confidence double precision,       -- 0..1
      why text
    );
    create type identity.resolution_status as enum (
      'found', 'redirected', 'deleted', 'ambiguous', 'not_found', 'invalid');
    comment on type identity.resolution_status is
      'found · redirected (was merged; juke_id is the survivor) · deleted (a tombstone) · ambiguous (things of several kinds carry this id: say which kind) · not_found · invalid (not a reference)';
    create type identity.resolution as (
      ref text,
      status identity.resolution_status,
      juke_id uuid,
      kind catalog.entity_kind,
      rule text,
      scheme text,
      value text
    );
  `);
}

export async function down(sql: Sql): Promise<void> {
  await sql.unsafe(/* sql */ `
    drop type identity.resolution, identity.resolution_status, identity.reading, identity.reference, identity.seat, identity.claim cascade;
    drop table identity.external_id, identity.membership, identity.shape, identity.url_pattern, identity.scheme;
    drop type identity.exclusivity;
    drop extension "uuid-ossp";
  `);
}
