import { performance } from "node:perf_hooks";
import { pathToFileURL } from "node:url";
import type { Driver } from "ley";
import type { Sql, TransactionSql } from "postgres";
import { Problem } from "../problem.ts";
import { fileProblem } from "./failure.ts";
import type { MigrationFile } from "./files.ts";
import { appliedMigrations } from "./ledger.ts";
import { patientTransaction } from "./retry.ts";

export type Direction = "up" | "down";

/** What a migration file exports. */
export type Migration = {
  up(sql: Sql | TransactionSql): Promise<void>;
  down(sql: Sql | TransactionSql): Promise<void>;
  /** False for statements that refuse a transaction, such as `create index concurrently`. */
  transaction?: boolean;
};

/**
 * The driver ley runs our migrations through: the ledger is ops.migration and knows names without extension,
 * each file is a transaction of its own (or none), and the connection stays open for what comes after.
 */
export function ledgerDriver(
  sql: Sql,
  files: MigrationFile[],
  onDone: (direction: Direction, name: string, tookMs: number) => void,
): Driver<Sql> {
  const fileNamed = new Map(files.map((file) => [file.fileName, file]));
  const fileNameOf = new Map(files.map((file) => [file.name, file.fileName]));
  const driver = {
    connect: () => sql,
    setup: async () => {
      const applied = await appliedMigrations(sql);
      return applied.map(({ name }) => ({ name: fileNameOf.get(name) ?? name }));
    },
    loop: async (_: Sql, selected: { name: string }[], direction: Direction) => {
      for (const { name } of selected) {
        const file = fileNamed.get(name) as MigrationFile;
        onDone(direction, file.name, await run(sql, file, direction));
      }
    },
    end: () => {},
  };
  // ley declares `connect` generic in a type of the caller's choosing, which no driver can fulfil.
  return driver as unknown as Driver<Sql>;
}

/** Runs one file and writes the ledger; returns the milliseconds it took. Raises JB603. */
async function run(sql: Sql, file: MigrationFile, direction: Direction): Promise<number> {
  try {
    const migration: Migration = await import(pathToFileURL(file.path).href);
    const step = stepOf(migration, file, direction);
    const started = performance.now();
    const elapsed = () => Math.round(performance.now() - started);
    if (migration.transaction === false) {
      await step(sql);
      await record(sql, file, direction, elapsed());
    } else {
      await patientTransaction(sql, async (tx) => {
        await step(tx);
        await record(tx, file, direction, elapsed());
      });
    }
    return elapsed();
  } catch (error) {
    const verb = direction === "up" ? "migration" : "undoing migration";
    throw fileProblem("JB603", `${verb} ${file.fileName}`, error);
  }
}

function stepOf(migration: Migration, file: MigrationFile, direction: Direction) {
  const step = migration[direction];
  if (typeof step === "function") return step;
  throw new Problem({
    code: "JB603",
    message: `migration ${file.fileName} does not export ${direction}`,
    hint: "export async function up(sql) and down(sql)",
  });
}

async function record(
  sql: Sql | TransactionSql,
  { name, checksum }: MigrationFile,
  direction: Direction,
  tookMs: number,
): Promise<void> {
  if (direction === "up") {
    await sql`
      insert into ops.migration (name, checksum, took_ms) values (${name}, ${checksum}, ${tookMs})`;
  } else {
    await sql`delete from ops.migration where name = ${name}`;
  }
}
