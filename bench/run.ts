/** `npm run bench -- <name>… [--json] [--rounds N] [--rows N] [--keep] [--list]`; see docs/reference/bench.md. */
import { parseArgs } from "node:util";
import postgres, { type Sql } from "postgres";
import { untilStopped } from "../lib/lifetime.ts";
import { up } from "../lib/migrate/migrate.ts";
import { Problem, reportError } from "../lib/problem.ts";
import { type Bench, type Result, runBench } from "./bench.ts";
import { capture } from "./capture.ts";
import { claim } from "./claim.ts";
import { buildDataSet, type DataSet, existingDataSet } from "./dataset.ts";
import { feedLatency } from "./feed-latency.ts";
import { feedLongTx } from "./feed-long-tx.ts";
import { feedWrite } from "./feed-write.ts";
import { ingestGrowth } from "./ingest-growth.ts";
import { ingestNew } from "./ingest-new.ts";
import { ingestReplay } from "./ingest-replay.ts";
import { surroundings } from "./machine.ts";
import { merge } from "./merge.ts";
import { jsonLine, table } from "./report.ts";
import { resolveBatch } from "./resolve-batch.ts";
import { resolveOne } from "./resolve-one.ts";
import { resolvePrecedence } from "./resolve-precedence.ts";
import { type BenchServer, benchServer } from "./server.ts";

const benches: Bench[] = [
  resolveOne,
  resolvePrecedence,
  resolveBatch,
  capture,
  claim,
  merge,
  feedLatency,
  feedLongTx,
  feedWrite,
  ingestNew,
  ingestReplay,
  ingestGrowth,
];

/** The exit code of a run whose control says that it measured noise. */
const voidRun = 3;
/** The exit code of a run that a signal ended. */
const interrupted = 130;
/** The exit code of a wrong command line. */
const wrongUsage = 2;

const usage = `usage: npm run bench -- [name…] [--json] [--rounds N] [--rows N] [--keep] [--list]

  name      ${benches.map((bench) => bench.name).join(", ")}; all of them without a name
  --json    one line of JSON per bench on stdout instead of a table
  --rounds  measured rounds of each bench (at least 5)
  --rows    external ids in the data set (1000000)
  --keep    leave the data set for the next run
  --list    say what each bench measures, and its goal

  BENCH_DATABASE_URL  a superuser's URL of the server to use; a database jukebase_bench is made on it

A missed goal is reported and ends with 0; a run that is void ends with ${voidRun}.`;

type Options = { chosen: Bench[]; json: boolean; rounds?: number; rows: number; keep: boolean };

async function main(options: Options): Promise<void> {
  let isDone = false;
  await untilStopped(async (lifetime) => {
    const server = await benchServer(options);
    lifetime.defer(server.close);
    const sql = await prepared(server, options.rows);
    lifetime.defer(() => sql.end({ timeout: 5 }));
    const data = (await existingDataSet(sql)) as DataSet;

    const results: Result[] = [];
    for (const bench of options.chosen) {
      progress(`${bench.name}: ${options.rounds ?? bench.rounds} rounds`);
      const result = await runBench(bench, { sql, url: server.url }, options.rounds);
      results.push(result);
      if (options.json) console.log(jsonLine(result, data, await surroundings(sql)));
      if (result.isVoid) {
        progress(`${bench.name}: void, the control leaves [0.95, 1.05]: run again`);
        process.exitCode = voidRun;
      }
    }
    if (!options.json) {
      console.log(table(results));
      console.log(`${data.externalIds} external ids of ${data.entities} entities`);
      console.log(JSON.stringify(await surroundings(sql)));
    }
    isDone = true;
  });
  if (!isDone) process.exitCode = interrupted;
}

/** A connection to the bench's database, migrated and filled. What is there and fits is used again. */
async function prepared(server: BenchServer, rows: number): Promise<Sql> {
  const connect = () => postgres(server.url, { max: 1, max_lifetime: null, onnotice: () => {} });
  const kept = connect();
  const data = await existingDataSet(kept);
  if (data?.rows === rows && (await isMigrated(server.url))) return kept;
  await kept.end({ timeout: 5 });

  await server.recreate();
  await up(server.url);
  const sql = connect();
  progress(`building a data set of ${rows} external ids`);
  const started = performance.now();
  await buildDataSet(sql, rows);
  progress(`built in ${((performance.now() - started) / 1_000).toFixed(0)} s`);
  return sql;
}

/** Brings a kept database up to date; false when that would need a new one. */
async function isMigrated(url: string): Promise<boolean> {
  try {
    await up(url);
    return true;
  } catch (error) {
    if (error instanceof Problem && error.code.startsWith("JB6")) return false;
    throw error;
  }
}

function readOptions(): Options | undefined {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: "boolean", default: false },
      keep: { type: "boolean", default: false },
      list: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
      rounds: { type: "string" },
      rows: { type: "string", default: "1000000" },
    },
  });
  if (values.help) {
    console.log(usage);
    return undefined;
  }
  if (values.list) {
    for (const { name, title, goal } of benches) console.log(`${name}: ${title}; goal ≤ ${goal}`);
    return undefined;
  }
  const chosen = positionals.map((name) => {
    const bench = benches.find((each) => each.name === name);
    if (!bench) throw new TypeError(`there is no bench "${name}"`);
    return bench;
  });
  return {
    chosen: chosen.length > 0 ? chosen : benches,
    json: values.json,
    keep: values.keep,
    rows: atLeast(1_000, "--rows", values.rows),
    ...(values.rounds === undefined ? {} : { rounds: atLeast(5, "--rounds", values.rounds) }),
  };
}

function atLeast(least: number, option: string, value: string): number {
  const number = Number(value.replaceAll("_", ""));
  if (Number.isSafeInteger(number) && number >= least) return number;
  throw new TypeError(`${option} takes a whole number of at least ${least}, not "${value}"`);
}

function progress(message: string): void {
  process.stderr.write(`${message}\n`);
}

try {
  const options = readOptions();
  if (options) await main(options);
} catch (error) {
  if (error instanceof TypeError) {
    process.stderr.write(`bench: ${error.message}\n\n${usage}\n`);
    process.exitCode = wrongUsage;
  } else {
    process.exitCode = reportError(error);
  }
}
