/** How much something is listened to, as its best source ranks it. */
import type { Sql } from "postgres";

export async function up(sql: Sql): Promise<void> {
  await sql.unsafe(/* sql */ `
    alter table catalog.artist
      add column popularity smallint,
      add constraint artist_popularity_is_0_to_100 check (popularity between 0 and 100);
    alter table catalog.album
      add column popularity smallint,
      add constraint album_popularity_is_0_to_100 check (popularity between 0 and 100);
    alter table catalog.track
      add column popularity smallint,
      add constraint track_popularity_is_0_to_100 check (popularity between 0 and 100);
  `);
}

export async function down(sql: Sql): Promise<void> {
  await sql.unsafe(/* sql */ `
    alter table catalog.track drop column popularity;
    alter table catalog.album drop column popularity;
    alter table catalog.artist drop column popularity;
  `);
}
