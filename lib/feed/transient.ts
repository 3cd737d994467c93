import { coded } from "../problem.ts";

/**
 * Whether a statement that failed may succeed when it is sent again: the connection was lost or refused, the server starts,
 * stops or is full. Not what the database has to say against the statement itself, nor that it ran out of time: it would again.
 */
export function isTransient(error: unknown): boolean {
  // A mistake of ours.
  if ([TypeError, RangeError, ReferenceError, SyntaxError].some((each) => error instanceof each))
    return false;
  const { code } = coded(error);
  // What node and the pool say of a connection has no SQLSTATE.
  if (code === undefined || !/^[0-9A-Z]{5}$/.test(code) || !/\d/.test(code)) return true;
  return code !== "57014" && ["08", "25", "40", "53", "55", "57", "58"].includes(code.slice(0, 2));
}
