/** What Graphile's own tools read: `npx graphile config print`, `npx graphile behavior debug`. */
import { createPool } from "./lib/api/pool.ts";
import { apiPreset } from "./lib/api/preset.ts";
import { readConfig } from "./lib/config.ts";
import { createLogger } from "./lib/log.ts";

const { databaseUrl = "postgres:///jukebase", logLevel } = readConfig();
const logger = createLogger(logLevel);

export default apiPreset({ pool: createPool(databaseUrl, logger), logger, graphiql: true });
