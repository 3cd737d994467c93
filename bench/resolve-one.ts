import type { Bench } from "./bench.ts";
import { sampleIds } from "./dataset.ts";
import { endless } from "./random.ts";
import { repeated } from "./rounds.ts";

/** One typed lookup: an id of a known scheme. */
export const resolveOne: Bench = {
  name: "resolve-one",
  title: "identity.resolve_external(source, id) / a prepared select on identity.external_id by key",
  goal: 1.05,
  rounds: 30,
  turns: 20,
  unit: "call",
  prepare: async (sql) => {
    const ids = await sampleIds(sql, { schemes: ["spotify"], kind: "track", limit: 100_000 });
    const mbids = await sampleIds(sql, { schemes: ["mbid"], kind: "artist", limit: 50_000 });
    const nextId = endless(ids.map(({ value }) => value));
    const nextMbid = endless(mbids.map(({ value }) => value));
    const resolve = (reference: () => string) =>
      repeated(20, () => sql`select juke_id, kind from identity.resolve(${reference()})`);
    return {
      baseline: repeated(
        100,
        () =>
          sql`select juke_id, kind from identity.external_id where external_id = ${nextId()} and source = ${"spotify"}`,
      ),
      subject: repeated(
        100,
        () => sql`select juke_id, kind from identity.resolve_external(${"spotify"}, ${nextId()})`,
      ),
      others: {
        "resolve: spotify:track:ID": resolve(() => `spotify:track:${nextId()}`),
        "resolve: spotify:ID": resolve(() => `spotify:${nextId()}`),
        "resolve: URL": resolve(() => `https://open.spotify.com/track/${nextId()}?si=1f3a`),
        "resolve: mbid:UUID": resolve(() => `mbid:${nextMbid()}`),
        "resolve: UUID": resolve(nextMbid),
      },
    };
  },
};
