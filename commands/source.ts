import { Command } from "commander";
import type { Sql } from "postgres";
import { applySources, readSources, trySource } from "../lib/ingest/source.ts";
import { withConnections } from "./database.ts";
import { printRefusals, type Refusal, refusalOf } from "./refusal.ts";

type ApplyOptions = { dryRun?: boolean; sample?: string; json?: boolean };

export const sourceCommand = new Command("source")
  .description("who delivers, how much their word counts, how their files are read")
  .addCommand(
    new Command("list")
      .description("the sources, the one with the last word first")
      .action(() => withConnections(1, list)),
  )
  .addCommand(
    new Command("show")
      .description("how a source is configured, as apply takes it")
      .argument("<source>", "its name")
      .action((source: string) =>
        withConnections(1, async (sql) => {
          const [row] = await sql<
            [{ config: unknown }]
          >`select ingest.source_config(${source}) as config`;
          console.log(
            JSON.stringify({ sources: row.config === null ? [] : [row.config] }, null, 2),
          );
          if (row.config === null) process.exitCode = 1;
        }),
      ),
  )
  .addCommand(
    new Command("apply")
      .description("configure sources as a YAML or JSON file says")
      .argument("<file>", "the configuration")
      .option("--dry-run", "change nothing; say what would become of it")
      .option(
        "--sample <file>",
        "with --dry-run: show what the first ten records of this file would become",
      )
      .option("--json", "print the outcome as JSON, and nothing else")
      .action((file: string, options: ApplyOptions, command: Command) => {
        if (options.sample !== undefined && !options.dryRun) {
          command.error("error: --sample is for --dry-run");
        }
        return withConnections(2, (sql) => apply(sql, file, options));
      }),
  );

async function list(sql: Sql): Promise<void> {
  const rows = await sql<
    { source: string; title: string; type: string; priority: number; records: string }[]
  >`
    select s.source, s.title, s.source_type as type, s.priority,
      (select count(*) from ingest.record r where r.source = s.source) as records
    from ingest.source s
    order by s.priority desc, s.source`;
  const line = (name: string, priority: string, type: string, records: string, title: string) =>
    console.log(
      `${name.padEnd(24)}${priority.padStart(8)}  ${type.padEnd(12)}${records.padStart(10)}  ${title}`,
    );
  line("source", "priority", "type", "records", "title");
  for (const { source, priority, type, records, title } of rows)
    line(source, String(priority), type, records, title);
}

async function apply(
  sql: Sql,
  file: string,
  { dryRun, sample, json }: ApplyOptions,
): Promise<void> {
  try {
    const sources = await readSources(file);
    if (!dryRun) {
      const applied = await applySources(sql, sources);
      if (json) console.log(JSON.stringify(applied, null, 2));
      else {
        for (const { source, outcome, entities } of applied) {
          console.log(
            `${source}: ${outcome}${entities > 0 ? `, ${entities} entities say something else now` : ""}`,
          );
        }
      }
      return;
    }
    const report = [];
    const refused: Refusal[] = [];
    for (const config of sources) {
      const [row] = await sql<
        [{ before: unknown }]
      >`select ingest.source_config(${config.source}) as before`;
      const change = { source: config.source, before: row.before, after: config };
      try {
        const trial = sample === undefined ? undefined : await trySource(sql, config, sample);
        report.push({ ...change, ...trial });
      } catch (error) {
        const refusal = refusalOf(`${sample}`, error);
        if (refusal === undefined) throw error;
        report.push({ ...change, refused: refusal });
        refused.push({ ...refusal, reason: `by ${config.source}: ${refusal.reason}` });
      }
    }
    console.log(JSON.stringify(report, null, 2));
    printRefusals(refused);
    if (refused.length > 0) process.exitCode = 2;
  } catch (error) {
    const refusal = refusalOf(file, error);
    if (refusal === undefined) throw error;
    printRefusals([refusal]);
    process.exitCode = 2;
  }
}
