import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

export type ProjectFiles = {
  /** The two directories, as the options of `up` and its kin take them. */
  migrations: string;
  sql: string;
  write(files: Record<string, string>): void;
  remove(path: string): void;
};

/** A project of a few files (`migrations/0001_a.ts`, `sql/x/y.sql`) in a directory that goes with the test. */
export function projectFiles(files: Record<string, string> = {}): ProjectFiles {
  const directory = mkdtempSync(join(tmpdir(), "jukebase-files-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  for (const each of ["migrations", "sql"]) mkdirSync(join(directory, each));
  const write = (more: Record<string, string>) => {
    for (const [path, text] of Object.entries(more)) {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      writeFileSync(join(directory, path), text);
    }
  };
  write(files);
  return {
    migrations: join(directory, "migrations"),
    sql: join(directory, "sql"),
    write,
    remove: (path) => rmSync(join(directory, path)),
  };
}

/** The text of a migration that runs one statement up and one down. */
export function migration(up: string, down: string, { transaction = true } = {}): string {
  return [
    ...(transaction ? [] : ["export const transaction = false;"]),
    `export const up = (sql) => sql.unsafe(${JSON.stringify(up)});`,
    `export const down = (sql) => sql.unsafe(${JSON.stringify(down)});`,
    "",
  ].join("\n");
}
