import { pino } from "pino";
import { afterAll, onTestFinished } from "vitest";
import { createServer, type ServerOptions } from "../../lib/api/server.ts";
import { startNotifier } from "../../lib/worker/notifier.ts";
import { deliver } from "../catalog-builder.ts";
import { editorKey, testApi } from "./server.ts";

const logger = pino({ level: "silent" });

/** A server on a small database that is notified of changes, and ways to make them. Call it in the file's body. */
export async function testFeed(options: Partial<ServerOptions> = {}) {
  const api = await testApi(async ({ sql }) => {
    await deliver(sql, "local", [{ kind: "artist", id: "first", name: "First" }]);
  }, options);
  const { sql, url } = api;
  afterAll(startNotifier(url, logger));

  let made = 0;
  /** Makes new entities in one transaction; their names are as long as `note` makes them. */
  async function make(count: number, kind: "artist" | "label" = "artist", note = "") {
    const records = Array.from({ length: count }, () => {
      made += 1;
      return { kind, id: `${kind}-${made}`, name: `${kind} ${made} ${note}` };
    });
    await deliver(sql, "local", records);
  }

  /** Changes all artists, so many times, each time in one transaction. */
  async function churn(times: number) {
    for (let n = 0; n < times; n++) {
      made += 1;
      await sql.begin(async (tx) => {
        await tx`select catalog.writing(true)`;
        await tx`update catalog.artist set area = ${`change ${made}`}`;
      });
    }
  }

  /** Another server on the same database, until the test is over. */
  async function serve(more: Partial<ServerOptions> = {}) {
    const server = await createServer({
      url,
      port: 0,
      host: "127.0.0.1",
      logger,
      editorKey,
      ...more,
    });
    const address = await server.listen();
    let closing: Promise<void> | undefined;
    const close = () => {
      closing ??= server.close();
      return closing;
    };
    onTestFinished(close);
    return { address, server, close };
  }

  /** The cursor of this moment. */
  async function head(): Promise<string> {
    const [row] = await sql`select feed.head() as cursor`;
    return row?.cursor;
  }
  return { ...api, make, churn, serve, head };
}
