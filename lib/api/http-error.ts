import { randomUUID } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Logger } from "pino";
import { isTransient } from "../feed/transient.ts";
import { coded } from "../problem.ts";
import { Refused } from "./refused.ts";

export type HttpError = {
  status: number;
  headers: Record<string, string>;
  body: { errors: [{ message: string; extensions: Record<string, unknown> }] };
};

/** The statuses of codes; 400 of those that are not here: something is wrong with the request. */
const statuses: Record<string, number> = {
  JB302: 409, // the cursor is of another database
  JB303: 503, // a standby
  JB305: 410, // what follows the cursor is gone
  JB512: 404, // nothing has this reference
  JB513: 410, // what had it was deleted
  JB514: 503, // too many streams
  JB515: 503, // too many full reads
  JB517: 503, // the server closes
  JB519: 403, // a page of another origin
};

/** Seconds until a client that was told 503 may come again. */
const RETRY_AFTER = "5";

/**
 * What HTTP tells of an error: the status, and the body that all errors of the API have. Ours (SQLSTATE class JB) with code,
 * detail and hint; a value that the database cannot use as JB504; a statement that ran out of time as JB505; a database that does not
 * answer as JB003. Of anything else only an id, under which the log has it.
 */
export function httpError(error: unknown, logger: Logger): HttpError {
  const { code = "", message } = coded(error);
  const { detail, hint } = error as { detail?: string; hint?: string };
  if (code.startsWith("JB")) return told(statuses[code] ?? 400, { code, message, detail, hint });
  if (code.startsWith("22")) {
    return told(400, {
      code: "JB504",
      message,
      detail: detail || "The database cannot use a value that the request has.",
      hint: hint || "Correct the value.",
    });
  }
  if (code === "57014") {
    return told(503, {
      code: "JB505",
      message: "the query took too long",
      detail: "It ran out of the time that a statement may take.",
      hint: "Ask again later.",
    });
  }
  if (code === "40001" || code === "40P01") {
    return told(503, {
      code: "JB511",
      message: "another session changes the same: try again",
      detail: detail || "This request was given up, and nothing of it is done.",
      hint: "Send it again.",
    });
  }
  if (isTransient(error)) {
    logger.warn(`the database does not answer: ${message}`);
    return told(503, {
      code: "JB003",
      message: "the database does not answer",
      detail: "The connection was refused, or lost.",
      hint: "Send the request again in a moment.",
    });
  }
  const errorId = randomUUID();
  logger.error({ err: error, errorId }, "a request failed");
  return told(500, { code: "JB500", message: "something went wrong on the server", errorId });
}

/** Answers a request whose URL Fastify cannot read. */
export function refuseUrl(
  { statusCode = 400, message }: { statusCode?: number; message: string },
  _request: FastifyRequest,
  reply: FastifyReply,
): void {
  const detail = "The URL of the request could not be read.";
  const hint = "Percent-encode it, in UTF-8.";
  const { headers, body } = told(statusCode, { code: "JB504", message, detail, hint });
  reply.code(statusCode).headers(headers).send(body);
}

function told(
  status: number,
  { message, ...rest }: { code: string; message: string } & Record<string, unknown>,
): HttpError {
  const known = Object.entries(rest).filter(([, value]) => value != null && value !== "");
  return {
    status,
    headers: {
      "cache-control": "no-store",
      ...(status === 503 ? { "retry-after": RETRY_AFTER } : {}),
    },
    body: { errors: [{ message, extensions: Object.fromEntries(known) }] },
  };
}

/** A parameter that cannot be used, as JB504. */
export function badParameter(message: string, detail: string, hint: string): Refused {
  return new Refused({ code: "JB504", message, detail, hint });
}
