import type { AnySql } from "../catalog-builder.ts";
import { idsOf, prefixOf, type World } from "./interleaving-world.ts";

type Row = Record<string, string | number | boolean | null>;

/**
 * What worlds are like: who belongs where, which id names whom, who is merged or deleted, what is credited, reviewed, ruled and
 * undone; by names instead of keys, so that two worlds can be compared. World by world, a line for each fact.
 */
export async function dump(sql: AnySql, worlds: World[]): Promise<Map<number, string[]>> {
  const numbers = new Map<string, World>();
  for (const world of worlds) numbers.set(prefixOf(world.number), world);
  const prefixes = [...numbers.keys()];

  // Every entity that a record of a world has ever belonged to, with the first such record as its name.
  const entities: Row[] = await sql`
    with own as (
      select r.record_id, concat(split_part(r.source_record_id, '-', 1), '-') as world,
        concat(r.source, '/', split_part(r.source_record_id, '-', 2)) as name
      from ingest.record r
      where concat(split_part(r.source_record_id, '-', 1), '-') = any (${prefixes}) and r.source <> 'manual'
    ),
    ever as (
      select o.world, o.name, m.juke_id from own o join identity.membership m using (record_id)
      union all
      select o.world, o.name, w.juke_id
      from own o
      join identity.moved_record v using (record_id)
      cross join lateral unnest(array[v.from_juke_id, v.to_juke_id]) w (juke_id)
    )
    select n.*, e.status, e.merged_into, e.display_name, e.mbid
    from (select ever.juke_id, ever.world, min(ever.name) as name from ever group by 1, 2) n
    join catalog.entity e on e.juke_id = n.juke_id`;
  const names = new Map<unknown, string>();
  const worldOf = new Map<unknown, World>();
  for (const { juke_id, world, name } of entities) {
    const own = numbers.get(String(world));
    if (!own) continue;
    worldOf.set(juke_id, own);
    const known = [...own.jukes].find(([, each]) => each === juke_id);
    names.set(juke_id, known ? known[0] : `one of ${name}`);
  }
  const facts = new Map<number, string[]>(worlds.map(({ number }) => [number, []]));
  const say = (juke: unknown, fact: string) => {
    const world = worldOf.get(juke);
    if (!world) throw new Error(`${juke} is of no world: ${fact}`);
    facts.get(world.number)?.push(withoutNumber(world.number, fact));
  };
  const nameOf = (juke: unknown) => (juke === null ? "nobody" : (names.get(juke) ?? "?"));
  const jukes = [...names.keys()] as string[];

  for (const { juke_id, status, merged_into, display_name, mbid } of entities) {
    const into = merged_into ? ` into ${nameOf(merged_into)}` : "";
    say(juke_id, `${nameOf(juke_id)} is ${status}${into}, called ${display_name}, mbid ${mbid}`);
  }
  const recordName = (row: Row) => {
    const [juke = "", part] = String(row.source_record_id).split("/");
    return row.source === "manual"
      ? `manual of ${nameOf(juke)}${part ? ` ${part}` : ""}`
      : `${row.source}/${row.source_record_id}`;
  };
  for (const row of await sql`
    select r.source, r.source_record_id, m.juke_id, m.rule, r.body ->> 'name' as name
    from identity.membership m join ingest.record r using (record_id) where m.juke_id = any (${jukes}::uuid[])`) {
    say(
      row.juke_id,
      `${recordName(row)} belongs to ${nameOf(row.juke_id)} by ${row.rule}, says ${row.name}`,
    );
  }
  for (const row of await sql`
    select a.external_id, a.source as scheme, a.juke_id, r.source, r.source_record_id, a.is_binding, x.is_contested, a.status
    from identity.assertion a
    left join ingest.record r using (record_id)
    join identity.external_id x on x.external_id = a.external_id and x.source = a.source and x.kind = a.kind
    where a.juke_id = any (${jukes}::uuid[]) and a.retracted_at is null`) {
    const how = `${row.is_binding ? "bound to" : "claimed for"} ${nameOf(row.juke_id)} by ${recordName(row)}`;
    say(row.juke_id, `${row.scheme} ${row.external_id}${row.is_contested ? "!" : ""} ${how}`);
  }
  for (const row of await sql`
    select juke_id, role, position, contributor_id from catalog.credit where juke_id = any (${jukes}::uuid[])`) {
    say(
      row.juke_id,
      `${nameOf(row.juke_id)} credits ${nameOf(row.contributor_id)} (${row.role} ${row.position})`,
    );
  }
  for (const row of await sql`
    select distinct external_id, a_juke_id as a, b_juke_id as b, topic
    from identity.review where status = 'open' and a_juke_id = any (${jukes}::uuid[])`) {
    say(row.a, `open ${row.topic} ${row.external_id}: ${nameOf(row.a)}, ${nameOf(row.b)}`);
  }
  for (const row of await sql`
    select a_juke_id as a, b_juke_id as b, verdict from identity.link_fact where a_juke_id = any (${jukes}::uuid[])`) {
    say(row.a, `${[nameOf(row.a), nameOf(row.b)].sort().join(", ")}: ${row.verdict}`);
  }
  for (const row of await sql`
    select juke_id, op, undone_by is not null as is_undone from identity.operation where juke_id = any (${jukes}::uuid[])`) {
    say(row.juke_id, `${row.op} of ${nameOf(row.juke_id)}${row.is_undone ? ", undone" : ""}`);
  }
  for (const list of facts.values()) list.sort();
  return facts;
}

/** Ids without the number of their world. */
function withoutNumber(number: number, fact: string): string {
  const { mbid, spotify, deezer } = idsOf(number);
  let text = fact.replaceAll(prefixOf(number), "").replaceAll(deezer, "D");
  for (const n of [1, 2, 3, 4, 5, 9, 11]) {
    text = text.replaceAll(mbid(n), `M${n}`).replaceAll(spotify(n), `S${n}`);
  }
  return text;
}
