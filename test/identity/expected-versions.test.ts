import type { TransactionSql } from "postgres";
import { beforeEach, describe, expect, test } from "vitest";
import { type AnySql, deliver, entityOf } from "../catalog-builder.ts";
import { undone } from "../catalog-state.ts";
import { testDatabase } from "../database.ts";
import { type Refusal, refused } from "./refusals.ts";

const { sql, connect } = await testDatabase();
const [one, two] = [connect({ max: 1 }), connect({ max: 1 })];

type Seen = { jukeId: string; version: number };

let round = 0;
/** Four artists that nobody has touched; the first two have two records each. */
let artists: [Seen, Seen, Seen, Seen];

beforeEach(async () => {
  round += 1;
  const said = [1, 2, 3, 4].map((n) => ({
    kind: "artist" as const,
    id: `${round}-${n}`,
    name: `Artist ${n}`,
    ids: { discogs: String(round * 10 + n) },
  }));
  await deliver(sql, "first", said);
  await deliver(sql, "second", said.slice(0, 2));
  artists = (await Promise.all(said.map(({ id }) => look(id)))) as typeof artists;
});

async function look(id: string): Promise<Seen> {
  const jukeId = (await entityOf(sql, "first", "artist", id)) as string;
  const [row] = await sql`select version from catalog.entity where juke_id = ${jukeId}`;
  return { jukeId, version: row?.version };
}

/** The versions of a list as SQL. */
const list = (seen: Seen[]) =>
  `array[${seen.map(({ jukeId, version }) => `('${jukeId}', ${version})`)}]::catalog.entity_version[]`;

/** Mutations of one entity that name the version of it that was seen. */
const ofOne: Record<string, (entity: Seen, db?: AnySql) => Promise<string>> = {
  edit: async ({ jukeId, version }) =>
    `select catalog.edit('${jukeId}', '{"country": "GB"}', ${version})`,
  split: async ({ jukeId, version }, db = sql) => {
    const [row] = await db`
      select m.record_id from identity.membership m join ingest.record r using (record_id)
      where m.juke_id = ${jukeId} and r.source = 'second'`;
    return `select identity.split('${jukeId}', array[${row?.record_id}]::bigint[], null, ${version})`;
  },
  delete: async ({ jukeId, version }) => `select identity.delete('${jukeId}', null, ${version})`,
  claim: async ({ jukeId, version }) =>
    `select identity.claim('${jukeId}', 'discogs', '${round}000', expected_version => ${version})`,
  retract: async ({ jukeId, version }, db = sql) => {
    const [row] = await db`
      select external_id from identity.external_id where juke_id = ${jukeId} and source = 'discogs'`;
    return `select identity.retract('${jukeId}', 'discogs', '${row?.external_id}', null, ${version})`;
  },
};

/** Mutations of the first two artists that take a list of versions; each prepares what it needs. */
const ofSeveral: Record<string, (db: AnySql) => Promise<(seen: Seen[]) => string>> = {
  merge: async () => (seen) =>
    `select identity.merge('${artists[0].jukeId}', array['${artists[1].jukeId}']::uuid[], null, ${list(seen)})`,
  rule: async () => (seen) =>
    `select identity.rule('${artists[0].jukeId}', '${artists[1].jukeId}', 'cannot_link', null, ${list(seen)})`,
  undo: async (db) => {
    const operation = await merged(db, artists[0], artists[1]);
    return (seen) => `select identity.undo(${operation}, null, null, ${list(seen)})`;
  },
  decide: async (db) => {
    const [row] = await db`
      insert into identity.review (topic, kind, a_juke_id, b_juke_id)
      values ('near_match', 'artist', ${artists[0].jukeId}, ${artists[1].jukeId})
      returning review_id`;
    return (seen) => `select identity.decide(${row?.review_id}, 'merge', null, ${list(seen)})`;
  },
  review_undo: async (db) => {
    const operation = await merged(db, artists[0], artists[1]);
    await merged(db, artists[2], artists[0]);
    return (seen) => `select * from identity.review_undo(${operation}, null, null, ${list(seen)})`;
  },
};

async function merged(db: AnySql, winner: Seen, loser: Seen): Promise<string> {
  const [row] = await db`
    select operation_id from identity.merge(${winner.jukeId}, array[${loser.jukeId}]::uuid[])`;
  return row?.operation_id;
}

const earlier = (seen: Seen): Seen => ({ ...seen, version: seen.version - 1 });

/** What the statement is refused with; what was done before stands. */
const refusedIn = (tx: TransactionSql, statement: string, code: string) =>
  refused(
    tx.savepoint((sp) => sp.unsafe(statement)),
    code,
  );

describe("a stale version is refused, and the current one accepted, by", () => {
  for (const [name, statementOf] of Object.entries(ofOne)) {
    test(name, async () => {
      const [entity] = artists;
      await undone(sql, async (db) => {
        const tx = db as TransactionSql;
        const { message, detail } = await refusedIn(
          tx,
          await statementOf(earlier(entity)),
          "JB162",
        );
        expect(message).toBe(`version ${entity.version - 1} is stale`);
        expect(detail).toMatch(
          new RegExp(`^The current version is ${entity.version}\\. Changed since: .*records`),
        );
        const future = { ...entity, version: 9 };
        expect((await refusedIn(tx, await statementOf(future), "JB162")).detail).toBe(
          `The current version is ${entity.version}. Version 9 has never been.`,
        );
        await tx.unsafe(await statementOf(entity));
      });
    });
  }

  for (const [name, prepare] of Object.entries(ofSeveral)) {
    test(`${name}, of each that is listed, concerned or not`, async () => {
      await undone(sql, async (db) => {
        const tx = db as TransactionSql;
        const statementOf = await prepare(tx);
        const keys = artists.map(({ jukeId }) => jukeId);
        const seen = [
          ...(await tx<Seen[]>`
            select juke_id as "jukeId", version from catalog.entity where juke_id = any (${keys}) order by juke_id`),
        ] as typeof artists;
        const stale = seen.map((each, n) => (n === 0 || n === 3 ? { ...each, version: 9 } : each));
        const { message, detail } = await refusedIn(tx, statementOf(stale), "JB162");
        expect(message).toBe("2 of 4 versions are stale");
        expect(detail.split("\n")).toEqual(
          [seen[0], seen[3]].map(
            ({ jukeId, version }) =>
              `The current version of ${jukeId} is ${version}. Version 9 has never been.`,
          ),
        );
        const nobody = { jukeId: "01900000-0000-7000-8000-000000000000", version: 1 };
        await refusedIn(tx, statementOf([...seen, nobody]), "JB151");
        await refusedIn(tx, statementOf([{ ...seen[3], version: null as never }]), "JB162");
        await tx.unsafe(statementOf([...seen].reverse()));
      });
    });
  }
});

test("without a version everything is done whatever is there", async () => {
  const [a, b] = artists;
  await undone(sql, async (tx) => {
    await tx`select catalog.edit(${a.jukeId}, '{"country": "GB"}', null)`;
    await tx`select identity.rule(${a.jukeId}, ${b.jukeId}, 'must_link', null, '{}')`;
    await tx`select identity.merge(${a.jukeId}, array[${b.jukeId}]::uuid[], null, null)`;
  });
});

/** Resolves when a session waits for another one's lock. */
async function someoneWaits(): Promise<void> {
  await expect
    .poll(async () => {
      const [row] = await sql`
        select count(*)::int as n from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`;
      return row?.n;
    })
    .toBeGreaterThan(0);
}

/** Runs `first` in a transaction that is committed when `second`, in another session, waits for it; how the second is refused then. */
async function meeting(first: string, second: string): Promise<Refusal> {
  let outcome: Promise<Refusal> | undefined;
  await one.begin(async (tx) => {
    await tx.unsafe(first);
    outcome = refused(two.unsafe(second), "JB162");
    outcome.catch(() => {});
    await someoneWaits();
  });
  return outcome ?? expect.fail();
}

describe("of two at the same moment that expect the same version exactly one is done:", () => {
  for (const first of ["edit", "split", "claim", "retract"]) {
    for (const second of ["edit", "split", "delete", "claim", "retract"]) {
      test(`${first} and ${second}`, async () => {
        const [entity] = artists;
        const of = async (name: string) => (await ofOne[name]?.(entity)) ?? "";
        await meeting(await of(first), await of(second));
      });
    }
  }

  test("merges into one winner", async () => {
    const [winner, a, b] = artists;
    const merge = (loser: Seen) =>
      `select identity.merge('${winner.jukeId}', array['${loser.jukeId}']::uuid[], null, ${list([loser, winner])})`;
    const { detail } = await meeting(merge(a), merge(b));
    expect(detail).toMatch(`The current version of ${winner.jukeId} is ${winner.version + 1}. `);
  });

  test("an edit of what a merge concerns, and the merge", async () => {
    const [winner, loser] = artists;
    const merge = (await ofSeveral.merge?.(sql))?.([winner, loser]) ?? "";
    const { detail } = await meeting((await ofOne.edit?.(loser)) ?? "", merge);
    expect(detail).toMatch(/Changed since: .*country is now "GB"/);
  });

  for (const [name, prepare] of Object.entries(ofSeveral)) {
    test(`an edit of what is only listed, and ${name}`, async () => {
      const statementOf = await prepare(sql);
      const listed = artists[3];
      const edit = (await ofOne.edit?.(listed)) ?? "";
      await meeting(edit, statementOf([listed]));
    });
  }

  test("many, none of which ends in a deadlock, whatever the order of the list", async () => {
    const [a, b, c, d] = artists;
    const sessions = Array.from({ length: 6 }, () => connect({ max: 1 }));
    await Promise.all(sessions.map((session) => session`select`));
    const outcomes = await Promise.all(
      sessions.map((session, n) => {
        const [winner, loser] = n % 2 ? [a, b] : [d, c];
        const seen = n % 2 ? [d, c, b, a] : [a, b, c, d];
        return session
          .unsafe(
            `select identity.merge('${winner.jukeId}', array['${loser.jukeId}']::uuid[], null, ${list(seen)})`,
          )
          .then(
            () => "done",
            ({ code }) => code,
          );
      }),
    );
    expect(outcomes.filter((each) => each === "done")).toHaveLength(1);
    // Of those that lose, some find that what they name was merged.
    expect(outcomes.every((each) => ["done", "JB162", "JB152"].includes(each))).toBe(true);
  });
});
