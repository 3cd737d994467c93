import { readdirSync, readFileSync } from "node:fs";
import { join, parse, sep } from "node:path";
import { Problem } from "../problem.ts";
import { checksum } from "./checksum.ts";

export type MigrationFile = {
  /** The name without extension, as the ledger keeps it: 0001_foundation. */
  name: string;
  /** The name with extension, as ley knows it. */
  fileName: string;
  path: string;
  checksum: string;
};

export type RepeatableFile = {
  /** The path below sql/ with forward slashes: identity/resolve.sql. */
  name: string;
  text: string;
  checksum: string;
  /** The files that must be applied before it. */
  requires: string[];
};

/**
 * The migrations of a directory in order. Each file there is one; raises JB605 for any that is not named
 * `0001_what_it_does.ts`, and for two with one number.
 */
export function migrationFiles(directory: string): MigrationFile[] {
  const files = readdirSync(directory)
    .sort()
    .map((fileName) => {
      if (!/^\d{4}_[a-z0-9_]+\.[cm]?[jt]s$/.test(fileName)) {
        throw new Problem({
          code: "JB605",
          message: `${join(directory, fileName)} is not named as a migration is`,
          hint: "name it 0001_what_it_does.ts; keep anything else out of this directory",
        });
      }
      const path = join(directory, fileName);
      const text = readFileSync(path, "utf8");
      return { name: parse(fileName).name, fileName, path, checksum: checksum(text) };
    });
  files.forEach((file, index) => {
    const previous = files[index - 1];
    if (previous && numberOf(previous.name) === numberOf(file.name)) {
      throw new Problem({
        code: "JB605",
        message: `the migrations ${previous.fileName} and ${file.fileName} have the same number`,
        hint: "give the later one the next free number",
      });
    }
  });
  return files;
}

/** The number a migration's name starts with. */
export function numberOf(name: string): number {
  return Number.parseInt(name, 10);
}

/**
 * The files of sql/ in the order to apply them: by path, except that a file comes after those its header line
 * `-- requires: identity/canonical.sql …` names, and that grants/ comes last. Raises JB608 for a name
 * that is not there and for a circle.
 */
export function repeatableFiles(directory: string): RepeatableFile[] {
  const names = readdirSync(directory, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".sql"))
    .map((name) => name.split(sep).join("/"));
  const files = names.map((name) => {
    const text = readFileSync(join(directory, name), "utf8");
    return { name, text, checksum: checksum(text), requires: requiredBy(text) };
  });
  return inOrder(files);
}

/** True for a file that grants rights: applied last, and again whenever anything else was. */
export function isGrant(name: string): boolean {
  return name.startsWith("grants/");
}

function requiredBy(text: string): string[] {
  return [...text.matchAll(/^--\s*requires:(.*)$/gm)].flatMap(([, list = ""]) =>
    list.split(/[\s,]+/).filter(Boolean),
  );
}

function inOrder(files: RepeatableFile[]): RepeatableFile[] {
  const byName = new Map(files.map((file) => [file.name, file]));
  const placed = new Set<RepeatableFile>();
  const place = (file: RepeatableFile, path: string[]) => {
    if (placed.has(file)) return;
    if (path.includes(file.name)) throw circle([...path, file.name]);
    for (const name of file.requires) {
      const required = byName.get(name);
      if (!required) throw unknownFile(file.name, name);
      place(required, [...path, file.name]);
    }
    placed.add(file);
  };
  for (const file of files.toSorted(byGrantThenName)) place(file, []);
  return [...placed];
}

function byGrantThenName(a: RepeatableFile, b: RepeatableFile): number {
  const grants = Number(isGrant(a.name)) - Number(isGrant(b.name));
  return grants || (a.name < b.name ? -1 : 1);
}

function unknownFile(file: string, required: string): Problem {
  return new Problem({
    code: "JB608",
    message: `sql/${file} requires ${required}, which is not there`,
    hint: "write the path below sql/, as in `-- requires: identity/canonical.sql`",
  });
}

function circle(names: string[]): Problem {
  return new Problem({
    code: "JB608",
    message: `files of sql/ require each other in a circle: ${names.join(" → ")}`,
  });
}
