import type { Bench } from "./bench.ts";
import { sampleIds } from "./dataset.ts";
import { endless } from "./random.ts";
import { repeated } from "./rounds.ts";

const batch = 1_000;

/** A thousand ids in one call. */
export const resolveBatch: Bench = {
  name: "resolve-batch",
  title:
    "identity.resolve_external_many(source, 1000 ids) / select … where external_id = any (1000 ids)",
  goal: 2,
  rounds: 30,
  turns: 10,
  unit: "key",
  prepare: async (sql) => {
    const ids = await sampleIds(sql, { schemes: ["spotify"], limit: 100_000 });
    const nextId = endless(ids.map(({ value }) => value));
    const take = (make: () => string) => Array.from({ length: batch }, make);
    return {
      baseline: repeated(
        1,
        () =>
          sql`select external_id, juke_id, kind from identity.external_id where source = ${"spotify"} and external_id = any (${take(nextId)})`,
        batch,
      ),
      subject: repeated(
        1,
        () =>
          sql`select ordinal, external_id, juke_id, kind from identity.resolve_external_many(${"spotify"}, ${take(nextId)})`,
        batch,
      ),
      others: {
        "resolve_many: spotify:ID": repeated(
          1,
          () =>
            sql`select ref, status, juke_id, kind from identity.resolve_many(${take(() => `spotify:${nextId()}`)})`,
          batch,
        ),
        "one by one": repeated(
          100,
          () => sql`select juke_id, kind from identity.resolve_external(${"spotify"}, ${nextId()})`,
        ),
      },
    };
  },
};
