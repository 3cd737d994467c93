import { createHash } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { publicUpdate } from "../../feed/json.ts";
import { isKnown } from "../etag.ts";
import type { ApiFeed } from "../feed.ts";
import { httpError } from "../http-error.ts";
import { limits } from "../limits.ts";
import { sendEvents } from "./event-stream.ts";
import { type Parameters, parametersOf } from "./parameters.ts";

/** GET /updates: the change feed as pages of JSON, or as an event stream for whoever accepts one. */
export function addUpdates(app: FastifyInstance, feed: ApiFeed): void {
  // A HEAD of a stream would be a stream.
  app.get("/updates", { exposeHeadRoute: false }, async (request, reply) => {
    reply.header("vary", "accept");
    try {
      if (acceptsEvents(request)) {
        const { after, kinds } = parametersOf(request.query, ["after", "kinds"]);
        const last = request.headers["last-event-id"];
        const resumed = typeof last === "string" && last !== "" ? last : after;
        const stream = await feed.hub.open({ after: resumed, kinds });
        sendEvents(request, reply, stream, feed);
        return reply;
      }
      return await sendPage(request, reply, feed, parametersOf(request.query));
    } catch (error) {
      const { status, headers, body } = httpError(error, feed.logger);
      return reply.code(status).headers(headers).send(body);
    }
  });
}

function acceptsEvents({ headers }: FastifyRequest): boolean {
  return (headers.accept ?? "")
    .split(",")
    .some((each) => /^\s*text\/event-stream\s*(?:;(?!\s*q=0(?:\.0*)?\s*$).*)?$/i.test(each));
}

async function sendPage(
  request: FastifyRequest,
  reply: FastifyReply,
  { source }: ApiFeed,
  { after, kinds, limit = limits.defaultLimit }: Parameters,
): Promise<unknown> {
  const { updates, cursor } = await source.read({ cursor: after ?? null, kinds, limit });
  const answer = { updates: updates.map(publicUpdate), cursor, more: updates.length >= limit };
  const tag = tagOf(answer.updates);
  reply.header("etag", `W/${tag}`).header("cache-control", "no-cache");
  // Also with a 304: among some kinds only, an old cursor would age while others change.
  reply.header("link", `<${nextOf(request.url, cursor)}>; rel="next"`);
  if (isKnown(tag, request.headers["if-none-match"])) return reply.code(304).send();
  return answer;
}

/**
 * The tag of an answer: that of its updates, not of its cursors, which tell the moment too. So whoever is told that nothing
 * is new may keep an older cursor, or go on from the link.
 */
function tagOf(updates: ReturnType<typeof publicUpdate>[]): string {
  const said = updates.map(({ cursor: _, ...update }) => update);
  const hash = createHash("sha256").update(JSON.stringify(said)).digest("base64url");
  return `"${hash.slice(0, 22)}"`;
}

function nextOf(url: string, cursor: string): string {
  const [path = "", query] = url.split("?", 2);
  const parameters = new URLSearchParams(query);
  parameters.set("after", cursor);
  return `${path}?${parameters}`;
}
