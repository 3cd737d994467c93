import { Command, InvalidArgumentError } from "commander";
import type { Database } from "../lib/database/provider.ts";
import { checkRequirements } from "../lib/database/requirements.ts";
import { down, type FileState, type MigrateEvent, status, up } from "../lib/migrate/migrate.ts";
import { Problem } from "../lib/problem.ts";
import { withDatabase } from "./database.ts";

export const migrateCommand = new Command("migrate").description(
  "bring the schema up to date, take it back, or compare it with the files",
);

migrateCommand
  .command("up")
  .description("apply what is new: migrations, then the changed files of sql/")
  .action(() =>
    onDatabase(async ({ url }) => {
      await checkRequirements(url);
      const { migrations, files } = await up(url, { report });
      if (migrations.length + files.length === 0) console.log("up to date");
    }),
  );

migrateCommand
  .command("down")
  .description("undo the last migration")
  .option("--to <number>", "undo all migrations after this one", migrationNumber)
  .option("--all", "undo everything: the database is empty afterwards")
  .action((options: { to?: number; all?: boolean }) =>
    onDatabase(async ({ url }) => {
      const undone = await down(url, { ...options, report });
      if (undone.length === 0) console.log("nothing to undo");
    }),
  );

migrateCommand
  .command("status")
  .description("list the migrations and the files that are not applied as they are")
  .action(() =>
    onDatabase(async ({ url }) => {
      const { migrations, files } = await status(url);
      for (const file of migrations) console.log(statusLine(file.name, file));
      const differing = files.filter((file) => file.state !== "applied");
      for (const file of differing) console.log(statusLine(`sql/${file.name}`, file));
      console.log(`${files.length - differing.length} of ${files.length} files of sql/ applied`);
    }),
  );

migrateCommand
  .command("validate")
  .description("fail when the database is not what the files say")
  .action(() =>
    onDatabase(async ({ url }) => {
      const { migrations, files } = await status(url);
      const differing = [
        ...migrations,
        ...files.map((file) => ({ ...file, name: `sql/${file.name}` })),
      ].filter((file) => file.state !== "applied");
      if (differing.length > 0) throw differs(differing);
      console.log("the database is what the files say");
    }),
  );

/** The database in whatever state it is. */
function onDatabase(work: (database: Database) => Promise<void>): Promise<void> {
  return withDatabase(work, { migrated: false });
}

function report(event: MigrateEvent): void {
  if (event.step === "waiting") {
    console.log(`waiting for another migration run (server process ${event.pid ?? "unknown"})`);
  } else {
    console.log(`${event.step} ${event.name} (${event.tookMs} ms)`);
  }
}

function statusLine(name: string, { state, appliedAt }: FileState): string {
  return `${state.padEnd(8)} ${name}${appliedAt ? `  ${appliedAt.toISOString()}` : ""}`;
}

function differs(files: FileState[]): Problem {
  const explained = { pending: "not applied", changed: "changed since it was applied" };
  return new Problem({
    code: "JB610",
    message: "the database is not what the files say",
    detail: files
      .map(({ name, state }) =>
        state === "missing"
          ? `${name}: applied, and no longer on disk`
          : `${name}: ${explained[state as keyof typeof explained]}`,
      )
      .join("\n"),
    hint: "jukebase migrate up applies what is pending; a removed file of sql/ is dropped by a migration",
  });
}

function migrationNumber(value: string): number {
  if (/^\d+$/.test(value)) return Number(value);
  throw new InvalidArgumentError("It is the number a migration's name starts with.");
}
