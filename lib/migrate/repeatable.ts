import { performance } from "node:perf_hooks";
import type { Sql, TransactionSql } from "postgres";
import { coded, Problem } from "../problem.ts";
import { fileProblem } from "./failure.ts";
import { isGrant, type RepeatableFile } from "./files.ts";
import { type AppliedFile, appliedFiles } from "./ledger.ts";
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
    for (const file of due) {
      const started = performance.now();
      await apply(tx, file, applied.has(file.name));
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

async function apply(tx: TransactionSql, file: RepeatableFile, again: boolean): Promise<void> {
  try {
    const before = again ? await functions(tx) : undefined;
    await tx.unsafe(file.text);
    if (before) refuseStrayOverloads(file, before, await functions(tx));
    await tx`
      insert into ops.repeatable (name, checksum) values (${file.name}, ${file.checksum})
      on conflict (name) do update set checksum = excluded.checksum, applied_at = now()`;
  } catch (error) {
    if (coded(error).code === "42P13") throw signatureProblem(file.name, coded(error).message);
    throw fileProblem("JB606", `sql/${file.name}`, error);
  }
}

/** All functions outside the system's schemas: signature by name. */
async function functions(tx: TransactionSql): Promise<Map<string, string[]>> {
  const rows = await tx<{ name: string; signatures: string[] }[]>`
    select n.nspname || '.' || p.proname as name,
           array_agg(p.oid::regprocedure::text order by p.oid) as signatures
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where n.nspname not in ('pg_catalog', 'information_schema')
    group by 1`;
  return new Map(rows.map((row) => [row.name, row.signatures]));
}

/**
 * A function whose arguments changed is to Postgres another function: the old one would stay beside it and
 * go on answering. A file that makes both on purpose names both.
 */
function refuseStrayOverloads(
  file: RepeatableFile,
  before: Map<string, string[]>,
  after: Map<string, string[]>,
): void {
  for (const [name, signatures] of after) {
    const old = before.get(name) ?? [];
    const added = signatures.filter((signature) => !old.includes(signature));
    const kept = signatures.filter((signature) => old.includes(signature));
    if (added.length === 0 || kept.length === 0) continue;
    if (definitions(file.text, name) >= signatures.length) continue;
    throw signatureProblem(file.name, `${kept.join(", ")} would stay beside ${added.join(", ")}`);
  }
}

function definitions(text: string, name: string): number {
  const pattern = new RegExp(`\\b(function|procedure)\\s+${RegExp.escape(name)}\\s*\\(`, "gi");
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
