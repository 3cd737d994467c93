import { pino } from "pino";
import { afterAll } from "vitest";
import { createServer, type Server, type ServerOptions } from "../../lib/api/server.ts";
import { type TestDatabase, testDatabase } from "../database.ts";

export type Answer = {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: what a query returns is the test's to know
  data: any;
  errors?: { message: string; path?: string[]; extensions: Record<string, string> }[];
};

export type TestApi = TestDatabase & {
  server: Server;
  address: string;
  /** Sends a query over HTTP. */
  ask(query: string, variables?: Record<string, unknown>): Promise<Answer>;
  /** The codes of the errors that a query is answered with. */
  codes(query: string, variables?: Record<string, unknown>): Promise<(string | undefined)[]>;
  /** Sends a query with headers of its own. */
  askWith(
    headers: Record<string, string>,
    query: string,
    variables?: Record<string, unknown>,
  ): Promise<Answer>;
};

/** The editor's key of these servers. */
export const editorKey = "the-key-of-the-tests";

/** A server on a database of its own, filled first; both go after the file. Call it in the file's body. */
export async function testApi(
  fill: (database: TestDatabase) => Promise<void>,
  options: Partial<ServerOptions> = {},
): Promise<TestApi> {
  const database = await testDatabase();
  await fill(database);
  const server = await createServer({
    url: database.url,
    port: 0,
    host: "127.0.0.1",
    logger: pino({ level: "silent" }),
    editorKey,
    ...options,
  });
  const address = await server.listen();
  afterAll(() => server.close());

  const askWith: TestApi["askWith"] = async (headers, query, variables) => {
    const response = await fetch(`${address}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify({ query, variables }),
    });
    return { status: response.status, ...((await response.json()) as Omit<Answer, "status">) };
  };
  const ask: TestApi["ask"] = (query, variables) => askWith({}, query, variables);
  const codes = async (query: string, variables?: Record<string, unknown>) =>
    ((await ask(query, variables)).errors ?? []).map(({ extensions }) => extensions.code);
  return { ...database, server, address, ask, codes, askWith };
}
