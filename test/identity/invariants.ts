import type { AnySql } from "../catalog-builder.ts";

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
      from (
        select distinct row (a.external_id, a.source, a.kind)::identity.id_key as key from identity.assertion a
        where a.status = 'valid' and a.retracted_at is null
      ) k
      cross join lateral identity.standing_claims(array[k.key]) c
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
  "a contested id without a review, and without a verdict": `
    select x.external_id from identity.external_id x
    where x.is_contested
      and not exists (
        select from identity.review v
        where v.external_id = x.external_id and v.source = x.source and v.kind = x.kind and v.status in ('open', 'skipped')
      )
      and not exists (
        select from identity.link_fact f where x.juke_id in (f.a_juke_id, f.b_juke_id)
      )`,
  "an open review of an id that is not contested": `
    select v.review_id from identity.review v
    where v.status = 'open' and v.topic = 'contested'
      and not exists (
        select from identity.external_id x
        where x.external_id = v.external_id and x.source = v.source and x.kind = v.kind and x.is_contested
          and x.juke_id = v.a_juke_id
      )`,
  "a row of a kind for what is not active": `
    select t.juke_id from catalog.track t join catalog.entity e on e.juke_id = t.juke_id
    where e.status <> 'active'
    union all
    select t.juke_id from catalog.artist t join catalog.entity e on e.juke_id = t.juke_id
    where e.status <> 'active'`,
  "an active entity without its row": `
    select e.juke_id from catalog.entity e
    where e.status = 'active' and e.kind in ('track', 'artist')
      and not exists (select from catalog.track t where t.juke_id = e.juke_id)
      and not exists (select from catalog.artist t where t.juke_id = e.juke_id)`,
  "a credit of what is not active": `
    select c.juke_id from catalog.credit c join catalog.entity e on e.juke_id in (c.juke_id, c.contributor_id)
    where e.status <> 'active'`,
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
