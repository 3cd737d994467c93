import { Command } from "commander";
import type { Sql } from "postgres";
import { printable } from "../lib/printable.ts";
import { withConnections } from "./database.ts";
import { idsOf } from "./ids.ts";
import { replay } from "./replay.ts";

type Row = {
  id: string;
  delivery: string;
  file: string;
  source: string;
  pointer: string;
  code: string;
  message: string;
  hint: string | null;
  since: string;
};

/** Where ids are found. */
const SHOWN = "jukebase quarantine list shows the ids";

export const quarantineCommand = new Command("quarantine")
  .description("records that could not be taken: see them, try again, give them up")
  .addCommand(
    new Command("list")
      .description("what is in quarantine, and why")
      .option("--delivery <id>", "of this delivery only")
      .option("--json", "print it as JSON, with the records as far as they were understood")
      .action((options: { delivery?: string; json?: boolean }) =>
        withConnections(1, (sql) => list(sql, options)),
      ),
  )
  .addCommand(
    new Command("retry")
      .description("read their whole deliveries again; what passes now leaves the quarantine")
      .argument("[ids...]", "all that are open, without any")
      .option("--json", "print the outcome as JSON, and nothing else")
      .action((ids: string[], options: { json?: boolean }) =>
        withConnections(4, (sql) => retry(sql, ids, options)),
      ),
  )
  .addCommand(
    new Command("drop")
      .description("give them up: later readings of their delivery do not open them again")
      .argument("<ids...>", "which")
      .action((ids: string[]) =>
        withConnections(1, async (sql) => {
          const [row] = await sql<[{ dropped: number }]>`
            select ingest.drop_quarantined(${idsOf(ids, SHOWN)}::bigint[]) as dropped`;
          console.log(`${row.dropped} of ${ids.length} given up`);
        }),
      ),
  );

async function list(
  sql: Sql,
  { delivery, json }: { delivery?: string; json?: boolean },
): Promise<void> {
  const [only = null] = delivery === undefined ? [] : idsOf([delivery], SHOWN);
  // As they come: there may be a hundred thousand, each with a record of megabytes.
  const pages = sql<(Row & { record: unknown })[]>`
    select q.quarantine_id as id, q.delivery_id as delivery, d.name as file, d.source, q.pointer, q.code, q.message, q.hint,
      q.quarantined_at::text as since ${json ? sql`, q.record` : sql``}
    from ingest.quarantine q
    join ingest.delivery d on d.delivery_id = q.delivery_id
    where q.status = 'open' and (${only}::bigint is null or q.delivery_id = ${only})
    order by q.quarantine_id`.cursor(100);
  let count = 0;
  for await (const rows of pages) {
    const texts = json
      ? rows.map((row) => JSON.stringify(row, null, 2).replace(/^/gm, "  ")).join(",\n")
      : rows.map(told).join("");
    const separator = json ? (count === 0 ? "[\n" : ",\n") : "";
    if (!(await written(separator + texts))) return;
    count += rows.length;
  }
  await written(json ? (count === 0 ? "[]\n" : "\n]\n") : `${count} in quarantine\n`);
}

function told({ id, delivery, file, source, pointer, code, message, hint }: Row): string {
  const place = `${file} (delivery ${delivery} of ${source}), ${pointer || "the whole"}`;
  const lines = [`${id}  ${printable(place)}`, `    ${printable(message)} (${code})`];
  if (hint) lines.push(`    hint: ${printable(hint)}`);
  return lines.map((line) => `${line}\n`).join("");
}

/** Writes to stdout, as fast as it is read; false when nobody reads it any more, as after `| head`. */
async function written(text: string): Promise<boolean> {
  const { promise, resolve, reject } = Promise.withResolvers<boolean>();
  const onError = (error: NodeJS.ErrnoException) =>
    error.code === "EPIPE" ? resolve(false) : reject(error);
  // It is emitted after it was given to the callback, and ends the process when nobody hears it.
  process.stdout.on("error", onError);
  process.stdout.write(text, (error) => {
    if (error) return onError(error);
    process.stdout.off("error", onError);
    resolve(true);
  });
  return promise;
}

async function retry(sql: Sql, ids: string[], options: { json?: boolean }): Promise<void> {
  const wanted = ids.length === 0 ? null : idsOf(ids, SHOWN);
  const deliveries = await sql<{ delivery: string }[]>`
    select distinct delivery_id::text as delivery
    from ingest.quarantine
    where status = 'open' and (${wanted}::bigint[] is null or quarantine_id = any (${wanted}::bigint[]))`;
  if (deliveries.length === 0 && !options.json) console.log("nothing of that is in quarantine");
  await replay(
    sql,
    deliveries.map(({ delivery }) => delivery),
    options,
  );
}
