import { randomBytes } from "node:crypto";
import type { AnySql, LooseRecord } from "../catalog-builder.ts";

/**
 * A small catalog of its own for each interleaving: five artists, two tracks, ids that overlap. Artist 1 and 2 claim one Deezer
 * id and have two records each; the tracks credit 1 and 2, 3 and 5.
 */
export type World = {
  number: number;
  /** The entities by name: "1" to "5", "t1", "t2". */
  jukes: Map<string, string>;
  /** The records by name: "low/a1". */
  records: Map<string, string>;
  /** The review of the id that 1 and 2 contest. */
  review: string;
  /** The operations that were done beforehand, by need. */
  operations: Map<Need, string>;
};

/** What is done to a world before its interleaving, so that it can be undone in it. */
export type Need = "merge 4 into 1" | "delete 5" | "claim for 2" | "retract of 1" | "split of 2";

export type Ids = { mbid(n: number): string; spotify(n: number): string; deezer: string };

export const idsOf = (number: number): Ids => {
  const hex = number.toString(16).padStart(8, "0");
  return {
    mbid: (n) => `${hex}-0000-4000-8000-${String(n).padStart(12, "0")}`,
    spotify: (n) => `${number}x${n}`.padStart(22, "0"),
    deezer: `9${String(number).padStart(8, "0")}`,
  };
};

export const prefixOf = (number: number) => `w${number}-`;

/** Records in the shape of a delivery, their ids those of this world. */
const artist = (number: number, id: string, ids: object, name = id): LooseRecord => ({
  kind: "artist",
  id: prefixOf(number) + id,
  name,
  ids,
});
const track = (number: number, id: string, credits: string[]): LooseRecord => ({
  kind: "track",
  id: prefixOf(number) + id,
  title: id,
  credits: credits.map((each, index) => ({
    contributor: { kind: "artist", id: prefixOf(number) + each },
    role: "main",
    position: index + 1,
  })),
});

export const records = { artist, track };

const needs: Record<Need, (sql: AnySql, world: World) => PromiseLike<readonly unknown[]>> = {
  "merge 4 into 1": (sql, { jukes }) => sql`
    select operation_id from identity.merge(${at(jukes, "1")}, array[${at(jukes, "4")}]::uuid[])`,
  "delete 5": (sql, { jukes }) => sql`
    select operation_id from identity.delete(${at(jukes, "5")})`,
  "claim for 2": (sql, { jukes, number }) => sql`
    select operation_id from identity.claim(${at(jukes, "2")}, 'spotify', ${idsOf(number).spotify(1)})`,
  "retract of 1": (sql, { jukes, number }) => sql`
    select operation_id from identity.retract(${at(jukes, "1")}, 'spotify', ${idsOf(number).spotify(1)})`,
  "split of 2": (sql, { jukes, records }) => sql`
    select operation_id from identity.split(${at(jukes, "2")}, array[${at(records, "high/h2")}]::bigint[])`,
};

/** What a map must have. */
export function at<Key, Value>(map: Map<Key, Value>, key: Key): Value {
  const value = map.get(key);
  if (value === undefined) throw new Error(`there is no ${key}`);
  return value;
}

/** Delivers records of one source, of any number of worlds. */
export async function deliverTo(sql: AnySql, source: string, said: LooseRecord[]): Promise<void> {
  await sql`
    select ingest.apply(
      ingest.open_delivery(${source}, 'test', 'ndjson', ${randomBytes(32)}, 0), ${sql.json(said as never)}
    )`;
}

/** Makes worlds of these numbers, all at once, and does to each what it needs. */
export async function makeWorlds(
  sql: AnySql,
  wanted: { number: number; needs: Need[] }[],
): Promise<Map<number, World>> {
  const low = wanted.flatMap(({ number }) => {
    const { mbid, spotify, deezer } = idsOf(number);
    return [
      artist(number, "a1", { mbid: mbid(1), spotify: spotify(1), deezer }),
      artist(number, "a2", { mbid: mbid(2), spotify: spotify(2), deezer }),
      artist(number, "a3", { mbid: mbid(3), spotify: spotify(3) }),
      artist(number, "a4", { mbid: mbid(4) }),
      artist(number, "a5", { mbid: mbid(5), spotify: spotify(5) }),
      track(number, "t1", ["a1", "a2"]),
      track(number, "t2", ["a3", "a5"]),
    ];
  });
  const high = wanted.flatMap(({ number }) => {
    const { mbid, spotify } = idsOf(number);
    return [
      artist(number, "h1", { mbid: mbid(1), spotify: spotify(11) }),
      artist(number, "h2", { mbid: mbid(2) }),
    ];
  });
  await deliverTo(sql, "low", low);
  await deliverTo(sql, "high", high);
  const rows = await sql`
    select r.source, split_part(r.source_record_id, '-', 1) as world, split_part(r.source_record_id, '-', 2) as name,
      r.record_id, m.juke_id
    from ingest.record r
    join identity.membership m using (record_id)
    where split_part(r.source_record_id, '-', 1) = any (${wanted.map(({ number }) => `w${number}`)})`;
  const reviews = await sql`
    select review_id, external_id from identity.review where status = 'open' and topic = 'contested'`;
  const worlds = new Map<number, World>();
  for (const { number } of wanted) {
    const review = reviews.find(({ external_id }) => external_id === idsOf(number).deezer);
    if (!review) throw new Error("1 and 2 contest no id");
    const own = { jukes: new Map(), records: new Map(), operations: new Map() };
    worlds.set(number, { number, review: review.review_id, ...own });
  }
  for (const { source, world, name, record_id, juke_id } of rows) {
    const { records, jukes } = at(worlds, Number(world.slice(1)));
    records.set(`${source}/${name}`, record_id);
    if (source === "low") jukes.set(name.replace("a", ""), juke_id);
  }
  for (const { number, needs: own } of wanted) {
    const world = at(worlds, number);
    for (const need of own) {
      const [row] = await needs[need](sql, world);
      world.operations.set(need, (row as { operation_id: string }).operation_id);
    }
  }
  return worlds;
}
