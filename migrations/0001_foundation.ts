/** The rooms (schemas), the role GraphQL runs as, and the types every table uses. */
import { readFile } from "node:fs/promises";
import type { Sql } from "postgres";
import { requestRole } from "../lib/migrate/role.ts";

export async function up(sql: Sql): Promise<void> {
  await sql.unsafe(/* sql */ `
    create schema if not exists ops;
    create schema catalog;
    create schema identity;
    create schema ingest;
    create schema descriptor;
    create schema feed;

    create extension if not exists pg_trgm with schema public;
    create extension if not exists unaccent with schema public;
    create extension if not exists fuzzystrmatch with schema public;
    create extension if not exists btree_gin with schema public;

    ${requestRole("jukebase_api")}

    comment on schema catalog is 'What every artist, album, release, track… is: the projection that readers see.';
    comment on schema identity is 'Identifier schemes, external ids, membership of records, resolve.';
    comment on schema ingest is 'Deliveries as they came and the records parsed from them.';
    comment on schema descriptor is 'Search documents and the set of entities whose document is stale.';
    comment on schema feed is 'The change feed.';
    comment on schema ops is 'Ledgers and run status.';

    create type catalog.entity_kind as enum (
      'artist', 'album', 'release', 'track', 'work', 'genre',
      'label', 'video', 'podcast', 'episode', 'book', 'audiobook'
    );
    comment on type catalog.entity_kind is
      'The twelve kinds. album is what people mean (a release group), release one edition of it, track a recording.';

    create type catalog.entity_status as enum ('active', 'merged', 'deleted');
    comment on type catalog.entity_status is
      'active: current. merged: redirects to merged_into. deleted: a tombstone; the id stays taken.';

    create domain catalog.partial_date as text collate "C"
      constraint partial_date_is_a_year_a_month_or_a_calendar_day check (
        value ~ '^(?!0000)[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$'
        and (
          length(value) < 10
          or substr(value, 9, 2)::int <= extract(day from (
            make_date(substr(value, 1, 4)::int, substr(value, 6, 2)::int, 1) + interval '1 month - 1 day'
          ))
        )
      );
    comment on domain catalog.partial_date is
      'A date as far as it is known: YYYY, YYYY-MM or YYYY-MM-DD (ISO 8601). Sorts as text.';

    create domain catalog.country_code as text collate "C"
      constraint country_code_is_two_capital_letters check (value ~ '^[A-Z]{2}$');
    comment on domain catalog.country_code is
      'ISO 3166-1 alpha-2, or one of the user-assigned codes in use for releases: XW worldwide, XE Europe, XU unknown.';
  `);
  // The default of every primary key; re-applied from the same file afterwards.
  const uuidv7 = await readFile(new URL("../sql/identity/uuidv7.sql", import.meta.url), "utf8");
  await sql.unsafe(uuidv7);
}

export async function down(sql: Sql): Promise<void> {
  // The role stays: other databases on the cluster may use it.
  await sql.unsafe(/* sql */ `
    drop schema feed, descriptor, ingest, identity, catalog cascade;
    drop extension btree_gin, fuzzystrmatch, unaccent, pg_trgm;
  `);
}
