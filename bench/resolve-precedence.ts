import type { Bench } from "./bench.ts";
import { sampleIds } from "./dataset.ts";
import { endless, shuffled } from "./random.ts";
import { repeated } from "./rounds.ts";

/** A bare uuid that is no juke_id, no redirect and no mbid, but an id of a scheme of lower rank. */
export const resolvePrecedence: Bench = {
  name: "resolve-precedence",
  title: "identity.resolve_uuid(id) whose last rule hits / a prepared select by one key",
  goal: 1.35,
  rounds: 30,
  turns: 20,
  unit: "call",
  prepare: async (sql) => {
    const guids = await sampleIds(sql, {
      schemes: ["podcast_guid", "episode_guid"],
      limit: 60_000,
    });
    const nextGuid = endless(shuffled(guids, 1));
    const mbids = await sampleIds(sql, { schemes: ["mbid"], limit: 100_000 });
    const nextMbid = endless(shuffled(mbids, 2));
    const entities = await sql<{ juke_id: string }[]>`
      select e.juke_id from catalog.entity e order by md5(e.juke_id::text) limit 100000`;
    const nextEntity = endless(entities.map((entity) => entity.juke_id));
    const [miss, last] = await sql`
      select
        (select count(*)::int from identity.resolve_uuid('ffffffff-ffff-4fff-bfff-ffffffffffff')) as rows,
        (select r.rule from identity.resolve_uuid(${nextGuid()}) r) as rule`;
    return {
      baseline: repeated(
        100,
        () =>
          sql`select juke_id, kind from identity.external_id where external_id = ${nextGuid()} and source = ${"podcast_guid"}`,
      ),
      subject: repeated(
        100,
        () => sql`select juke_id, kind, rule, status from identity.resolve_uuid(${nextGuid()})`,
      ),
      others: {
        "juke_id and kind alone": repeated(
          100,
          () => sql`select juke_id, kind from identity.resolve_uuid(${nextGuid()})`,
        ),
        "an mbid": repeated(
          100,
          () => sql`select juke_id, kind, rule, status from identity.resolve_uuid(${nextMbid()})`,
        ),
        "a juke_id": repeated(
          100,
          () => sql`select juke_id, kind, rule, status from identity.resolve_uuid(${nextEntity()})`,
        ),
      },
      facts: { miss, last },
    };
  },
};
