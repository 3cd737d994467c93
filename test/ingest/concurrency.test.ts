import { beforeEach, expect, test } from "vitest";
import { type AnySql, deliver, entityOf, type LooseRecord } from "../catalog-builder.ts";
import { testDatabase } from "../database.ts";

const { sql, connect } = await testDatabase();
const [one, two, three] = [connect({ max: 1 }), connect({ max: 1 }), connect({ max: 1 })];

let round = 0;
beforeEach(() => {
  round += 1;
});

/** An id that is new in each test. */
const spotify = (n: number) => `${round}x${n}`.padStart(22, "0");

const artist = (id: string, ids: object = {}, rest: object = {}): LooseRecord => ({
  kind: "artist",
  id: `${round}-${id}`,
  name: `artist ${id}`,
  ids,
  ...rest,
});

/** Every record has an entity, every id a claim behind it, every entity a row of its kind: nothing dangles. */
async function expectSound(): Promise<void> {
  const [row] = await sql`
    select
      (select count(*)::int from ingest.record r
        where not exists (select from identity.membership m where m.record_id = r.record_id)) as homeless,
      (select count(*)::int from identity.external_id x
        where not exists (select from catalog.entity e where e.juke_id = x.juke_id)) as dangling,
      (select count(*)::int from identity.external_id x join identity.membership m using (record_id)
        where m.juke_id <> x.juke_id) as stolen,
      (select count(*)::int from catalog.entity e
        where not exists (select from identity.membership m where m.juke_id = e.juke_id)) as childless,
      (select count(*)::int from catalog.entity e where kind = 'artist'
        and not exists (select from catalog.artist a where a.juke_id = e.juke_id)) as empty`;
  expect(row).toEqual({ homeless: 0, dangling: 0, stolen: 0, childless: 0, empty: 0 });
}

/** Resolves when a session waits for another one's lock. */
async function someoneWaits(): Promise<void> {
  for (let tries = 0; tries < 400; tries++) {
    const [row] = await sql`
      select count(*)::int as n from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`;
    if (row?.n > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error("nobody waits");
}

/** Applies in a transaction that ends, by commit or rollback, as soon as `other` waits for it. */
async function overlapping(
  mine: (tx: AnySql) => Promise<unknown>,
  other: () => Promise<unknown>,
  end: "commit" | "rollback",
): Promise<void> {
  let waiting: Promise<unknown> | undefined;
  await one
    .begin(async (tx) => {
      await mine(tx);
      waiting = other();
      waiting.catch(() => {});
      await someoneWaits();
      if (end === "rollback") throw new Error("rolled back");
    })
    .catch((error) => {
      if (error.message !== "rolled back") throw error;
    });
  await waiting;
}

test.each(["commit", "rollback"] as const)(
  "the same new record in two sessions is one record of one entity (%s of the first)",
  async (end) => {
    const source = `same-record-${end}`;
    await overlapping(
      (tx) => deliver(tx, source, [artist("a", { spotify: spotify(1) })]),
      () => deliver(two, source, [artist("a", { spotify: spotify(1) }, { name: "second" })]),
      end,
    );
    const rows =
      await sql`select body ->> 'name' as name from ingest.record where source = ${source}`;
    expect(rows.map(({ name }) => name)).toEqual(["second"]);
    const [row] = await sql`
      select a.name from catalog.artist a where a.juke_id = ${(await entityOf(sql, source, "artist", artist("a").id)) ?? ""}`;
    expect(row?.name).toBe("second");
    await expectSound();
  },
);

test.each(["commit", "rollback"] as const)(
  "the same new id from two sources in two sessions makes one entity (%s of the first)",
  async (end) => {
    await overlapping(
      (tx) => deliver(tx, "id-one", [artist("a", { spotify: spotify(1) })]),
      () => deliver(two, "id-two", [artist("b", { spotify: spotify(1), deezer: `99${round}` })]),
      end,
    );
    const first = await entityOf(sql, "id-one", "artist", artist("a").id);
    const second = await entityOf(sql, "id-two", "artist", artist("b").id);
    if (end === "commit") expect(second).toBe(first);
    else expect([first, second]).toEqual([undefined, expect.any(String)]);
    const [row] = await sql`select juke_id from identity.resolve(${`deezer:99${round}`})`;
    expect(row?.juke_id).toBe(second);
    await expectSound();
  },
);

test("a session that lost the race for one of its ids keeps those that are its own", async () => {
  await overlapping(
    (tx) => deliver(tx, "race-one", [artist("a", { mbid: uuid(1), spotify: spotify(1) })]),
    () =>
      deliver(two, "race-two", [
        artist("b", { mbid: uuid(2), spotify: spotify(1) }),
        artist("c", { spotify: spotify(2) }),
      ]),
    "commit",
  );
  const entities = [
    await entityOf(sql, "race-one", "artist", artist("a").id),
    await entityOf(sql, "race-two", "artist", artist("b").id),
    await entityOf(sql, "race-two", "artist", artist("c").id),
  ];
  expect(new Set(entities).size).toBe(3);
  const [row] = await sql`select juke_id from identity.resolve(${`spotify:${spotify(1)}`})`;
  expect(row?.juke_id).toBe(entities[0]);
  await expectSound();
});

function uuid(n: number): string {
  return `${String(round).padStart(8, "0")}-1111-4111-8111-${String(n).padStart(12, "0")}`;
}

test("batches of several sources that overlap, each in an order of its own, never deadlock", async () => {
  const size = 40;
  const errors: unknown[] = [];
  const work = async (client: AnySql, source: string, seed: number) => {
    for (let batch = 0; batch < 12; batch++) {
      const records = Array.from({ length: size }, (_, n) =>
        artist(
          `${batch}-${(n * seed) % size}`,
          { spotify: spotify(batch * size + n) },
          { sort_name: `${seed}` },
        ),
      );
      await deliver(client, source, seed % 2 ? records : records.toReversed()).catch((error) =>
        errors.push(error),
      );
      // The same again, changed: now everybody's entities are locked.
      await deliver(
        client,
        source,
        records.map((record) => ({ ...record, sort_name: `again ${seed}` })),
      ).catch((error) => errors.push(error));
    }
  };
  await Promise.all([
    work(one, "load-one", 7),
    work(two, "load-two", 11),
    work(three, "load-three", 13),
  ]);
  expect(errors).toEqual([]);
  const [row] = await sql`
    select count(distinct m.juke_id)::int as entities, count(*)::int as records
    from identity.membership m join ingest.record r using (record_id) where r.source like 'load-%'`;
  expect(row).toEqual({ entities: 12 * size, records: 3 * 12 * size });
  await expectSound();
});

test("batches of one source that overlap never deadlock, and the last word is one of those said", async () => {
  const errors: unknown[] = [];
  const names = Array.from({ length: 30 }, (_, n) => `${n}`);
  const work = async (client: AnySql, who: string) => {
    for (let batch = 0; batch < 15; batch++) {
      const picked = names.filter((_, n) => (n * 7 + batch + who.length) % 3 > 0);
      const records = picked.map((name) =>
        artist(
          name,
          { spotify: spotify(Number(name)) },
          {
            name: `${who} ${batch}`,
            aliases: [{ name: who }],
            genres: [{ genre: { kind: "genre", id: `${round}-${batch}` } }],
          },
        ),
      );
      await deliver(client, "shared", batch % 2 ? records : records.toReversed()).catch((error) =>
        errors.push(error),
      );
    }
  };
  await Promise.all([work(one, "a"), work(two, "bb"), work(three, "ccc")]);
  expect(errors).toEqual([]);
  // What the catalog shows is what the record says.
  const rows = await sql`
    select r.body ->> 'name' as said, a.name as shown, l.name as alias
    from ingest.record r
    join identity.membership m using (record_id)
    join catalog.artist a on a.juke_id = m.juke_id
    join catalog.alias l on l.juke_id = m.juke_id
    where r.source = 'shared' and r.kind = 'artist'`;
  expect(rows).toHaveLength(names.length);
  for (const { said, shown, alias } of rows) {
    expect(shown).toBe(said);
    expect(shown.startsWith(`${alias} `)).toBe(true);
  }
  await expectSound();
});

test.each(["repeatable read", "serializable"])(
  "a caller at %s is refused with JB174, and leaves nothing behind",
  async (level) => {
    const source = `${level.replace(" ", "-")}`;
    await deliver(one, source, [artist("a", {}, { name: "first" })]);
    const error = await two
      .begin(`isolation level ${level}`, (tx) => deliver(tx, source, [artist("b", {})]))
      .catch((e) => e);
    expect(error).toMatchObject({
      code: "JB174",
      detail: `This transaction is at ${level}.`,
      hint: expect.stringContaining("read committed"),
    });
    expect(await sql`select from ingest.record where source = ${source}`).toHaveLength(1);
    await expectSound();
  },
);

test("ten sessions that deliver the same at once leave what one would have left", async () => {
  const many = Array.from({ length: 10 }, () => connect({ max: 1 }));
  const records = Array.from({ length: 20 }, (_, n) =>
    artist(
      `${n}`,
      { spotify: spotify(n) },
      { genres: [{ genre: { kind: "genre", id: `${round}-rock` } }] },
    ),
  );
  const results = await Promise.all(many.map((client) => deliver(client, "ten", records)));
  expect(results.map((counts) => counts.new).reduce((a, b) => a + b)).toBe(21);
  expect(results.map((counts) => counts.changed).reduce((a, b) => a + b)).toBe(0);
  const [row] = await sql`
    select count(*)::int as records, count(distinct juke_id)::int as entities
    from ingest.record r join identity.membership m using (record_id) where source = 'ten'`;
  expect(row).toEqual({ records: 21, entities: 21 });
  await expectSound();
});
