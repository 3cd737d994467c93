import { createWithPgClient } from "@dataplan/pg/adaptors/pg";
import type { FastifyInstance } from "fastify";
import type pg from "pg";
import type { Logger } from "pino";
import { etagOf, isKnown } from "../etag.ts";
import { httpError } from "../http-error.ts";
import { Refused } from "../refused.ts";
import { settingsOf } from "../settings.ts";

type Found = {
  status: "found" | "redirected" | "deleted";
  juke_id: string;
  version: number;
  /** JSON as text: it is passed on as it is. */
  state: string;
};

/** GET /entities/:ref: the state of the entity that a reference stands for, with its version as ETag. */
export function addEntities(app: FastifyInstance, pool: pg.Pool, logger: Logger): void {
  const withPgClient = createWithPgClient({ pool });
  const find = (ref: string) =>
    withPgClient(settingsOf(undefined), async (client) => {
      const { rows } = await client.query<Found>({
        text: `
          select r.status, s.juke_id, s.version, s.state::text
          from identity.resolve_one($1) r
          cross join lateral catalog.state(array[r.juke_id]) s /* api:entity */`,
        values: [ref],
      });
      return rows[0];
    });

  // A reference may be longer than Fastify lets a named parameter be, and its slashes may come as they are.
  app.get<{ Params: { "*": string } }>("/entities/*", async (request, reply) => {
    try {
      const ref = request.params["*"];
      if (request.url.includes("?")) throw hasQuery();
      const found = await find(ref);
      if (!found) throw notFound(ref);
      if (found.status === "deleted") throw gone(found.juke_id);
      const location = `/entities/${found.juke_id}`;
      reply.header("cache-control", "no-cache");
      // Not for good: a merge can be undone.
      if (found.status === "redirected") return reply.redirect(location, 307);
      const etag = etagOf(found.juke_id, found.version);
      reply.header("etag", etag).header("content-location", location);
      if (isKnown(etag, request.headers["if-none-match"])) return reply.code(304).send();
      return reply.type("application/json; charset=utf-8").send(found.state);
    } catch (error) {
      const { status, headers, body } = httpError(error, logger);
      return reply.code(status).headers(headers).send(body);
    }
  });
}

const hasQuery = () =>
  new Refused({
    code: "JB504",
    message: "an entity has no parameters",
    detail: "The reference ends at the question mark.",
    hint: "Percent-encode the reference: %3F for a question mark in it.",
  });

const notFound = (ref: string) =>
  new Refused({
    code: "JB512",
    message: `nothing here is ${ref.slice(0, 100)}`,
    detail: "The reference is well formed, and no entity has it.",
    hint: "Try another id of the same thing, or search for its name.",
  });

const gone = (jukeId: string) =>
  new Refused({
    code: "JB513",
    message: `entity ${jukeId} was deleted`,
    detail: "It is a tombstone: the id stays taken.",
    hint: "Forget it; an editor can undo the deletion.",
  });
