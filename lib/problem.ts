/**
 * Everything an operator can put right, told in one sentence. A `Problem` is expected: it is printed
 * without a stack, and ends the process with the exit code of its own code. Anything else is a bug.
 */

/** The codes of the toolchain and the exit code each ends the process with. */
export const exitCodes = {
  JB001: 10, // a setting has a value that cannot be used
  JB002: 11, // no way to get a database on this machine
  JB003: 12, // the database server does not answer
  JB004: 13, // the server refuses the login
  JB005: 14, // the server is older than Postgres 15
  JB006: 15, // an extension is not available on the server
  JB007: 16, // the database user lacks a right
  JB008: 17, // the port is taken
  JB009: 18, // the data directory was made by another major version
  JB010: 19, // jukebase already runs on this data directory
  JB011: 20, // the database server does not start, or ended by itself
  JB012: 21, // the data directory cannot be used
  JB013: 22, // root, and no unprivileged account to run the server as
  JB014: 23, // the server is a standby
  JB015: 24, // the database is not encoded in UTF-8
  JB016: 25, // the database does not exist
  JB601: 40, // a migration changed after it was applied
  JB602: 41, // another migration run holds the lock
  JB603: 42, // a migration failed
  JB604: 43, // the migrations on disk and in the ledger are not one sequence
  JB605: 44, // a file name in migrations/ is not that of a migration
  JB606: 45, // a file of sql/ failed
  JB607: 46, // a function changed its signature
  JB608: 47, // `-- requires:` names a file that is not there, or a circle
  JB609: 48, // the committed schema differs from the migrated one
  JB610: 49, // the database differs from the files
} as const;

export type ProblemCode = keyof typeof exitCodes;

export type ProblemParts = {
  code: ProblemCode;
  /** One sentence, lower case, no full stop: what is wrong. */
  message: string;
  /** What the system said, word for word. */
  detail?: string | undefined;
  /** What to do about it. */
  hint?: string | undefined;
  cause?: unknown;
};

export class Problem extends Error {
  readonly code: ProblemCode;
  readonly detail: string | undefined;
  readonly hint: string | undefined;

  constructor({ code, message, detail, hint, cause }: ProblemParts) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "Problem";
    this.code = code;
    this.detail = detail;
    this.hint = hint;
  }

  get exitCode(): number {
    return exitCodes[this.code];
  }
}

/**
 * The text an error is shown as: the sentence, then detail and hint on lines of their own.
 * With `debug` the stack follows, for a bug as for a problem.
 */
export function describeError(error: unknown, debug = false): string {
  const lines: string[] = [];
  if (error instanceof Problem) {
    lines.push(`jukebase: ${error.message} (${error.code})`);
    if (error.detail) lines.push(...indented("detail", error.detail));
    if (error.hint) lines.push(...indented("hint", error.hint));
  } else {
    const { message, code } = coded(error);
    lines.push(`jukebase: unexpected error: ${message}${code ? ` (${code})` : ""}`);
    if (!debug) lines.push("  hint: run again with JUKEBASE_DEBUG=1 to see where it comes from");
  }
  if (debug && error instanceof Error && error.stack) lines.push(error.stack);
  return lines.join("\n");
}

/** Prints the error to stderr; returns the exit code it asks for (1 for a bug). */
export function reportError(error: unknown, debug = process.env.JUKEBASE_DEBUG === "1"): number {
  process.stderr.write(`${describeError(error, debug)}\n`);
  return error instanceof Problem ? error.exitCode : 1;
}

/**
 * The SQLSTATE or system error code of an error and a message that is never empty
 * (an AggregateError of a failed connect has none of its own).
 */
export function coded(error: unknown): { code: string | undefined; message: string } {
  if (!(error instanceof Error)) return { code: undefined, message: String(error) };
  const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
  return { code, message: error.message || code || error.name };
}

function indented(label: string, text: string): string[] {
  const [first = "", ...rest] = text.trimEnd().split("\n");
  return [`  ${label}: ${first}`, ...rest.map((line) => `    ${line}`)];
}
