import { coded, Problem } from "../problem.ts";
import { placeOf } from "./url.ts";

const unreachable = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "CONNECT_TIMEOUT",
  "CONNECTION_CLOSED",
  "CONNECTION_ENDED",
  "57P03", // cannot_connect_now: starting up or shutting down
  "53300", // too_many_connections
]);

/**
 * The failure to connect as a problem: JB003 the server does not answer, JB004 it refuses the login, JB016
 * there is no such database, JB007 the user may not connect to it. Any other error is returned as it is.
 */
export function connectionProblem(error: unknown, url: string): unknown {
  const { code = "", message } = coded(error);
  const place = placeOf(url);
  if (unreachable.has(code)) {
    return new Problem({
      code: "JB003",
      message: `the database at ${place} does not answer`,
      detail: message,
      hint: "check that it runs and that the URL is right, or unset DATABASE_URL to let jukebase run its own",
      cause: error,
    });
  }
  if (code.startsWith("28")) {
    return new Problem({
      code: "JB004",
      message: `the database at ${place} refuses the login`,
      detail: message,
      hint: "check user and password in the URL, and pg_hba.conf on the server",
      cause: error,
    });
  }
  if (code === "3D000") {
    return new Problem({
      code: "JB016",
      message: `there is no database at ${place}`,
      detail: message,
      hint: "create it first (createdb), or name another in the URL",
      cause: error,
    });
  }
  if (code === "42501") {
    return new Problem({
      code: "JB007",
      message: `this user may not connect to ${place}`,
      detail: message,
      cause: error,
    });
  }
  return error;
}
