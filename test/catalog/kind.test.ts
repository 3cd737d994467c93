import { expect, test } from "vitest";
import { failure, insertEntity } from "../catalog-builder.ts";
import { testDatabase } from "../database.ts";

const { sql } = await testDatabase({ guarded: false });

test("an entity that changes its kind: JB101", async () => {
  const id = await insertEntity(sql, "artist", "a");
  expect(await failure(sql`update catalog.entity set kind = 'label' where juke_id = ${id}`)).toBe(
    "JB101",
  );
});

test("a row of a kind that moves to another entity: JB101", async () => {
  const [artist, label] = [
    await insertEntity(sql, "artist", "a"),
    await insertEntity(sql, "label", "l"),
  ];
  await sql`delete from catalog.label where juke_id = ${label}`;
  expect(
    await failure(sql`update catalog.artist set juke_id = ${label} where juke_id = ${artist}`),
  ).toBe("JB101");
});

test("a genre, label, track or work that is something else: 23503", async () => {
  const [artist, track] = [
    await insertEntity(sql, "artist", "a"),
    await insertEntity(sql, "track", "t"),
  ];
  const release = await insertEntity(sql, "release", "r");
  for (const statement of [
    sql`insert into catalog.entity_genre (juke_id, genre_id) values (${track}, ${artist})`,
    sql`insert into catalog.release_label (release_id, label_id) values (${release}, ${artist})`,
    sql`insert into catalog.track_work (track_id, work_id) values (${track}, ${artist})`,
    sql`update catalog.release set album_id = ${artist} where juke_id = ${release}`,
  ]) {
    expect(await failure(statement)).toBe("23503");
  }
});
