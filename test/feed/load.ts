import { setTimeout as pause } from "node:timers/promises";
import { head } from "../catalog-builder.ts";
import { type TestDatabase, testDatabase } from "../database.ts";
import { until } from "../worker/until.ts";
import type { Event } from "./checker.ts";
import { byEndOfSnapshot, byId, byTransaction, byTwoStatements, startOf } from "./flaws.ts";
import {
  eventsOf,
  follow,
  insideConsumer,
  kindsReader,
  outsideConsumer,
  type Reader,
  type Span,
  untilReaders,
  updatesReader,
} from "./readers.ts";
import { type Phase, startWriters, type Writers } from "./writers.ts";

/** How often the feed is neglected at most. */
const NEGLECTED = 4;

/**
 * How long at least, how many events at least, how many times as many batches as else, and how small
 * pages are. */
export type Size = { milliseconds: number; events: number; batches?: number; small?: number };

export type Load = {
  truth: Event[];
  /** Ways of reading that are promised to be right. */
  readers: Reader[];
  /** Ways of reading that are wrong: the checker is to see it. */
  flawed: { [name in "byId" | "byTransaction" | "byTwoStatements" | "byEndOfSnapshot"]: Reader };
  writers: Writers;
  /** What feed.maintain did, how often. */
  maintained: Map<string, number>;
  /** Versions of all entities that are left, by their keys. */
  versions: Map<string, number>;
};

/** Writers and readers of every sort at once, until so long has passed and so many events are there. */
export async function runLoad(size: Size): Promise<Load> {
  const database = await testDatabase({ guarded: false });
  const { sql, connect } = database;
  await sql`update feed.retention set width = '25 hours'`; // so that one is always to be made
  const cursor = await head(sql);
  const start = await startOf(sql);

  const span: Span = { isOver: false };
  const phase: Phase = { writing: true, calm: false };
  const readers = [
    updatesReader(database, span, { name: "large pages", cursor, limit: 2_000 }),
    updatesReader(database, span, { name: "small pages", cursor, limit: size.small ?? 7 }),
    ...untilReaders(database, span, { name: "to a moment", cursor, limits: [15, 100, 5_000] }),
    kindsReader(database, span, { name: "artists", cursor, limit: 20, kinds: ["artist"] }),
    kindsReader(database, span, { name: "albums", cursor, limit: 400, kinds: ["album", "work"] }),
    await insideConsumer(database, span, { cursor, workers: 4 }),
    await outsideConsumer(database, span, { cursor }),
  ];
  const client = connect({ max: 4 });
  const flawed = {
    byId: follow("by id", span, byId(client, start)),
    byTransaction: follow("by transaction", span, byTransaction(client, start)),
    byTwoStatements: follow(
      "by two statements",
      span,
      byTwoStatements(client, start, () => pause(5)),
    ),
    byEndOfSnapshot: follow("by the end of a snapshot", span, byEndOfSnapshot(client, start)),
  };
  const reading = [...readers, ...Object.values(flawed)].map((reader) => reader.ended);
  for (const each of reading) each.catch(() => {}); // it is told below
  const writers = await startWriters(database, phase, size);
  const maintained = new Map<string, number>();
  const writing = Promise.all([writers.ended, maintain(database, phase, maintained)]);
  try {
    // Whatever fails ends the load.
    await Promise.race([Promise.all([writing, ...reading]), written(size, readers, maintained)]);
    phase.writing = false;
    await Promise.race([Promise.all([writing, ...reading]), writing]);
  } finally {
    phase.writing = false;
    span.isOver = true;
    await Promise.allSettled([writing, ...reading]);
  }
  await Promise.all(reading);

  const truth = eventsOf(await sql`select id, kind, juke_id, version from feed.event order by id`);
  const left = await sql`select juke_id, version from catalog.entity`;
  return {
    truth,
    readers,
    flawed,
    writers,
    maintained,
    versions: new Map(left.map(({ juke_id, version }) => [juke_id, version])),
  };
}

async function written(
  { milliseconds, events }: Size,
  [reader]: Reader[],
  maintained: Map<string, number>,
): Promise<void> {
  const end = Date.now() + milliseconds;
  const count = () => reader?.log.reduce((sum, delivery) => sum + delivery.events.length, 0) ?? 0;
  const isMaintained = () => maintained.has("made") && maintained.has("filed");
  while (Date.now() < end || count() < events || !isMaintained()) await pause(50);
}

type Partition = {
  partition: string;
  since: string;
  until: string;
  isCurrent: boolean;
  /** It has not ended. */
  isOpen: boolean;
};

/**
 * Runs feed.maintain again and again while everybody writes. Before each round the feed is put into the state it has when that has
 * not run for long: all that is or comes is in the default partition, but for a second that has one of its own.
 */
async function maintain(
  { connect }: TestDatabase,
  phase: Phase,
  counts: Map<string, number>,
): Promise<void> {
  const sql = connect({ max: 1, connection: { lock_timeout: 200 } });
  const count = (done: string) => counts.set(done, (counts.get(done) ?? 0) + 1);
  let seconds = 0;
  let ahead = 0;
  /**
   * Whether it was done before others were in the way for too long. Tables change places, no row is moved: whoever waits for this with an
   * older snapshot would not see it where it comes to.
   */
  const neglect = () =>
    sql
      .begin(async (tx) => {
        await tx`lock table feed.event in access exclusive mode`;
        const partitions = await tx<Partition[]>`
          select partition::text, since::text, until::text, since <= now() and until > now() as "isCurrent", until > now() as "isOpen"
          from feed.partitions()`;
        const second = partitions.findLast(({ isOpen }) => !isOpen);
        if (second && partitions.some(({ isCurrent }) => isCurrent)) {
          const name = `event_before_second_${seconds}`;
          await tx.unsafe(`
            alter table feed.event detach partition feed.event_default;
            alter table feed.event_default rename to ${name};
            alter table feed.event attach partition feed.${name}
              for values from ('${partitions[partitions.indexOf(second) - 1]?.until ?? "2000-01-01"}') to ('${second.since}')`);
        }
        for (const { partition, isCurrent, isOpen } of partitions) {
          if (isOpen) await tx.unsafe(`alter table feed.event detach partition ${partition}`);
          if (isCurrent) {
            await tx.unsafe(`
              alter table ${partition} rename to event_default;
              alter table feed.event attach partition feed.event_default default`);
          } else if (isOpen) {
            // Not dropped: whoever reads at this moment would be told that events were.
            await tx.unsafe(`alter table ${partition} rename to event_ahead_${++ahead}`);
          }
        }
        const [time] = await tx`select date_trunc('second', clock_timestamp())::text as now`;
        const name = `feed.event_of_second_${++seconds}`;
        await tx.unsafe(`
          create table ${name} (like feed.event including defaults including constraints);
          alter table feed.event attach partition ${name}
            for values from ('${time?.now}'::timestamptz + interval '1 s') to ('${time?.now}'::timestamptz + interval '2 s')`);
        count("neglected");
        return true;
      })
      .catch((error) => {
        if (error.code === "55P03" || error.code === "40P01") return false;
        throw error;
      });
  const run = async () => {
    const found = await sql`select done from feed.maintain()`;
    for (const { done } of found) count(done);
    return found.map(({ done }) => done as string);
  };
  /** Tries it until it is done, with nobody who holds a transaction open from the second time on. */
  const insist = async (attempt: () => Promise<boolean>) => {
    while (!(await attempt()) && phase.writing) {
      phase.calm = true;
      await pause(20);
    }
    phase.calm = false;
  };

  for (let round = 0; phase.writing; round++) {
    // Each time leaves two more partitions, through all of which every reader looks.
    if (round < NEGLECTED) await insist(neglect);
    await pause(2_500); // that second is over
    if (round >= NEGLECTED) {
      await run();
      continue;
    }
    await insist(async () => (await run()).some((done) => done === "filed" || done === "made"));
  }
  await until("all is done", async () => !(await run()).includes("postponed"));
}
