import type { FastifyInstance } from "fastify";
import type pg from "pg";
import { openBootstrap } from "../../feed/bootstrap.ts";
import type { ApiFeed } from "../feed.ts";
import { httpError } from "../http-error.ts";
import { limits } from "../limits.ts";
import { tooManyReads, tooSlow } from "../refusals.ts";
import { settingsOf } from "../settings.ts";
import { parametersOf } from "./parameters.ts";
import { writerOf } from "./writer.ts";

/**
 * GET /bootstrap: the catalog as of one moment, as NDJSON. The first line has the cursor that continues from that moment, the last
 * one how many entities there were: without it, the answer is not whole.
 */
export function addBootstrap(app: FastifyInstance, feed: ApiFeed, pool: pg.Pool): void {
  const { logger, drainMs, signal } = feed;
  let underWay = 0;
  app.get("/bootstrap", { exposeHeadRoute: false }, async (request, reply) => {
    let isCounted = false;
    try {
      const { kinds } = parametersOf(request.query, ["kinds"]);
      if (underWay >= limits.maxBootstraps) throw tooManyReads(limits.maxBootstraps);
      underWay += 1;
      isCounted = true;
      const settings = {
        ...settingsOf(undefined),
        statement_timeout: String(limits.bootstrapFetchMs),
      };
      const { cursor, lines, close } = await openBootstrap(pool, settings, kinds);
      reply.hijack();
      const response = reply.raw;
      const { write, end } = writerOf(response, { drainMs, signal });
      try {
        response.writeHead(200, {
          "content-type": "application/x-ndjson; charset=utf-8",
          "cache-control": "no-store",
          "x-accel-buffering": "no",
          "x-request-id": request.id,
        });
        let count = 0;
        let isThere = await write(`${JSON.stringify({ cursor })}\n`);
        const latest = performance.now() + limits.bootstrapMs;
        for await (const { text, entities } of lines()) {
          if (!isThere) break;
          if (performance.now() > latest) throw tooSlow(limits.bootstrapMs);
          count += entities;
          isThere = await write(text);
        }
        if (isThere) response.end(`${JSON.stringify({ end: true, entities: count })}\n`);
      } catch (error) {
        const [{ message, extensions }] = httpError(error, logger).body.errors;
        end(`${JSON.stringify({ error: { message, ...extensions } })}\n`);
      } finally {
        await close();
      }
      return reply;
    } catch (error) {
      const { status, headers, body } = httpError(error, logger);
      return reply.code(status).headers(headers).send(body);
    } finally {
      if (isCounted) underWay -= 1;
    }
  });
}
