import { describe, expect, test } from "vitest";
import { type AnySql, insertEntity } from "../catalog-builder.ts";
import { undone } from "../catalog-state.ts";
import { testDatabase } from "../database.ts";

const { sql } = await testDatabase({ guarded: false });

/** The SQLSTATE and the constraint that a statement breaks, or null when it is taken. */
function broken(work: (tx: AnySql) => Promise<unknown>): Promise<[string, string] | null> {
  return undone(sql, async (tx) => {
    try {
      await work(tx);
      return null;
    } catch (error) {
      const { code, constraint_name } = error as { code: string; constraint_name: string };
      return [code, constraint_name];
    }
  });
}

const CHECK = "23514";

/** What breaks which constraint: a table, the other columns of its row, and the entities that those are. */
type Row = Record<string, unknown>;
const onKind: [kind: string, row: Row, constraint: string][] = [
  ["artist", { artist_type: "robot" }, "artist_type_is_known"],
  ["label", { label_code: 0 }, "label_code_has_at_most_six_digits"],
  ["label", { label_code: 1_000_000 }, "label_code_has_at_most_six_digits"],
  ["album", { album_type: "lp" }, "album_type_is_known"],
  ["release", { release_status: "lost" }, "release_status_is_known"],
  ["track", { duration_ms: -1 }, "track_duration_is_not_negative"],
  ["artist", { popularity: 101 }, "artist_popularity_is_0_to_100"],
  ["album", { popularity: -1 }, "album_popularity_is_0_to_100"],
  ["track", { popularity: 101 }, "track_popularity_is_0_to_100"],
  ["video", { duration_ms: -1 }, "video_duration_is_not_negative"],
  ["podcast", { podcast_type: "daily" }, "podcast_type_is_known"],
  ["episode", { episode_type: "half" }, "episode_type_is_known"],
  ["episode", { duration_ms: -1 }, "episode_duration_is_not_negative"],
  ["episode", { enclosure_bytes: -1 }, "enclosure_size_is_not_negative"],
  ["podcast", { value: { type: "lightning" } }, "podcast_value_is_a_list"],
  ["episode", { value: { type: "lightning" } }, "episode_value_is_a_list"],
  ["book", { page_count: 0 }, "page_count_is_positive"],
  ["audiobook", { duration_ms: -1 }, "audiobook_duration_is_not_negative"],
];

const onEntity: [row: Row, constraint: string][] = [
  [{ status: "merged" }, "merged_entity_has_a_target"],
  [{ merged_into: "other" }, "merged_entity_has_a_target"],
  [{ status: "merged", merged_into: "self" }, "entity_does_not_redirect_to_itself"],
  [{ version: 0 }, "version_counts_from_one"],
];

const credit = { juke_id: "track", contributor_id: "artist", role: "composer", position: 1 };
const copyright = { juke_id: "track", line: "P", position: 1, text: "x" };
// Checks come before keys: that a label is no artist is not found out.
const relation = {
  juke_id: "artist",
  artist_id: "artist",
  related_id: "label",
  relation: "member",
  position: 1,
};

const onParts: [table: string, row: Row, constraint: string][] = [
  ["alias", { juke_id: "artist", name: "" }, "alias_is_not_empty"],
  ["alias", { juke_id: "artist", name: "x".repeat(2001) }, "alias_fits_an_index_key"],
  [
    "credit",
    { juke_id: "track", contributor_id: "artist", role: "artist", position: 0 },
    "credit_position_counts_from_one",
  ],
  [
    "credit",
    { juke_id: "track", contributor_id: "artist", role: "artist", position: 1, share: 100.5 },
    "share_is_a_percentage",
  ],
  [
    "credit",
    { juke_id: "track", contributor_id: "artist", role: "artist", position: 1, share: -1 },
    "share_is_a_percentage",
  ],
  [
    "entity_genre",
    { juke_id: "track", genre_id: "genre", weight: -1 },
    "genre_weight_is_not_negative",
  ],
  ["genre_parent", { genre_id: "genre", parent_id: "genre" }, "genre_is_not_its_own_parent"],
  ["image", { juke_id: "track", url: "x".repeat(2001) }, "image_url_fits_an_index_key"],
  ["image", { juke_id: "track", url: "x", width: 0 }, "image_has_a_size_in_pixels"],
  ["image", { juke_id: "track", url: "x", width: 1, height: -1 }, "image_has_a_size_in_pixels"],
  ["release_medium", { release_id: "release", disc: 0 }, "medium_disc_counts_from_one"],
  [
    "release_track",
    { release_id: "release", disc: 1, position: 1 },
    "release_track_is_a_track_or_a_video",
  ],
  [
    "release_track",
    { release_id: "release", disc: 1, position: 1, track_id: "track", video_id: "video" },
    "release_track_is_a_track_or_a_video",
  ],
  [
    "release_track",
    { release_id: "release", disc: 0, position: 1, track_id: "track" },
    "track_disc_counts_from_one",
  ],
  [
    "release_track",
    { release_id: "release", disc: 1, position: -1, track_id: "track" },
    "track_position_counts_from_zero",
  ],
  [
    "release_track",
    { release_id: "release", disc: 1, position: 1, track_id: "track", duration_ms: -1 },
    "release_track_duration_is_not_negative",
  ],
  [
    "release_label",
    { release_id: "release", label_id: "label", catalog_number: "x".repeat(501) },
    "catalog_number_fits_an_index_key",
  ],
  [
    "release_event",
    { release_id: "release", position: 1 },
    "release_event_has_a_country_or_a_date",
  ],
  ["credit", { ...credit, mechanical_share: -1 }, "mechanical_share_is_a_percentage"],
  ["credit", { ...credit, synchronization_share: 101 }, "synchronization_share_is_a_percentage"],
  ["usage_right", { juke_id: "track", position: 0 }, "usage_right_position_counts_from_one"],
  ["copyright", { ...copyright, line: "L" }, "copyright_is_a_p_or_a_c_line"],
  ["copyright", { ...copyright, position: 0 }, "copyright_position_counts_from_one"],
  [
    "artist_relation",
    { ...relation, juke_id: "album" },
    "artist_relation_is_told_by_one_of_the_two",
  ],
  ["artist_relation", { ...relation, related_id: "artist" }, "artist_is_not_related_to_itself"],
  ["artist_relation", { ...relation, relation: "friend" }, "artist_relation_is_known"],
  ["artist_relation", { ...relation, position: 0 }, "artist_relation_position_counts_from_one"],
  ["chapter", { juke_id: "episode", position: 0, start_ms: 0 }, "chapter_position_counts_from_one"],
  ["chapter", { juke_id: "episode", position: 1, start_ms: -1 }, "chapter_times_are_not_negative"],
  [
    "chapter",
    { juke_id: "episode", position: 1, start_ms: 0, end_ms: -1 },
    "chapter_times_are_not_negative",
  ],
  [
    "transcript",
    { episode_id: "episode", position: 0, url: "https://example.com" },
    "transcript_position_counts_from_one",
  ],
  ["use_type", { use_type: "Whistle", parent: "Whistle" }, "use_type_does_not_cover_itself"],
  [
    "territory",
    { territory: "QQ", renamed_to: "GB", replaced_by: ["GB"] },
    "territory_is_renamed_or_replaced",
  ],
];

describe("a constraint", () => {
  test.each(onKind)("of %s %j: %s", async (kind, row, constraint) => {
    const breaking = broken(async (tx) => {
      const id = await insertEntity(tx, kind, "x");
      await tx`update ${tx(`catalog.${kind}`)} set ${tx(row)} where juke_id = ${id}`;
    });
    expect(await breaking).toEqual([CHECK, constraint]);
  });

  test("of label: label_is_not_its_own_parent", async () => {
    const breaking = broken(async (tx) => {
      const id = await insertEntity(tx, "label", "x");
      await tx`update catalog.label set parent_id = juke_id where juke_id = ${id}`;
    });
    expect(await breaking).toEqual([CHECK, "label_is_not_its_own_parent"]);
  });

  test.each(onEntity)("of the hub %j: %s", async (row, constraint) => {
    const breaking = broken(async (tx) => {
      const self = await insertEntity(tx, "artist", "x");
      const other = await insertEntity(tx, "artist", "y");
      const named = { self, other } as Record<string, string>;
      const values = Object.entries(row).map(([key, value]) => [
        key,
        named[String(value)] ?? value,
      ]);
      await tx`update catalog.entity set ${tx(Object.fromEntries(values))} where juke_id = ${self}`;
    });
    expect(await breaking).toEqual([CHECK, constraint]);
  });

  test.each(onParts)("of %s: %#, %s", async (table, row, constraint) => {
    const breaking = broken(async (tx) => {
      const values: Row = {};
      for (const [key, value] of Object.entries(row)) {
        values[key] = key.endsWith("_id") ? await insertEntityOnce(tx, String(value)) : value;
      }
      await tx`insert into ${tx(`catalog.${table}`)} ${tx(values)}`;
    });
    expect(await breaking).toEqual([CHECK, constraint]);
  });

  test("each check of catalog is among these", async () => {
    const rows = await sql`
      select conname as name from pg_constraint
      where contype = 'c' and connamespace = 'catalog'::regnamespace order by 1`;
    const tested = new Set([
      ...[...onKind, ...onParts].map(([, , constraint]) => constraint),
      ...onEntity.map(([, constraint]) => constraint),
      "label_is_not_its_own_parent",
      "partial_date_is_a_year_a_month_or_a_calendar_day",
      "country_code_is_two_capital_letters",
    ]);
    expect(rows.map(({ name }) => name)).toEqual([...tested].sort());
  });
});

/** One entity of each kind in a transaction: the second time the same. */
async function insertEntityOnce(tx: AnySql, kind: string): Promise<string> {
  const [row] =
    await tx`select juke_id from catalog.entity where kind = ${kind} and display_name = 'once'`;
  return row?.juke_id ?? insertEntity(tx, kind, "once");
}

describe("a row of a kind", () => {
  const kinds = [
    "artist",
    "album",
    "release",
    "track",
    "work",
    "genre",
    "label",
    "video",
    "podcast",
    "episode",
    "book",
    "audiobook",
  ];

  test.each(kinds)("%s belongs to an entity of that kind, else JB101", async (kind) => {
    const other = kind === "artist" ? "label" : "artist";
    const column = ["artist", "label", "genre"].includes(kind) ? "name" : "title";
    const code = await broken(async (tx) => {
      const [row] = await tx`
        insert into catalog.entity (kind, display_name) values (${other}, 'x') returning juke_id`;
      await tx`
        insert into ${tx(`catalog.${kind}`)} ${tx({ juke_id: row?.juke_id, [column]: "x" })}`;
    });
    expect(code?.[0]).toBe("JB101");
  });

  test("goes with its entity, and what quotes it stays without it", async () => {
    await undone(sql, async (tx) => {
      const [album, release] = [
        await insertEntity(tx, "album", "al"),
        await insertEntity(tx, "release", "r"),
      ];
      await tx`update catalog.release set album_id = ${album} where juke_id = ${release}`;
      await tx`delete from catalog.entity where juke_id = ${album}`;
      const [row] = await tx`
        select (select count(*)::int from catalog.album where juke_id = ${album}) as albums,
          (select album_id from catalog.release where juke_id = ${release}) as album_id`;
      expect(row).toEqual({ albums: 0, album_id: null });
    });
  });

  test("an entity that others redirect to cannot be removed", async () => {
    const breaking = broken(async (tx) => {
      const [a, b] = [await insertEntity(tx, "artist", "a"), await insertEntity(tx, "artist", "b")];
      await tx`update catalog.entity set status = 'merged', merged_into = ${b} where juke_id = ${a}`;
      await tx`delete from catalog.entity where juke_id = ${b}`;
    });
    expect((await breaking)?.[1]).toBe("entity_merged_into_fkey");
  });
});
