import { randomUUID } from "node:crypto";
import { isSafeError } from "grafast";
import { GraphQLError } from "grafast/graphql";
import type { Logger } from "pino";
import { coded } from "../problem.ts";
import { limits } from "./limits.ts";

/**
 * What a client is told of an error. Ours (SQLSTATE class JB) with code, detail and hint; a value that cannot be used, in the
 * document, its variables or the database (class 22), as JB504; a query that ran out of time as JB505; a deadlock or a
 * conflict of transactions as JB511; other mistakes in the document as they are. Of anything else only an id, under
 * which the log has it.
 */
export function maskError(logger: Logger): (error: GraphQLError) => GraphQLError {
  return (error) => {
    const { originalError } = error;
    if (!originalError || originalError instanceof GraphQLError) {
      return isOfValue(error) ? valueError(error) : error;
    }
    if (isSafeError(originalError)) {
      const { message, extensions } = originalError;
      const known = isOfCursor(message) ? badCursor : isOfTime(message) ? tooSlow : {};
      return told(error, message, { ...known, ...extensions });
    }
    const { code = "", message } = coded(originalError);
    const { detail, hint } = originalError as { detail?: string; hint?: string };
    if (code === "JB162") return told(error, message, { code, detail, hint, ...stale(detail) });
    if (code.startsWith("JB")) return told(error, message, { code, detail, hint });
    if (code.startsWith("22")) {
      return told(error, message, {
        code: "JB504",
        detail: detail || "The database cannot use a value that the request has.",
        hint: hint || badValue.hint,
      });
    }
    if (code === "57014") return told(error, "the query took too long", tooSlow);
    if (code === "40P01" || code === "40001") {
      return told(error, "another session changes the same: try again", {
        code: "JB511",
        detail:
          "Both wanted what the other had; this request was given up, and nothing of it is done.",
        hint: "Send it again.",
      });
    }
    const errorId = randomUUID();
    logger.error({ err: originalError, errorId, path: error.path }, "a query failed");
    return told(error, "something went wrong on the server", { code: "JB500", errorId });
  };
}

const badValue = {
  code: "JB504",
  detail: "A value of the request is not of the type that the schema has there.",
  hint: "Correct the value that the message names; docs/reference/graphql.md tells how each type is written.",
};

const badCursor = {
  code: "JB504",
  detail: "A cursor of a page is what endCursor or startCursor of that list gave, unchanged.",
  hint: "Leave it out to begin with the first page.",
};

const tooSlow = {
  code: "JB505",
  detail: `It may take ${limits.statementMs / 1000} s in the database, ${limits.executionMs / 1000} s in all.`,
  hint: "Ask for less at once.",
};

const isOfCursor = (message: string) => /^invalid cursor\b/i.test(message);
const isOfTime = (message: string) => /\b(?:timeout exceeded|took too long)\b/i.test(message);

/** Whether GraphQL refuses a value, rather than the document: a variable or an argument that is not of its type. */
function isOfValue({ message }: GraphQLError): boolean {
  return valueMessages.some((each) => each.test(message));
}

const valueMessages = [
  /^(?:Variable|Argument) ".*?" (?:got|has) invalid value/,
  /^(?:Variable|Argument) ".*?" of required type ".*?" was not provided/,
  /^(?:Variable|Argument) ".*?" of non-null type ".*?" must not be null/,
  /^Too many errors processing variables/,
];

/**
 * Of a stale version: what HTTP calls a failed precondition, and the version that is there; the stale ones with their
 * versions when several were expected.
 */
function stale(detail = ""): Record<string, unknown> {
  const found = [...detail.matchAll(/^The current version(?: of (\S+))? is (\d+)\. /gm)];
  const currentVersions = found.flatMap(([, jukeId, version]) =>
    jukeId ? [{ jukeId, version: Number(version) }] : [],
  );
  if (currentVersions.length > 0) return { statusCode: 412, currentVersions };
  const version = found[0]?.[2];
  return { statusCode: 412, currentVersion: version && Number(version) };
}

/** The error of a value that is not of its type, as JB504. */
export function valueError(error: GraphQLError): GraphQLError {
  return told(error, error.message, { ...badValue, ...error.extensions });
}

/** The error with another message, at the same place of the document and of the answer. */
function told(
  { nodes, source, positions, path, originalError }: GraphQLError,
  message: string,
  extensions: Record<string, unknown>,
): GraphQLError {
  const known = Object.entries(extensions).filter(([, value]) => value != null && value !== "");
  return new GraphQLError(message, {
    nodes: nodes ?? null,
    source: source ?? null,
    positions: positions ?? null,
    path: path ?? null,
    originalError: originalError ?? null,
    extensions: Object.fromEntries(known),
  });
}
