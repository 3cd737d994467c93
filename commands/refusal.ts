import { basename } from "node:path";
import { FormatError } from "../formats/index.ts";
import { FetchError } from "../lib/fetch/error.ts";
import { printable } from "../lib/printable.ts";
import { coded } from "../lib/problem.ts";

/** Why a delivery was refused, for the person who delivers. */
export type Refusal = {
  file: string;
  code: string | undefined;
  reason: string;
  detail?: string;
  hint?: string;
};

/**
 * What the delivery itself is to blame for; undefined for everything else. Of SQLSTATE classes: JB our own, 22 data
 * exception, 23 constraint violation, 54 a limit of the server.
 */
export function refusalOf(file: string, error: unknown): Refusal | undefined {
  if (error instanceof FormatError) {
    return { file, code: error.code, reason: withPath(file, error), hint: error.hint };
  }
  if (error instanceof FetchError) {
    const { code, message, detail, hint } = error;
    return { file, code, reason: message, ...(detail ? { detail } : {}), hint };
  }
  const { code, message } = coded(error);
  if (!/^(JB|22|23|54)/.test(code ?? "")) return undefined;
  const { detail, hint } = error as { detail?: string; hint?: string };
  return {
    file,
    code,
    reason: `${file}: ${message}`,
    ...(detail ? { detail } : {}),
    ...(hint ? { hint } : {}),
  };
}

/** The reason, with the whole path where the reader knows the name alone: several folders may have a file of that name. */
function withPath(path: string, { file, message }: FormatError): string {
  const isShort = basename(path) === file && message.startsWith(file);
  return isShort ? path + message.slice(file.length) : message;
}

export function printRefusals(refused: Refusal[]): void {
  for (const { reason, code, detail, hint } of refused) {
    console.error(`refused ${printable(reason)}${code ? ` (${code})` : ""}`);
    if (detail) console.error(`  detail: ${printable(detail)}`);
    if (hint) console.error(`  hint: ${printable(hint)}`);
  }
}
