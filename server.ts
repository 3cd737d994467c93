/** The API on its own, on the database of DATABASE_URL, until it is told to stop: for containers. */
import { createServer } from "./lib/api/server.ts";
import { readConfig } from "./lib/config.ts";
import { untilStopped } from "./lib/lifetime.ts";
import { createLogger } from "./lib/log.ts";
import { Problem, reportError } from "./lib/problem.ts";

try {
  const { databaseUrl, port, host, logLevel, editorKey } = readConfig();
  if (!databaseUrl) {
    throw new Problem({
      code: "JB001",
      message: "DATABASE_URL is not set",
      hint: "set it to the database to serve; `jukebase start` brings a database of its own",
    });
  }
  const logger = createLogger(logLevel);
  await untilStopped(async ({ defer }) => {
    const server = await createServer({ url: databaseUrl, port, host, logger, editorKey });
    defer(server.close);
    await server.listen();
    await new Promise<never>(() => {});
  });
} catch (error) {
  process.exitCode = reportError(error);
}
