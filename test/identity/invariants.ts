import type { Sql } from "postgres";
import type { AnySql } from "../catalog-builder.ts";

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

/** What refers to an entity, or is a part of one. */
const references = [
  ["alias", "juke_id"],
  ["credit", "juke_id"],
  ["credit", "contributor_id"],
  ["entity_genre", "juke_id"],
  ["entity_genre", "genre_id"],
  ["genre_parent", "genre_id"],
  ["genre_parent", "parent_id"],
  ["image", "juke_id"],
  ["release_track", "release_id"],
  ["release_track", "track_id"],
  ["release_track", "video_id"],
  ["release_label", "label_id"],
  ["track_work", "work_id"],
  ["usage_right", "juke_id"],
  ["copyright", "juke_id"],
  ["artist_relation", "artist_id"],
  ["artist_relation", "related_id"],
  ["chapter", "juke_id"],
  ["transcript", "episode_id"],
  ["release", "album_id"],
  ["label", "parent_id"],
  ["video", "track_id"],
  ["episode", "podcast_id"],
  ["audiobook", "book_id"],
] as const;

/** What must never be, each as a query that finds it. */
const forbidden: Record<string, string> = {
  "a redirect to an entity that is not active": `
    select e.juke_id from catalog.entity e join catalog.entity t on t.juke_id = e.merged_into
    where t.status <> 'active'`,
  "a member of a merged entity": `
    select m.record_id from identity.membership m join catalog.entity e on e.juke_id = m.juke_id
    where e.status = 'merged'`,
  "an id of a merged entity": `
    select x.external_id from identity.external_id x join catalog.entity e on e.juke_id = x.juke_id
    where e.status = 'merged'`,
  "a binding that is not its claimant's": `
    select x.external_id from identity.external_id x join identity.membership m on m.record_id = x.record_id
    where m.juke_id <> x.juke_id`,
  "a binding that is not the best standing claim": `
    select b.* from (
      select distinct on (c.external_id, c.source, c.kind) c.*, x.juke_id as bound, x.record_id as bound_record
      from identity.standing_claims(array(
        select distinct row (a.external_id, a.source, a.kind)::identity.id_key from identity.assertion a
        where a.status = 'valid' and a.retracted_at is null
      )) c
      left join identity.external_id x
        on x.external_id = c.external_id and x.source = c.source and x.kind = c.kind
      where c.nth = 1
      order by c.external_id, c.source, c.kind
    ) b
    where (b.bound, b.bound_record) is distinct from (b.juke_id, b.record_id)`,
  "a binding without a claim": `
    select x.external_id from identity.external_id x
    where x.record_id is not null
      and not exists (select from identity.membership m where m.record_id = x.record_id)`,
  "a claim that is made twice": `
    select f.claim_id from identity.further_claim f
    join identity.external_id x
      on x.record_id = f.record_id and x.external_id = f.external_id and x.source = f.source
    where f.retracted_at is null`,
  "a wrong contested flag": `
    select x.external_id from identity.external_id x
    where x.is_contested <> (
      select s.exclusivity <> 'shared' and count(distinct a.juke_id) > 1
      from identity.assertion a
      join identity.scheme s on s.scheme = a.source
      join catalog.entity e on e.juke_id = a.juke_id and e.status = 'active'
      where a.external_id = x.external_id and a.source = x.source and a.kind = x.kind
        and a.status = 'valid' and a.retracted_at is null
      group by s.exclusivity
    )`,
  "two that contest an id, without a review and without a verdict": `
    select x.external_id, a.juke_id from identity.external_id x
    join identity.assertion a
      on a.external_id = x.external_id and a.source = x.source and a.kind = x.kind and a.juke_id <> x.juke_id
    join catalog.entity e on e.juke_id = a.juke_id and e.status = 'active'
    where x.is_contested and a.status = 'valid' and a.retracted_at is null
      and not exists (
        select from identity.review v
        where v.external_id = x.external_id and v.source = x.source and v.kind = x.kind and v.status in ('open', 'skipped')
          and v.a_juke_id in (x.juke_id, a.juke_id) and v.b_juke_id in (x.juke_id, a.juke_id)
      )
      and not exists (
        select from identity.facts_on(x.juke_id, a.juke_id) f where f.verdict = 'cannot_link'
      )`,
  "a living entity that operations have left without a record": `
    select e.juke_id from catalog.entity e
    where e.status = 'active'
      and not exists (select from identity.membership m where m.juke_id = e.juke_id)
      and exists (select from identity.moved_record w where e.juke_id in (w.from_juke_id, w.to_juke_id))`,
  "an open review of an id that is not contested": `
    select v.review_id from identity.review v
    where v.status = 'open' and v.topic = 'contested'
      and not exists (
        select from identity.external_id x
        where x.external_id = v.external_id and x.source = v.source and x.kind = v.kind and x.is_contested
          and x.juke_id = v.a_juke_id
      )`,
  "an open review of what does not claim the id": `
    select v.review_id from identity.review v
    where v.status = 'open' and v.topic = 'contested'
      and not exists (
        select from identity.assertion a join catalog.entity e on e.juke_id = a.juke_id and e.status = 'active'
        where a.external_id = v.external_id and a.source = v.source and a.kind = v.kind and a.juke_id = v.b_juke_id
          and a.status = 'valid' and a.retracted_at is null
      )`,
  "an active entity without its row, or a row for what is not active": `
    select e.juke_id, e.status, k.kind from catalog.entity e
    full join (${kinds.map((kind) => `select juke_id, '${kind}' as kind from catalog.${kind}`).join(" union all ")}) k
      on k.juke_id = e.juke_id and k.kind = e.kind::text
    where (e.status = 'active') is distinct from (k.juke_id is not null)`,
  "a reference to what is not active": `
    select r.* from (${references.map(([table, column]) => `select '${table}.${column}' as reference, ${column} as juke_id from catalog.${table}`).join(" union all ")}) r
    join catalog.entity e on e.juke_id = r.juke_id
    where e.status <> 'active'`,
  "a verdict on a pair that is merged, to keep it apart": `
    select f.* from identity.link_fact f
    join catalog.entity a on a.juke_id = f.a_juke_id
    join catalog.entity b on b.juke_id = f.b_juke_id
    where f.verdict = 'cannot_link' and coalesce(a.merged_into, a.juke_id) = coalesce(b.merged_into, b.juke_id)`,
  "an entity that is not as its last operation left it": `
    select e.juke_id, e.status, l.to_status from catalog.entity e
    left join (
      select distinct on (c.juke_id) c.* from identity.changed_entity c order by c.juke_id, c.operation_id desc
    ) l on l.juke_id = e.juke_id
    where (e.status, e.merged_into) is distinct from (coalesce(l.to_status, 'active'), l.to_merged_into)`,
  "a record that is not where its last operation left it": `
    select m.record_id from identity.membership m
    join (
      select distinct on (w.record_id) w.* from identity.moved_record w order by w.record_id, w.operation_id desc
    ) l on l.record_id = m.record_id
    where m.juke_id <> l.to_juke_id`,
  "an operation that is undone by what does not undo it": `
    select o.operation_id from (
      select operation_id, undone_by from identity.operation
      union all
      select operation_id, undone_by from identity.changed_entity
    ) o
    join identity.operation u on u.operation_id = o.undone_by
    where u.undoes is distinct from o.operation_id`,
  "an operation that is undone in part and as a whole": `
    select o.operation_id from identity.operation o
    join identity.changed_entity c on c.operation_id = o.operation_id
    where o.op <> 'undo'
    group by o.operation_id
    having bool_and(c.undone_by is not null) <> (o.undone_by is not null)`,
  "an undo that undoes nothing": `
    select u.operation_id from identity.operation u
    where u.op = 'undo'
      and not exists (select from identity.operation o where o.undone_by = u.operation_id)
      and not exists (select from identity.changed_entity c where c.undone_by = u.operation_id)`,
  "an operation undone twice": `
    select c.operation_id, c.juke_id from identity.changed_entity c
    join identity.changed_entity u on u.juke_id = c.juke_id
    join identity.operation o on o.operation_id = u.operation_id and o.undoes = c.operation_id
    group by c.operation_id, c.juke_id
    having count(*) > 1`,
  "a juke_id that was issued and is not known": `
    select i.juke_id from (
      select juke_id from catalog.entity union select juke_id from feed.event union select to_juke_id from identity.moved_record
    ) i
    where not exists (select from identity.resolve(i.juke_id::text))`,
  "an id that is bound and does not resolve to its entity": `
    select x.external_id from identity.external_id x
    join identity.scheme s on s.scheme = x.source and s.exclusivity <> 'shared'
    where not exists (
      select from identity.resolve(concat(x.source, ':', x.external_id)) r where r.juke_id = x.juke_id
    )`,
  "a record without an entity": `
    select r.record_id from ingest.record r
    where not exists (select from identity.membership m where m.record_id = r.record_id)`,
};

/** The names of what must never be and is, each with an example. */
export async function violations(sql: AnySql): Promise<string[]> {
  const found = await Promise.all(
    Object.entries(forbidden).map(async ([name, query]) => {
      const [row] = await sql.unsafe(`select to_jsonb(t) as row from (${query}) t limit 1`);
      return row ? [`${name}: ${JSON.stringify(row.row)}`] : [];
    }),
  );
  return found.flat();
}

/** The entities that a projection would change: what the catalog shows of them is not what their records say. */
export async function misprojected(sql: Sql): Promise<string[]> {
  const found = new Error("found");
  let changed: string[] = [];
  await sql
    .begin(async (tx) => {
      await tx`select catalog.project(array(select juke_id from catalog.entity where status = 'active' order by juke_id))`;
      const rows =
        await tx`select juke_id, changed from feed.event where xid = pg_current_xact_id()`;
      changed = rows.map((row) => JSON.stringify(row));
      throw found;
    })
    .catch((error) => {
      if (error !== found) throw error;
    });
  return changed;
}
