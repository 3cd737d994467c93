import { describe, expect, test } from "vitest";
import { failure, insertEntity } from "../catalog-builder.ts";
import { testDatabase } from "../database.ts";

const { sql } = await testDatabase();

/** Our schemas, as a condition on a namespace's oid. */
const OURS = sql`(
  select oid from pg_namespace where nspname in ('catalog', 'identity', 'ingest', 'descriptor', 'feed', 'ops'))`;

describe("house rules", () => {
  test("every foreign key has an index that begins with its columns", async () => {
    const rows = await sql`
      select c.conrelid::regclass::text as "table", c.conname
      from pg_constraint c
      where c.contype = 'f' and c.connamespace in ${OURS}
        and not exists (
          select from pg_index i
          where i.indrelid = c.conrelid and i.indisvalid
            and (i.indkey::int2[])[0:cardinality(c.conkey) - 1] @> c.conkey
            and (i.indpred is null or pg_get_expr(i.indpred, i.indrelid) like '%IS NOT NULL%')
        )`;
    expect(rows.map(({ conname }) => conname)).toEqual([]);
  });

  test("every foreign key says what happens on delete", async () => {
    const rows = await sql`
      select conname from pg_constraint
      where contype = 'f' and connamespace in ${OURS} and confdeltype = 'a'`;
    expect(rows.map(({ conname }) => conname)).toEqual([]);
  });

  test("every table has a primary key, and no column of a table is a serial or a varchar", async () => {
    const rows = await sql`
      select c.oid::regclass::text as "table" from pg_class c
      where c.relkind in ('r', 'p') and c.relnamespace in ${OURS}
        and not exists (select from pg_constraint k where k.conrelid = c.oid and k.contype = 'p')
      union all
      select a.attrelid::regclass || '.' || a.attname from pg_attribute a
      join pg_class c on c.oid = a.attrelid
      where c.relkind = 'r' and c.relnamespace in ${OURS} and a.attnum > 0 and not a.attisdropped
        and (a.atttypid in ('varchar'::regtype, 'bpchar'::regtype, 'json'::regtype, 'timestamp'::regtype)
          or exists (select from pg_attrdef d where d.adrelid = a.attrelid and d.adnum = a.attnum
            and pg_get_expr(d.adbin, d.adrelid) like 'nextval%'))`;
    expect([...rows]).toEqual([]);
  });

  test("checks are named as sentences: no name was made up by Postgres", async () => {
    const rows = await sql`
      select conname from pg_constraint
      where contype = 'c' and connamespace in ${OURS} and conname ~ '_check[0-9]*$'`;
    expect(rows.map(({ conname }) => conname)).toEqual([]);
  });

  test("every table, view, domain, function and aggregate is described; triggers' functions are in their files", async () => {
    const rows = await sql`
      select p.oid::regprocedure::text as thing from pg_proc p
      where p.pronamespace in ${OURS} and p.prorettype <> 'trigger'::regtype
        and obj_description(p.oid, 'pg_proc') is null
      union all
      select c.oid::regclass::text from pg_class c
      where c.relkind = 'v' and c.relnamespace in ${OURS} and obj_description(c.oid, 'pg_class') is null
      union all
      select n.nspname from pg_namespace n where n.oid in ${OURS} and obj_description(n.oid, 'pg_namespace') is null
      union all
      select t.oid::regtype::text from pg_type t
      where t.typtype = 'd' and t.typnamespace in ${OURS} and obj_description(t.oid, 'pg_type') is null
      order by 1`;
    expect(rows.map(({ thing }) => thing)).toEqual([]);
  });

  test("every plpgsql and every security definer function sets its search_path to nothing", async () => {
    const rows = await sql`
      select p.oid::regprocedure::text as name from pg_proc p
      join pg_language l on l.oid = p.prolang
      where p.pronamespace in ${OURS} and (l.lanname = 'plpgsql' or p.prosecdef)
        and not coalesce('search_path=""' = any (p.proconfig), false)`;
    expect(rows.map(({ name }) => name)).toEqual([]);
  });

  test("no function is overloaded: GraphQL would drop it", async () => {
    const rows = await sql`
      select pronamespace::regnamespace || '.' || proname as name from pg_proc
      where pronamespace in ${OURS} group by 1 having count(*) > 1`;
    expect(rows.map(({ name }) => name)).toEqual([]);
  });

  test("no trigger works row by row, but for the check of merged entities", async () => {
    const rows = await sql`
      select tgrelid::regclass || ' ' || tgname as name from pg_trigger t
      join pg_class c on c.oid = t.tgrelid
      where c.relnamespace in ${OURS} and not tgisinternal and tgtype & 1 = 1`;
    expect(rows.map(({ name }) => name)).toEqual(["catalog.entity _200_check_redirect"]);
  });

  test("events are numbered without a cache: their order is that of the changes", async () => {
    const [row] = await sql`
      select seqcache::int as cache from pg_sequence
      where seqrelid = pg_get_serial_sequence('feed.event', 'id')::regclass`;
    expect(row?.cache).toBe(1);
  });
});

describe("partial dates", () => {
  test.each([
    "0001",
    "1997",
    "9999",
    "1997-05",
    "1997-12",
    "1997-05-21",
    "2024-02-29",
    "2000-02-29",
    "1900-02-28",
    "1999-12-31",
    "0004-02-29",
    "1582-10-10",
  ])("%s is one", async (date) => {
    expect(await failure(sql`select ${date}::text::catalog.partial_date`)).toBeNull();
  });

  test.each([
    "",
    "97",
    "0000",
    "10000",
    "1997-0",
    "1997-00",
    "1997-13",
    "1997-5",
    "1997-05-00",
    "1997-05-32",
    "1997-04-31",
    "2023-02-29",
    "1900-02-29",
    "2023-02-30",
    "1997-05-21T00:00:00",
    "1997-05-21 ",
    " 1997",
    "1997-05-21\n",
    "١٩٩٧",
    "1997/05/21",
    "-500",
  ])("%j is none", async (date) => {
    expect(await failure(sql`select ${date}::text::catalog.partial_date`)).toBe("23514");
  });

  test("they sort by time as far as they are known", async () => {
    const rows = await sql`
      select d from unnest('{1997-05-21,1997,1998,1997-05,1997-04-30}'::catalog.partial_date[]) d order by d`;
    expect(rows.map(({ d }) => d)).toEqual(["1997", "1997-04-30", "1997-05", "1997-05-21", "1998"]);
  });
});

describe("what the catalog refuses", () => {
  /** Constraint → a statement on an entity of the kind that it refuses. */
  const REFUSED: [constraint: string, kind: string, statement: string][] = [
    [
      "entity_does_not_redirect_to_itself",
      "artist",
      "update catalog.entity set status = 'merged', merged_into = juke_id where juke_id = $1",
    ],
    [
      "merged_entity_has_a_target",
      "artist",
      "update catalog.entity set status = 'merged' where juke_id = $1",
    ],
    [
      "version_counts_from_one",
      "artist",
      "update catalog.entity set version = 0 where juke_id = $1",
    ],
    [
      "artist_type_is_known",
      "artist",
      "update catalog.artist set artist_type = 'robot' where juke_id = $1",
    ],
    [
      "country_code_is_two_capital_letters",
      "artist",
      "update catalog.artist set country = 'gb' where juke_id = $1",
    ],
    [
      "label_is_not_its_own_parent",
      "label",
      "update catalog.label set parent_id = juke_id where juke_id = $1",
    ],
    [
      "label_code_has_at_most_six_digits",
      "label",
      "update catalog.label set label_code = 1000000 where juke_id = $1",
    ],
    [
      "album_type_is_known",
      "album",
      "update catalog.album set album_type = 'lp' where juke_id = $1",
    ],
    [
      "release_status_is_known",
      "release",
      "update catalog.release set release_status = 'lost' where juke_id = $1",
    ],
    [
      "track_duration_is_not_negative",
      "track",
      "update catalog.track set duration_ms = -1 where juke_id = $1",
    ],
    [
      "video_duration_is_not_negative",
      "video",
      "update catalog.video set duration_ms = -1 where juke_id = $1",
    ],
    [
      "podcast_type_is_known",
      "podcast",
      "update catalog.podcast set podcast_type = 'daily' where juke_id = $1",
    ],
    [
      "episode_type_is_known",
      "episode",
      "update catalog.episode set episode_type = 'short' where juke_id = $1",
    ],
    [
      "enclosure_size_is_not_negative",
      "episode",
      "update catalog.episode set enclosure_bytes = -1 where juke_id = $1",
    ],
    ["page_count_is_positive", "book", "update catalog.book set page_count = 0 where juke_id = $1"],
    ["alias_is_not_empty", "work", "insert into catalog.alias (juke_id, name) values ($1, '')"],
    [
      "alias_fits_an_index_key",
      "work",
      "insert into catalog.alias (juke_id, name) values ($1, repeat('x', 2001))",
    ],
    [
      "credit_position_counts_from_one",
      "work",
      "insert into catalog.credit (juke_id, role, position, contributor_id) values ($1, 'x', 0, $1)",
    ],
    [
      "share_is_a_percentage",
      "work",
      "insert into catalog.credit (juke_id, role, position, contributor_id, share) values ($1, 'x', 1, $1, 100.1)",
    ],
    [
      "image_has_a_size_in_pixels",
      "album",
      "insert into catalog.image (juke_id, url, width, height) values ($1, 'x', 0, 1)",
    ],
    [
      "genre_is_not_its_own_parent",
      "genre",
      "insert into catalog.genre_parent (genre_id, parent_id) values ($1, $1)",
    ],
    [
      "genre_weight_is_not_negative",
      "genre",
      "insert into catalog.entity_genre (juke_id, genre_id, weight) values ($1, $1, -1)",
    ],
    [
      "medium_disc_counts_from_one",
      "release",
      "insert into catalog.release_medium (release_id, disc) values ($1, 0)",
    ],
    [
      "release_track_is_a_track_or_a_video",
      "release",
      "insert into catalog.release_track (release_id, disc, position) values ($1, 1, 1)",
    ],
    [
      "release_event_has_a_country_or_a_date",
      "release",
      "insert into catalog.release_event (release_id, position) values ($1, 1)",
    ],
  ];

  test.each(REFUSED)("%s", async (constraint, kind, statement) => {
    const id = await insertEntity(sql, kind, "x");
    const error = await sql.unsafe(statement, [id]).catch((e) => e);
    expect(error).toMatchObject({ code: "23514", constraint_name: constraint });
  });

  test("a row of a kind whose entity is of another: JB101", async () => {
    const id = await insertEntity(sql, "artist", "a");
    expect(await failure(sql`insert into catalog.label (juke_id, name) values (${id}, 'x')`)).toBe(
      "JB101",
    );
  });

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

  test("removing what an entity was merged into", async () => {
    const [from, into] = [
      await insertEntity(sql, "artist", "a"),
      await insertEntity(sql, "artist", "b"),
    ];
    await sql`update catalog.entity set status = 'merged', merged_into = ${into} where juke_id = ${from}`;
    expect(await failure(sql`delete from catalog.entity where juke_id = ${into}`)).toMatch(
      /^2300[13]$|^23503$/,
    );
  });
});
