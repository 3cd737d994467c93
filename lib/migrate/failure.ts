import postgres from "postgres";
import { coded, Problem, type ProblemCode } from "../problem.ts";

/**
 * An error of Postgres while a file ran, as a problem that names the file and, when the server says where, the
 * line of the statement.
 */
export function fileProblem(code: ProblemCode, file: string, error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (!(error instanceof postgres.PostgresError)) {
    return new Problem({ code, message: `${file} failed: ${coded(error).message}`, cause: error });
  }
  const at = lineAt(error.query, Number(error.position));
  const details = [
    at && `at line ${at.number} of the SQL: ${at.text}`,
    error.detail,
    error.where,
  ].filter(Boolean);
  return new Problem({
    code,
    message: `${file} failed: ${error.message} (${error.code})`,
    detail: details.join("\n") || undefined,
    hint: error.hint,
    cause: error,
  });
}

/** The line of a text that holds the character at a position counted from 1. */
export function lineAt(
  text: string | undefined,
  position: number,
): { number: number; text: string } | undefined {
  if (!text || !(position >= 1)) return undefined;
  // Postgres counts characters, JavaScript UTF-16 units.
  const before = [...text].slice(0, position - 1).join("");
  const number = before.split("\n").length;
  return { number, text: (text.split("\n")[number - 1] ?? "").trim() };
}
