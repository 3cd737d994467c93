import "./environment.ts";
import { lexicographicSortSchema, printSchema } from "grafast/graphql";
import { pino } from "pino";
import { makeSchema } from "postgraphile";
import { createPool } from "./pool.ts";
import { apiPreset } from "./preset.ts";

/** The GraphQL schema of a migrated database as text, sorted: what schema.graphql holds. */
export async function exportSchema(url: string): Promise<string> {
  const logger = pino({ level: "silent" });
  const pool = createPool(url, logger);
  try {
    const { schema } = await makeSchema(apiPreset({ pool, logger, graphiql: false }));
    return `${printSchema(lexicographicSortSchema(schema))}\n`;
  } finally {
    await pool.end();
  }
}
