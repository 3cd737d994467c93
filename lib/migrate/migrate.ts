import * as ley from "ley";
import type { Sql } from "postgres";
import { Problem } from "../problem.ts";
import { projectPath } from "../project.ts";
import { ledgerDriver } from "./driver.ts";
import {
  type MigrationFile,
  migrationFiles,
  numberOf,
  type RepeatableFile,
  repeatableFiles,
} from "./files.ts";
import { type AppliedMigration, appliedFiles, appliedMigrations, createLedger } from "./ledger.ts";
import { applyRepeatables, dropRepeatables } from "./repeatable.ts";
import { exclusively, migrationSession } from "./session.ts";

/** What a run tells while it works: a file is done, or another run is waited for. */
export type MigrateEvent =
  | { step: "migrated" | "undone" | "applied"; name: string; tookMs: number }
  | { step: "waiting"; pid: number | undefined };

export type MigrateOptions = {
  /** The directory of the migrations; the project's own without it. */
  migrations?: string;
  /** The directory of the repeatable files; the project's own without it. */
  sql?: string;
  /** How long to wait for another run, in milliseconds. */
  waitMs?: number;
  report?: (event: MigrateEvent) => void;
};

/**
 * Brings a database up to date: the migrations it has not been through, then the changed files of sql/, then
 * the grants. Several runs at once take turns. Returns the names of what was applied. Raises JB601 to JB608
 * and what a failed connection raises.
 */
export async function up(
  url: string,
  options: MigrateOptions = {},
): Promise<{ migrations: string[]; files: string[] }> {
  const { report = () => {} } = options;
  const { migrations, repeatables } = filesOf(options);
  return locked(url, options, async (sql) => {
    await createLedger(sql);
    refuseChanged(await appliedMigrations(sql), migrations);
    const fresh = await runLey(sql, options, migrations, ley.up);
    const files = await applyRepeatables(sql, repeatables, {
      // A migration may have taken away what a file made, by dropping a table with its triggers say.
      all: fresh.length > 0,
      onDone: (name, tookMs) => report({ step: "applied", name, tookMs }),
    });
    return { migrations: fresh, files };
  });
}

/**
 * Undoes migrations, newest first: the last one, those above `to` (a migration's number), or `all`, which leaves
 * an empty database except for extensions. What the files of sql/ made is dropped first; the next `up` makes it
 * again. Returns the names undone. Raises JB602 to JB605.
 */
export async function down(
  url: string,
  options: MigrateOptions & { to?: number; all?: boolean } = {},
): Promise<string[]> {
  const { migrations } = filesOf(options);
  return locked(url, options, async (sql) => {
    await createLedger(sql);
    const applied = await appliedMigrations(sql);
    refuseOtherSequence(applied, migrations);
    const undone = toUndo(applied, options);
    // Functions and views hold on to the tables the migrations are to drop.
    await dropRepeatables(sql);
    for (const _ of undone) await runLey(sql, options, migrations, ley.down);
    if (options.all) await sql`drop schema if exists ops, graphile_worker cascade`;
    return undone;
  });
}

export type FileState = {
  name: string;
  /** changed: differs from what was applied; missing: applied, and no longer on disk. */
  state: "applied" | "pending" | "changed" | "missing";
  appliedAt?: Date;
};

/** How the files on disk and the ledgers of a database stand to each other. Changes nothing. */
export async function status(
  url: string,
  options: MigrateOptions = {},
): Promise<{ migrations: FileState[]; files: FileState[] }> {
  const { migrations, repeatables } = filesOf(options);
  return migrationSession(url, async (sql) => ({
    migrations: compare(migrations, await appliedMigrations(sql)),
    files: compare(repeatables, [...(await appliedFiles(sql)).values()]),
  }));
}

/** Raises JB610 when the database has not been through all the migrations on disk. */
export async function requireMigrated(url: string, options: MigrateOptions = {}): Promise<void> {
  const files = migrationFiles(options.migrations ?? projectPath("migrations"));
  const applied = await migrationSession(url, appliedMigrations);
  const pending = compare(files, applied).filter(({ state }) => state === "pending");
  if (pending.length === 0) return;
  throw new Problem({
    code: "JB610",
    message: "the database is not migrated to this version of jukebase",
    detail: `not applied: ${pending.map(({ name }) => name).join(", ")}`,
    hint: "jukebase migrate up",
  });
}

function filesOf({ migrations, sql }: MigrateOptions): {
  migrations: MigrationFile[];
  repeatables: RepeatableFile[];
} {
  return {
    migrations: migrationFiles(migrations ?? projectPath("migrations")),
    repeatables: repeatableFiles(sql ?? projectPath("sql")),
  };
}

function locked<T>(url: string, options: MigrateOptions, work: (sql: Sql) => Promise<T>) {
  const { report = () => {}, waitMs } = options;
  const lock = {
    onWait: (pid: number | undefined) => report({ step: "waiting", pid }),
    ...(waitMs === undefined ? {} : { waitMs }),
  };
  return migrationSession(url, (sql) => exclusively(sql, () => work(sql), lock));
}

/** Lets ley find out what is to run, and run it through our driver. Returns names without extension. */
async function runLey(
  sql: Sql,
  { migrations = projectPath("migrations"), report = () => {} }: MigrateOptions,
  files: MigrationFile[],
  run: typeof ley.up | typeof ley.down,
): Promise<string[]> {
  const driver = ledgerDriver(sql, files, (direction, name, tookMs) =>
    report({ step: direction === "up" ? "migrated" : "undone", name, tookMs }),
  );
  const names = await run({ cwd: migrations, dir: ".", driver, config: {} });
  return names.map((name) => files.find((file) => file.fileName === name)?.name ?? name);
}

function toUndo(applied: AppliedMigration[], { to, all }: { to?: number; all?: boolean }) {
  const newestFirst = applied.map((each) => each.name).reverse();
  if (all) return newestFirst;
  if (to === undefined) return newestFirst.slice(0, 1);
  return newestFirst.filter((name) => numberOf(name) > to);
}

function refuseChanged(applied: AppliedMigration[], files: MigrationFile[]): void {
  refuseOtherSequence(applied, files);
  applied.forEach(({ name, checksum }, index) => {
    if (files[index]?.checksum === checksum) return;
    throw new Problem({
      code: "JB601",
      message: `migration ${name} was changed after this database went through it`,
      hint: "take the change back and write a new migration; on a database of your own: jukebase migrate down, then up",
    });
  });
}

/** The applied migrations must be the first ones on disk, in order. */
function refuseOtherSequence(applied: AppliedMigration[], files: MigrationFile[]): void {
  applied.forEach(({ name }, index) => {
    const file = files[index];
    if (file?.name === name) return;
    const late = file && files.some((each) => each.name === name);
    throw new Problem({
      code: "JB604",
      message: late
        ? `migration ${file.name} comes before ${name}, which this database already went through`
        : `this database went through migration ${name}, which is not on disk`,
      hint: late
        ? "give it the next free number"
        : "it was migrated by a newer version or another branch: run that one",
    });
  });
}

function compare(
  files: { name: string; checksum: string }[],
  applied: { name: string; checksum: string; appliedAt: Date }[],
): FileState[] {
  const ledger = new Map(applied.map((each) => [each.name, each]));
  const onDisk = new Set(files.map((file) => file.name));
  const known = files.map(({ name, checksum }): FileState => {
    const entry = ledger.get(name);
    if (!entry) return { name, state: "pending" };
    const state = entry.checksum === checksum ? "applied" : "changed";
    return { name, state, appliedAt: entry.appliedAt };
  });
  const missing = applied
    .filter(({ name }) => !onDisk.has(name))
    .map(({ name, appliedAt }): FileState => ({ name, state: "missing", appliedAt }));
  return [...known, ...missing];
}
