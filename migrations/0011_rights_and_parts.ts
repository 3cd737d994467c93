/** What may be done with things, where and when; who owns them; how artists are related; chapters, transcripts and ways to pay. */
import type { Sql } from "postgres";

/** ISO 3166-1 alpha-2, and XK, which it leaves to its users. */
const territories =
  "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG " +
  "CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL " +
  "GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA " +
  "LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP " +
  "NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV " +
  "SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW";

/** Another code of the same territory: of an earlier name, or one that is reserved for it. */
const renamed: [code: string, now: string][] = [
  ["BU", "MM"],
  ["DY", "BJ"],
  ["HV", "BF"],
  ["NH", "VU"],
  ["RH", "ZW"],
  ["TP", "TL"],
  ["UK", "GB"],
  ["ZR", "CD"],
];

/** Codes of what does not exist any more in that shape. */
const replaced: [code: string, now: string][] = [
  ["AN", "BQ CW SX"],
  ["CS", "CZ ME RS SK"], // Czechoslovakia, later Serbia and Montenegro
  ["DD", "DE"],
  ["FX", "FR"],
  ["NT", "IQ SA"],
  ["PC", "FM MH MP PW"],
  ["PZ", "PA"],
  ["SU", "AM AZ BY EE GE KG KZ LT LV MD RU TJ TM UA UZ"],
  ["VD", "VN"],
  ["YD", "YE"],
  ["YU", "BA HR ME MK RS SI"],
];

/** The DDEX allowed value set UseType, each below what covers it. What only the contract defines is below nothing. */
const useTypes: Record<string, string> = {
  "": "AsPerContract Use UserDefined",
  Use:
    "Broadcast Cable Display Download Dub ExtractForInternet Narrowcast Perform Playback PlayInPublic Podcast Print PrivateCopy " +
    "PurchaseAsPhysicalProduct Rent Simulcast Stream UseAsAlertTone UseAsDevice UseAsKaraoke UseAsRingbackTone UseAsRingtone " +
    "UseAsRingtune UseAsScreensaver UseAsVoiceMail UseAsWallpaper UseForIdentification UseInMobilePhoneMessaging " +
    "UseInPhoneListening UserMakeAvailableLabelProvided UserMakeAvailableUserProvided Webcast",
  Stream: "ContentInfluencedStream NonInteractiveStream OnDemandStream TimeInfluencedStream",
  Download: "ConditionalDownload KioskDownload PermanentDownload TetheredDownload",
  Perform: "PerformAsMusicOnHold PerformInLivePerformance PerformInPublic",
  Dub:
    "DubForAdvertisement DubForLivePerformance DubForMovies DubForMusicOnHold DubForOnDemandStreaming DubForPublicPerformance " +
    "DubForRadio DubForTV",
};

export async function up(sql: Sql): Promise<void> {
  await sql.unsafe(/* sql */ `
    create table catalog.use_type (
      use_type text not null,
      parent text,                       -- what covers it
      constraint use_type_pkey primary key (use_type),
      constraint use_type_parent_fkey foreign key (parent) references catalog.use_type (use_type) on delete restrict,
      constraint use_type_does_not_cover_itself check (parent <> use_type)
    );
    create index use_type_parent_idx on catalog.use_type (parent) where parent is not null;

    create table catalog.territory (
      territory text not null,           -- two letters
      renamed_to text,                   -- the code of the same territory today
      replaced_by text[],                -- what is there today instead
      constraint territory_pkey primary key (territory),
      constraint territory_renamed_to_fkey foreign key (renamed_to)
        references catalog.territory (territory) on delete restrict,
      constraint territory_is_renamed_or_replaced check (num_nonnulls(renamed_to, replaced_by) < 2)
    );
    create index territory_renamed_to_idx on catalog.territory (renamed_to) where renamed_to is not null;

    create table catalog.usage_right (
      juke_id uuid not null,
      position integer not null,
      territories text[],                -- null: everywhere
      excluded_territories text[],
      usages text[],                     -- null: whatever
      commercial_models text[],          -- null: whatever
      valid_from timestamptz,
      valid_until timestamptz,           -- the first moment at which it no longer holds
      constraint usage_right_pkey primary key (juke_id, position),
      constraint usage_right_juke_id_fkey foreign key (juke_id) references catalog.entity (juke_id) on delete cascade,
      constraint usage_right_position_counts_from_one check (position >= 1)
    );

    create table catalog.copyright (
      juke_id uuid not null,
      line text not null,
      position integer not null,         -- 1, 2, 3… within the line
      year integer,
      text text not null,
      constraint copyright_pkey primary key (juke_id, line, position),
      constraint copyright_juke_id_fkey foreign key (juke_id) references catalog.entity (juke_id) on delete cascade,
      constraint copyright_is_a_p_or_a_c_line check (line in ('P', 'C')),
      constraint copyright_position_counts_from_one check (position >= 1)
    );

    -- Who says so is part of the key, so that each row is written under the lock of one entity: catalog.related_artist shows what all say.
    create table catalog.artist_relation (
      juke_id uuid not null,             -- the one of the two whose records say so
      artist_id uuid not null,           -- the group; of two who are the same, the one that says so
      related_id uuid not null,          -- the member; the other one
      relation text not null,
      position integer not null,         -- 1, 2, 3… for those who came back
      begin_date catalog.partial_date,
      end_date catalog.partial_date,
      ended boolean,
      constraint artist_relation_pkey primary key (juke_id, artist_id, related_id, relation, position),
      constraint artist_relation_juke_id_fkey foreign key (juke_id) references catalog.artist (juke_id) on delete cascade,
      constraint artist_relation_artist_id_fkey foreign key (artist_id)
        references catalog.artist (juke_id) on delete cascade,
      constraint artist_relation_related_id_fkey foreign key (related_id)
        references catalog.artist (juke_id) on delete cascade,
      constraint artist_relation_is_told_by_one_of_the_two check (juke_id in (artist_id, related_id)),
      constraint artist_is_not_related_to_itself check (artist_id <> related_id),
      constraint artist_relation_is_known check (relation in ('member', 'alias')),
      constraint artist_relation_position_counts_from_one check (position >= 1)
    );
    create index artist_relation_artist_id_idx on catalog.artist_relation (artist_id);
    create index artist_relation_related_id_idx on catalog.artist_relation (related_id);

    create table catalog.chapter (
      juke_id uuid not null,             -- an episode or an audiobook
      position integer not null,
      start_ms integer not null,
      end_ms integer,
      title text,
      url text,
      image_url text,
      constraint chapter_pkey primary key (juke_id, position),
      constraint chapter_juke_id_fkey foreign key (juke_id) references catalog.entity (juke_id) on delete cascade,
      constraint chapter_position_counts_from_one check (position >= 1),
      constraint chapter_times_are_not_negative check (start_ms >= 0 and end_ms >= 0)
    );

    create table catalog.transcript (
      episode_id uuid not null,
      position integer not null,
      url text not null,
      media_type text,
      language text,
      rel text,
      constraint transcript_pkey primary key (episode_id, position),
      constraint transcript_episode_id_fkey foreign key (episode_id)
        references catalog.episode (juke_id) on delete cascade,
      constraint transcript_position_counts_from_one check (position >= 1)
    );

    alter table catalog.credit
      add column mechanical_share numeric(7, 4),
      add column synchronization_share numeric(7, 4),
      add constraint mechanical_share_is_a_percentage check (mechanical_share between 0 and 100),
      add constraint synchronization_share_is_a_percentage check (synchronization_share between 0 and 100);
    alter table catalog.podcast
      add column value jsonb,
      add constraint podcast_value_is_a_list check (jsonb_typeof(value) = 'array');
    alter table catalog.episode
      add column season_name text,
      add column chapters_url text,
      add column value jsonb,
      add constraint episode_value_is_a_list check (jsonb_typeof(value) = 'array');

    -- Why something may not be used, the nearest to its being allowed first.
    create type catalog.right_reason as enum (
      'not_yet', 'expired', 'usage_not_covered', 'territory_not_covered', 'territory_excluded', 'withdrawn',
      'no_rights_known', 'entity_deleted', 'entity_unknown'
    );
    create type catalog.availability as (
      asked_id uuid,
      juke_id uuid,
      streamable boolean,
      reasons catalog.right_reason[],
      held_by uuid,
      position integer,
      valid_from timestamptz,
      valid_until timestamptz
    );
  `);
  await sql`
    insert into catalog.territory (territory) select unnest(${territories.split(" ")}::text[])`;
  for (const [territory, now] of renamed) {
    await sql`insert into catalog.territory (territory, renamed_to) values (${territory}, ${now})`;
  }
  for (const [territory, now] of replaced) {
    await sql`insert into catalog.territory (territory, replaced_by) values (${territory}, ${now.split(" ")})`;
  }
  for (const [parent, types] of Object.entries(useTypes)) {
    await sql`
      insert into catalog.use_type (use_type, parent)
      select unnest(${types.split(" ")}::text[]), ${parent || null}`;
  }
}

export async function down(sql: Sql): Promise<void> {
  await sql.unsafe(/* sql */ `
    drop type catalog.availability cascade;
    drop type catalog.right_reason cascade;
    alter table catalog.episode drop column value, drop column chapters_url, drop column season_name;
    alter table catalog.podcast drop column value;
    alter table catalog.credit drop column synchronization_share, drop column mechanical_share;
    drop table catalog.transcript, catalog.chapter, catalog.artist_relation, catalog.copyright, catalog.usage_right,
      catalog.territory, catalog.use_type cascade;
  `);
}
