import type { TransactionSql } from "postgres";
import type { Bench } from "./bench.ts";
import { admitCrowd, dismissCrowds, tried, withoutAutovacuum, withoutTriggers } from "./crowd.ts";
import { endless } from "./random.ts";
import type { Arm } from "./rounds.ts";
import { median } from "./statistics.ts";

const artists = 1_000;

/** One id that a person claims for an artist, an id that nobody has yet. */
export const claim: Bench = {
  name: "claim",
  title: "identity.claim of a new id / an insert of the binding it makes, without triggers",
  goal: 20,
  rounds: 20,
  turns: 10,
  unit: "claim",
  prepare: async (sql) => {
    await dismissCrowds(sql);
    const crowd = await admitCrowd(sql, 3, artists);
    const known = await admitCrowd(sql, 4, artists);
    // A person has claimed something for each of these before.
    for (const [n, artist] of known.artists.entries()) {
      await sql`select from identity.claim(${artist}, 'deezer', ${`${900_000_000 + n}`})`;
    }
    const [record] = await sql<{ record_id: string }[]>`
      select m.record_id from identity.membership m where m.juke_id = ${crowd.artists[0] as string}`;
    const tables = await withoutAutovacuum(sql);
    const nextArtist = endless(crowd.artists);
    const nextKnown = endless(known.artists);
    let value = 800_000_000;

    const insert = (before: (tx: TransactionSql) => Promise<unknown>, events: number) => () => {
      const id = `${++value}`;
      const artist = nextArtist();
      return tried(sql, {
        before,
        work: (tx) => tx`
          insert into identity.external_id (external_id, source, kind, juke_id, record_id, method)
          values (${id}, 'deezer', 'artist', ${artist}, ${record?.record_id ?? null}, 'manual')`,
        check: (tx) => isBound(tx, { id, artist, events }),
      });
    };
    const claiming = (of: () => string) => () => {
      const id = `${++value}`;
      const artist = of();
      return tried(sql, {
        work: (tx) => tx`select operation_id from identity.claim(${artist}, 'deezer', ${id})`,
        check: (tx) => isBound(tx, { id, artist, events: 1 }),
      });
    };
    return {
      baseline: averaged(10, insert(withoutTriggers, 0)),
      subject: averaged(10, claiming(nextArtist)),
      others: {
        "insert, with triggers": averaged(
          10,
          insert((tx) => tx`select catalog.writing(true)`, 1),
        ),
        "claim, a later one of the artist": averaged(10, claiming(nextKnown)),
      },
      betweenRounds: tables.vacuum,
      facts: { artists },
      cleanUp: async () => {
        await dismissCrowds(sql);
        await tables.restore();
      },
    };
  },
};

/** An arm that makes an attempt so many times; the middle one counts. */
function averaged(attempts: number, attempt: Arm["run"]): Arm {
  return {
    run: async () => {
      const taken: number[] = [];
      for (let done = 0; done < attempts; done++) taken.push(await attempt());
      return median(taken);
    },
  };
}

/** Raises when the id is not the artist's, or another number of events was raised. */
async function isBound(
  tx: TransactionSql,
  expected: { id: string; artist: string; events: number },
): Promise<void> {
  const [found] = await tx<{ juke_id: string | null; events: number }[]>`
    select
      (select x.juke_id from identity.external_id x
        where x.external_id = ${expected.id} and x.source = 'deezer' and x.kind = 'artist') as juke_id,
      (select count(*)::int from feed.event v where v.xid = pg_current_xact_id()) as events`;
  if (found?.juke_id !== expected.artist) throw new Error(`deezer:${expected.id} is not bound`);
  if (found.events !== expected.events) throw new Error(`${found.events} events`);
}
