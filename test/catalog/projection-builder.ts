import { expect } from "vitest";
import { type AnySql, deliver, entityOf, type LooseRecord } from "../catalog-builder.ts";
import { catalogState, undone } from "../catalog-state.ts";

export type Delivery = [source: string, records: LooseRecord[]];
type Client = Parameters<typeof undone>[0];

/** A reference to a record of the same source. */
export const ref = (kind: string, id: string) => ({ kind, id });

export async function deliverAll(tx: AnySql, deliveries: readonly Delivery[]): Promise<void> {
  for (const [source, records] of deliveries) await deliver(tx, source, records);
}

/**
 * Delivers in every order, expects the same catalog each time, and returns what `look` sees of it. The records of
 * sources that are to meet share an id.
 */
export async function inEveryOrder<T>(
  sql: Client,
  deliveries: readonly Delivery[],
  look: (tx: AnySql) => Promise<T>,
): Promise<T> {
  const outcomes = [];
  for (const order of permutations(deliveries)) {
    outcomes.push(
      await undone(sql, async (tx) => {
        await deliverAll(tx, order);
        const lines = (await catalogState(tx)).filter((line) => line.startsWith("catalog."));
        return { lines, seen: await look(tx) };
      }),
    );
  }
  const [first, ...others] = outcomes;
  if (!first) throw new Error("nothing was delivered");
  for (const other of others) expect(other).toEqual(first);
  return first.seen;
}

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((item, at) =>
    permutations(items.toSpliced(at, 1)).map((rest) => [item, ...rest]),
  );
}

/** The golden row of the entity that a record belongs to, without its key. */
export async function golden(
  tx: AnySql,
  source: string,
  kind: string,
  id: string,
): Promise<Record<string, unknown>> {
  const entity = await entityOf(tx, source, kind, id);
  const [row] = await tx`
    select to_jsonb(t) - 'juke_id' as said from ${tx(`catalog.${kind}`)} t where juke_id = ${entity ?? null}`;
  return row?.said;
}

/** The rows of a part of an entity; entities are shown by their names. */
export async function parts(
  tx: AnySql,
  table: string,
  source: string,
  kind: string,
  id: string,
): Promise<Record<string, unknown>[]> {
  const entity = await entityOf(tx, source, kind, id);
  const [owner, ...order] = keys[table] ?? [];
  const rows = await tx<{ part: Record<string, unknown> }[]>`
    select (
      select jsonb_object_agg(c.key, coalesce(to_jsonb(e.display_name), c.value))
      from jsonb_each(jsonb_strip_nulls(to_jsonb(t) - ${owner ?? ""}::text)) c
      left join catalog.entity e on c.key like '%\\_id' and e.juke_id::text = c.value #>> '{}'
    ) as part
    from ${tx(`catalog.${table}`)} t
    where ${tx(owner ?? "")} = ${entity ?? null}
    order by ${tx(order)}`;
  return rows.map(({ part }) => part);
}

/** The column that names whose part it is, and those to sort by. */
const keys: Record<string, string[]> = {
  alias: ["juke_id", "name", "locale"],
  credit: ["juke_id", "role", "position"],
  entity_genre: ["juke_id", "weight"],
  genre_parent: ["genre_id", "parent_id"],
  image: ["juke_id", "url"],
  release_medium: ["release_id", "disc"],
  release_track: ["release_id", "disc", "position"],
  release_label: ["release_id", "catalog_number"],
  release_event: ["release_id", "position"],
  track_work: ["track_id", "work_id"],
  usage_right: ["juke_id", "position"],
  copyright: ["juke_id", "line", "position"],
  artist_relation: ["juke_id", "relation", "begin_date"],
  chapter: ["juke_id", "position"],
  transcript: ["episode_id", "position"],
};
