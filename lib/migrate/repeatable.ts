import { performance } from "node:perf_hooks";
import type { Sql, TransactionSql } from "postgres";
import { coded, Problem } from "../problem.ts";
import { fileProblem } from "./failure.ts";
import { isGrant, type RepeatableFile } from "./files.ts";
import { type AppliedFile, appliedFiles } from "./ledger.ts";
import { type DatabaseObject, databaseObjects, dropObjects } from "./objects.ts";
import { patientTransaction } from "./retry.ts";

/**
 * Applies the files that are new or changed, those that require one of them, and the grants when there was
 * any, in one transaction: all or none. `all` applies every file. Returns the names applied.
 * Raises JB606 when a file fails, JB607 when a function changed its signature.
 */
export async function applyRepeatables(
  sql: Sql,
  files: RepeatableFile[],
  { all, onDone }: { all: boolean; onDone: (name: string, tookMs: number) => void },
): Promise<string[]> {
  const applied = await appliedFiles(sql);
  const due = all ? files : filesDue(files, applied);
  if (due.length === 0) return [];
  return patientTransaction(sql, async (tx) => {
    // A function may call one that a later file makes.
    await tx`set local check_function_bodies = off`;
    let objects = await databaseObjects(tx);
    for (const file of due) {
      const started = performance.now();
      objects = await apply(tx, file, applied.get(file.name), objects);
      onDone(file.name, Math.round(performance.now() - started));
    }
    return due.map((file) => file.name);
  });
}

/** The files to apply, in order. */
function filesDue(files: RepeatableFile[], applied: Map<string, AppliedFile>): RepeatableFile[] {
  const due = new Set<string>();
  // Files come in the order of their requirements: one pass carries a change to all that depend on it.
  for (const { name, checksum, requires } of files) {
    const changed = applied.get(name)?.checksum !== checksum;
    const grantsAnew = isGrant(name) && due.size > 0;
    if (changed || grantsAnew || requires.some((each) => due.has(each))) due.add(name);
  }
  return files.filter((file) => due.has(file.name));
}

/** Drops all that the files made and empties their ledger: the next run applies every file. */
export async function dropRepeatables(sql: Sql): Promise<void> {
  await patientTransaction(sql, async (tx) => {
    const applied = [...(await appliedFiles(tx)).values()];
    await dropObjects(
      tx,
      applied.flatMap((file) => file.objects),
    );
    await tx`delete from ops.repeatable`;
  });
}

/** Applies one file and writes the ledger. Takes and returns the objects of the database before and after. */
async function apply(
  tx: TransactionSql,
  file: RepeatableFile,
  last: AppliedFile | undefined,
  before: Map<string, DatabaseObject>,
): Promise<Map<string, DatabaseObject>> {
  try {
    await tx.unsafe(file.text);
    const after = await databaseObjects(tx);
    if (last) refuseStrayOverloads(file, [...before.values()], [...after.values()]);
    const made = [...after.values()].filter((object) => !before.has(object.oid));
    const objects = new Set(last?.objects);
    for (const { kind, identity } of made) objects.add(`${kind} ${identity}`);
    await tx`
      insert into ops.repeatable (name, checksum, objects)
      values (${file.name}, ${file.checksum}, ${[...objects].sort()})
      on conflict (name) do update
      set checksum = excluded.checksum, objects = excluded.objects, applied_at = now()`;
    return after;
  } catch (error) {
    if (coded(error).code === "42P13") throw signatureProblem(file.name, coded(error).message);
    throw fileProblem("JB606", `sql/${file.name}`, error);
  }
}

/**
 * A function whose arguments changed is to Postgres another function: the old one would stay beside it and
 * go on answering. A file that makes both on purpose names both.
 */
function refuseStrayOverloads(
  file: RepeatableFile,
  before: DatabaseObject[],
  after: DatabaseObject[],
): void {
  const old = new Set(before.map((object) => object.oid));
  for (const made of after.filter((object) => !old.has(object.oid))) {
    const namesakes = after.filter(({ name, kind }) => name === made.name && kind === made.kind);
    const kept = namesakes.filter((object) => old.has(object.oid));
    if (made.kind === "trigger" || kept.length === 0) continue;
    if (definitions(file.text, made.name) >= namesakes.length) continue;
    const beside = kept.map((object) => object.identity).join(", ");
    throw signatureProblem(file.name, `${beside} would stay beside ${made.identity}`);
  }
}

function definitions(text: string, name: string): number {
  const pattern = new RegExp(
    `\\bcreate\\s+(or\\s+replace\\s+)?(function|procedure)\\s+${RegExp.escape(name)}\\s*\\(`,
    "gi",
  );
  return (text.match(pattern) ?? []).length;
}

function signatureProblem(file: string, detail: string): Problem {
  return new Problem({
    code: "JB607",
    message: `sql/${file} changes the signature of a function, which a replacement cannot`,
    detail,
    hint: "drop the old function: with `drop function if exists` in the file, or in a migration once released",
  });
}
