import { randomUUID } from "node:crypto";
import { isSafeError } from "grafast";
import { GraphQLError } from "grafast/graphql";
import type { Logger } from "pino";
import { coded } from "../problem.ts";

/**
 * What a client is told of an error. Ours (SQLSTATE class JB) with code, detail and hint; a value that the
 * database cannot use (class 22) and a query that ran out of time as JB504 and JB505; mistakes in the document as they are.
 * Of anything else only an id, under which the log has it.
 */
export function maskError(logger: Logger): (error: GraphQLError) => GraphQLError {
  return (error) => {
    const { originalError } = error;
    if (!originalError || originalError instanceof GraphQLError) return error;
    if (isSafeError(originalError)) {
      return told(error, originalError.message, { ...originalError.extensions });
    }
    const { code = "", message } = coded(originalError);
    const { detail, hint } = originalError as { detail?: string; hint?: string };
    if (code === "JB162") return told(error, message, { code, detail, hint, ...stale(detail) });
    if (code.startsWith("JB")) return told(error, message, { code, detail, hint });
    if (code.startsWith("22")) return told(error, message, { code: "JB504" });
    if (code === "57014") {
      return told(error, "the query took too long", {
        code: "JB505",
        hint: "Ask for less at once.",
      });
    }
    const errorId = randomUUID();
    logger.error({ err: originalError, errorId, path: error.path }, "a query failed");
    return told(error, "something went wrong on the server", { code: "JB500", errorId });
  };
}

/** Of an edit with a stale version: what HTTP calls a failed precondition, and the version to edit instead. */
function stale(detail = ""): Record<string, unknown> {
  const [, version] = /^The current version is (\d+)\./.exec(detail) ?? [];
  return { statusCode: 412, currentVersion: version && Number(version) };
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
