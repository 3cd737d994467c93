import type { Bench } from "./bench.ts";
import { sampleIds } from "./dataset.ts";
import { endless } from "./random.ts";
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
    const mbids = await sampleIds(sql, { schemes: ["mbid"], limit: 100_000 });
    const entities = await sql<{ juke_id: string }[]>`
      select e.juke_id from catalog.entity e order by md5(e.juke_id::text) limit 100000`;
    const nextGuid = endless(guids);
    const nextMbid = endless(mbids);
    const nextEntity = endless(entities);
    const resolve = (uuid: () => string) =>
      repeated(
        100,
        () => sql`select juke_id, kind, rule, status from identity.resolve_uuid(${uuid()})`,
      );
    return {
      baseline: repeated(100, () => {
        const { source, value } = nextGuid();
        return sql`select juke_id, kind from identity.external_id where external_id = ${value} and source = ${source}`;
      }),
      subject: resolve(() => nextGuid().value),
      others: {
        "juke_id and kind alone": repeated(
          100,
          () => sql`select juke_id, kind from identity.resolve_uuid(${nextGuid().value})`,
        ),
        "an mbid": resolve(() => nextMbid().value),
        "a juke_id": resolve(() => nextEntity().juke_id),
      },
    };
  },
};
