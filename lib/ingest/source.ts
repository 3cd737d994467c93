import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import type { Sql } from "postgres";
import { parseDocument } from "yaml";
import { detectFormat, fileInput, formatNamed, type Item, readItems } from "../../formats/index.ts";
import { loadMapping, type Mapping } from "../../formats/mapping.ts";
import { Refused } from "./refused.ts";
import { scheduleFault } from "./schedule.ts";
import schema from "./source.schema.json" with { type: "json" };

/** How a source is configured: see docs/reference/sources.md. */
export type SourceConfig = {
  source: string;
  title?: string;
  type?: string;
  priority?: number;
  duplicate_free?: boolean;
  format?: string;
  schedule?: string;
  mapping?: Mapping;
  locations?: string[];
  quality?: {
    [kind: string]: { field: string; test?: string; argument?: string; weight?: number }[];
  };
};

const ajv = new Ajv2020({ allowUnionTypes: true });
const validate = ajv.compile<{
  sources: (Omit<SourceConfig, "mapping"> & { mapping?: string | Mapping })[];
}>(schema);

/**
 * Reads a configuration of sources, YAML or JSON. A mapping may be the path of a file beside it. Raises JB214 with the place of what
 * is wrong, JB249 for a mapping that cannot be used.
 */
export async function readSources(path: string): Promise<SourceConfig[]> {
  const text = await readFile(path, "utf8").catch((error: Error) => {
    throw refused(`${path} cannot be read`, error.message);
  });
  const document = parseDocument(text);
  const [fault] = document.errors;
  if (fault) throw refused(`${path} is neither YAML nor JSON`, fault.message);
  const config = document.toJS({ maxAliasCount: 100 });
  if (!validate(config)) {
    const [error] = validate.errors ?? [];
    const { instancePath = "", message = "", params } = error ?? {};
    const detail = `${instancePath || "/"} ${message} ${JSON.stringify(params ?? {})}`;
    throw refused(`${path} is no configuration of sources`, detail);
  }
  return config.sources.map(({ mapping, ...source }) => {
    const { schedule, format } = source;
    const wrong = schedule === undefined ? undefined : scheduleFault(schedule);
    if (wrong !== undefined)
      throw refused(`${path}: the schedule of ${source.source} cannot be used`, wrong);
    if (format !== undefined && !formatNamed(format)) {
      throw refused(
        `${path}: there is no format named "${format}"`,
        `It is that of ${source.source}.`,
      );
    }
    if (mapping === undefined) return source;
    const given = typeof mapping === "string" ? resolve(dirname(path), mapping) : mapping;
    return { ...source, mapping: loadMapping(given) };
  });
}

/** What became of a source. */
export type Applied = {
  source: string;
  outcome: "created" | "changed" | "unchanged";
  entities: number;
};

/**
 * Configures sources, all or none. Where priority or quality rules have changed, their entities are projected anew afterwards, batch by
 * batch; `onProgress` hears of each.
 */
export async function applySources(
  sql: Sql,
  sources: SourceConfig[],
  onProgress: (source: string) => void = () => {},
): Promise<Applied[]> {
  const outcomes = await sql.begin(async (tx) => {
    const rows: { source: string; outcome: Applied["outcome"]; anew: boolean }[] = [];
    for (const config of sources) {
      const [row] = await tx<{ outcome: Applied["outcome"]; anew: boolean }[]>`
        select outcome, is_ranked_anew as anew from ingest.apply_source(${tx.json(config as never)})`;
      if (row) rows.push({ source: config.source, ...row });
    }
    return rows;
  });
  const applied: Applied[] = [];
  for (const { source, outcome, anew } of outcomes) {
    let entities = 0;
    for (let after: string | null = anew ? "0" : null; after !== null; ) {
      const [row]: { next: string | null; changed: number }[] = await sql`
        with step as materialized (select ingest.rerank(${source}, ${after}::bigint) as next)
        select next::text, (
          select count(*)::int from feed.event v where next is not null and v.xid = pg_current_xact_id_if_assigned()
        ) as changed
        from step`;
      entities += row?.changed ?? 0;
      after = row?.next ?? null;
      onProgress(source);
    }
    applied.push({ source, outcome, entities });
  }
  return applied;
}

/** What a record would become. */
export type Trial =
  | { pointer: string; refused: string }
  | { pointer: string; warning: string }
  | { pointer: string; record: unknown };

/** The first `count` items of a file, as a source that is configured like this would read them, and the entities they would become. Nothing is kept. */
export async function trySource(
  sql: Sql,
  config: SourceConfig,
  file: string,
  count = 10,
): Promise<{ items: Trial[]; entities: unknown[] }> {
  const input = fileInput(file);
  const { format } = await detectFormat(input, config.format);
  const items: Exclude<Item, { about: unknown }>[] = [];
  for await (const item of readItems(format, input, { mapping: config.mapping })) {
    if ("about" in item) continue;
    items.push(item);
    if (items.length === count) break;
  }
  const records = items.flatMap((item) => ("record" in item ? [item.record] : []));
  let entities: unknown[] = [];
  const undone = new Error("undone");
  await sql
    .begin(async (tx) => {
      await tx`select ingest.apply_source(${tx.json(config as never)})`;
      const [{ id } = { id: 0 }] = await tx<{ id: number }[]>`
        select ingest.open_delivery(${config.source}, ${file}, ${format.name}, sha256('trial'), 0)::float8 as id`;
      await tx`select ingest.apply(${id}, ${tx.json(records as never)})`;
      const rows = await tx<{ state: unknown }[]>`
        select s as state
        from catalog.state(array(
          select distinct m.juke_id
          from ingest.changes(${id}) c
          join identity.membership m on m.juke_id = c.juke_id
        )) s`;
      entities = rows.map(({ state }) => state);
      throw undone;
    })
    .catch((error) => {
      if (error !== undone) throw error;
    });
  return {
    items: items.map((item) => {
      if ("record" in item) return item;
      if ("warning" in item) return item;
      return { pointer: item.pointer, refused: `${item.refused.reason} (${item.refused.code})` };
    }),
    entities,
  };
}

function refused(message: string, detail: string): Refused {
  return new Refused({
    code: "JB214",
    message,
    detail,
    hint: "docs/reference/sources.md describes what a source may say",
  });
}
