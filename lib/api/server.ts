import "./environment.ts";
import { setImmediate } from "node:timers/promises";
import { type FastifyBaseLogger, type FastifyInstance, fastify, LogController } from "fastify";
import { grafserv } from "grafserv/fastify/v5";
import type { Logger } from "pino";
import { postgraphile } from "postgraphile";
import { uuidv7 } from "uuidv7";
import { portProblem } from "../database/port.ts";
import { requireMigrated } from "../migrate/migrate.ts";
import { editorOf } from "./editor.ts";
import { createFeed, type StreamOptions } from "./feed.ts";
import { refuseUrl } from "./http-error.ts";
import { limits } from "./limits.ts";
import { createPool } from "./pool.ts";
import { apiPreset } from "./preset.ts";
import { readinessOf } from "./readiness.ts";
import { addBootstrap } from "./routes/bootstrap.ts";
import { addEntities } from "./routes/entities.ts";
import { addUpdates } from "./routes/updates.ts";
import { acceptSockets, isSocketRequest } from "./sockets.ts";

export type ServerOptions = {
  /** The database; migrated. */
  url: string;
  /** Where to listen; port 0 takes any free one. */
  port: number;
  host: string;
  logger: Logger;
  /** The key of the requests that may write; without it nobody may. */
  editorKey?: string | undefined;
  /** Whether `/` is an editor for queries. */
  graphiql?: boolean;
  /** How streams of the feed are kept. */
  streams?: StreamOptions;
};

export type Server = {
  app: FastifyInstance;
  /** Starts to answer; returns the address, `http://127.0.0.1:5678`. Raises JB008 when the port is taken. */
  listen(): Promise<string>;
  /** Lets the requests under way finish, then closes every connection. */
  close(): Promise<void>;
};

/**
 * The HTTP server: POST /graphql, GraphiQL at /, GET /entities, /livez and /readyz. The schema is read from the database
 * here, once. Raises JB610 when the database is not migrated, and what a failed connection raises.
 */
export async function createServer(options: ServerOptions): Promise<Server> {
  const { url, port, host } = options;
  await requireMigrated(url);
  const { app, release } = await createApp(options);
  return {
    app,
    listen: () =>
      app.listen({ port, host }).catch((error) => {
        throw portProblem(error, port, host);
      }),
    async close() {
      await app.close();
      await release();
    },
  };
}

async function createApp({ url, logger, editorKey, graphiql = true, streams }: ServerOptions) {
  const pool = createPool(url, logger);
  const feed = createFeed({ pool, logger, streams });
  const instance = postgraphile(apiPreset({ pool, logger, graphiql, hub: feed.hub }));
  const release = async () => {
    await feed.release();
    await instance.release();
    await pool.end();
  };
  try {
    await instance.getSchema();
    await feed.listen(url);
    const app: FastifyInstance = fastify({
      loggerInstance: logger as FastifyBaseLogger,
      genReqId: () => uuidv7(),
      // A request is a line of the debug level; probes come every few seconds.
      logController: new LogController({ disableRequestLogging: true }),
      forceCloseConnections: "idle",
      // A connection on which nothing moves is not kept; the heartbeats of a stream keep its own.
      requestTimeout: limits.requestMs,
      connectionTimeout: limits.silenceMs,
      http: { shouldUpgradeCallback: isSocketRequest },
      frameworkErrors: refuseUrl,
    });
    app.decorateRequest("editor", undefined);
    app.addHook("onRequest", async (request, reply) => {
      const editor = editorOf(request.headers, editorKey);
      if (editor && "status" in editor) {
        const { status, message, extensions } = editor;
        if (status === 401) reply.header("www-authenticate", "Bearer");
        return reply.code(status).send({ errors: [{ message, extensions }] });
      }
      request.editor = editor;
      return undefined;
    });
    app.addHook("onSend", async (request, reply) => {
      reply.header("x-request-id", request.id);
    });
    app.addHook("onResponse", async (request, reply) => {
      const { method, url: path } = request;
      const line = { method, path, status: reply.statusCode, ms: Math.round(reply.elapsedTime) };
      request.log.debug(line, "request");
    });
    app.setErrorHandler((error: { statusCode?: number; message: string }, request, reply) => {
      const { statusCode = 500, message } = error;
      if (statusCode < 500) {
        const extensions = {
          code: "JB504",
          detail: "The request could not be read.",
          hint: "Send a JSON object with a query, and its variables.",
        };
        return reply.code(statusCode).send({ errors: [{ message, extensions }] });
      }
      request.log.error(error, "a request failed");
      return reply.code(500).send({ errors: [{ message: "something went wrong on the server" }] });
    });

    const readiness = readinessOf(url);
    app.get("/livez", async () => ({ status: "ok" }));
    app.get("/readyz", async (_request, reply) => {
      const answer = await readiness();
      if (answer.ready) return { status: "ok" };
      const { code, reason } = answer;
      return reply.code(503).send({ status: "unavailable", code, reason });
    });
    addEntities(app, pool, logger);
    addUpdates(app, feed);
    addBootstrap(app, feed, pool);
    const graphql = instance.createServ(grafserv);
    await graphql.addTo(app);
    const closeSockets = acceptSockets({ ...feed, server: app.server, graphql, editorKey });
    app.addHook("preClose", async () => {
      feed.close();
      // What the streams have to say goes before.
      await setImmediate();
      await closeSockets();
      // Connections on which a request has not come, or will never be whole, hold up the end.
      setTimeout(() => app.server.closeAllConnections(), limits.closeMs).unref();
    });
    return { app, release };
  } catch (error) {
    await release();
    throw error;
  }
}
