import { SingleBar } from "cli-progress";
import { Command, InvalidArgumentError } from "commander";
import type { Sql } from "postgres";
import postgres from "postgres";
import { FormatError } from "../formats/index.ts";
import { type DeliveryResult, deliver } from "../lib/ingest/delivery.ts";
import { coded } from "../lib/problem.ts";
import { withDatabase } from "./database.ts";

/** The exit code when a file was refused; the others are in. */
const SOME_REFUSED = 2;

type Refusal = {
  file: string;
  code: string | undefined;
  reason: string;
  detail?: string;
  hint?: string;
};
type Options = { source?: string; format?: string; batch: number; json?: boolean };

export const ingestCommand = new Command("ingest")
  .description("take files into the catalog: MusicBrainz JSON, or NDJSON records")
  .argument("<files...>", "what to take in; the format is seen from the content")
  .option("--source <name>", "who delivers: musicbrainz for its JSON, local otherwise")
  .option("--format <name>", "refuse files that are not of this format")
  .option("--batch <records>", "records a transaction", positiveInteger, 1000)
  .option("--json", "print the outcome as JSON, and nothing else")
  .action((files: string[], options: Options) =>
    withDatabase(async ({ url }) => {
      const sql = postgres(url, {
        max: 2,
        onnotice: () => {},
        connection: { application_name: "jukebase ingest" },
      });
      try {
        await ingest(sql, files, options);
      } finally {
        await sql.end();
      }
    }),
  );

async function ingest(
  sql: Sql,
  files: string[],
  { json, batch, ...options }: Options,
): Promise<void> {
  const applied: DeliveryResult[] = [];
  const refused: Refusal[] = [];
  const bar = progressBar(!json && process.stderr.isTTY);
  for (const [index, file] of files.entries()) {
    try {
      applied.push(
        await deliver(sql, file, {
          ...options,
          batchSize: batch,
          onProgress: (progress) =>
            bar.update(progress.total, progress.applied, `${index + 1}/${files.length} ${file}`),
        }),
      );
    } catch (error) {
      const refusal = refusalOf(file, error);
      if (refusal === undefined) throw error;
      refused.push(refusal);
    } finally {
      bar.stop();
    }
  }
  if (json) {
    console.log(JSON.stringify({ applied, refused, total: sum(applied) }, null, 2));
  } else {
    printRefusals(refused);
    printSummary(applied, files.length);
  }
  if (refused.length > 0) process.exitCode = SOME_REFUSED;
}

/**
 * What the file itself is to blame for; undefined for everything else. Of SQLSTATE classes: JB our own, 22 data
 * exception, 23 constraint violation, 54 a limit of the server.
 */
function refusalOf(file: string, error: unknown): Refusal | undefined {
  if (error instanceof FormatError) {
    return { file, code: error.code, reason: error.message, hint: error.hint };
  }
  const { code, message } = coded(error);
  if (!/^(JB|22|23|54)/.test(code ?? "")) return undefined;
  const { detail, hint } = error as { detail?: string; hint?: string };
  return {
    file,
    code,
    reason: `${file}: ${message}`,
    ...(detail ? { detail } : {}),
    ...(hint ? { hint } : {}),
  };
}

function printRefusals(refused: Refusal[]): void {
  for (const { reason, code, detail, hint } of refused) {
    console.error(`refused ${reason}${code ? ` (${code})` : ""}`);
    if (detail) console.error(`  detail: ${detail}`);
    if (hint) console.error(`  hint: ${hint}`);
  }
}

const COLUMNS = [
  "records",
  "new",
  "changed",
  "unchanged",
  "entitiesMinted",
  "entitiesChanged",
  "placeholders",
] as const;
const HEADINGS = ["records", "new", "changed", "unchanged", "minted", "updated", "placeholders"];

function printSummary(applied: DeliveryResult[], files: number): void {
  if (applied.length > 0) {
    const row = (name: string, cells: (string | number)[]) =>
      [
        shortened(name).padEnd(40),
        ...cells.map((cell, i) => String(cell).padStart((HEADINGS[i]?.length ?? 0) + 2)),
      ].join("");
    console.log(row("file", HEADINGS));
    for (const result of applied)
      console.log(
        row(
          result.file,
          COLUMNS.map((column) => result[column]),
        ),
      );
    if (applied.length > 1) {
      const total = sum(applied);
      console.log(
        row(
          "total",
          COLUMNS.map((column) => total[column]),
        ),
      );
    }
  }
  console.log(`${applied.length} of ${files} files taken in`);
}

/** A path that fits its column: its end tells more than its beginning. */
function shortened(path: string): string {
  return path.length > 40 ? `…${path.slice(-39)}` : path;
}

function sum(applied: DeliveryResult[]): Record<(typeof COLUMNS)[number], number> {
  return Object.fromEntries(
    COLUMNS.map((column) => [column, applied.reduce((total, result) => total + result[column], 0)]),
  ) as Record<(typeof COLUMNS)[number], number>;
}

function progressBar(shown: boolean) {
  let bar: SingleBar | undefined;
  return {
    update(total: number, value: number, label: string): void {
      if (!shown) return;
      if (bar === undefined) {
        bar = new SingleBar({
          format: "{bar} {value}/{total} records, {eta_formatted} left  {label}",
          clearOnComplete: true,
          hideCursor: true,
        });
        bar.start(total, value, { label });
      } else {
        bar.update(value, { label });
      }
    },
    stop(): void {
      bar?.stop();
      bar = undefined;
    },
  };
}

function positiveInteger(value: string): number {
  const number = Number(value);
  if (Number.isInteger(number) && number > 0) return number;
  throw new InvalidArgumentError("It is a whole number from 1 on.");
}
