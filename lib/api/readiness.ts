import { requireMigrated } from "../migrate/migrate.ts";
import { coded } from "../problem.ts";

export type Readiness = { ready: true } | { ready: false; code: string; reason: string };

/** How long an answer holds, in milliseconds: probes of many are one question to the database. */
const VALID_MS = 1_000;

/**
 * The function that says whether the API can answer: the database is there, and has been through every migration
 * that this version knows. It never raises, and takes as long as a connection at most.
 */
export function readinessOf(url: string): () => Promise<Readiness> {
  let asked: Promise<Readiness> | undefined;
  let until = 0;
  return () => {
    if (asked && Date.now() < until) return asked;
    until = Number.POSITIVE_INFINITY;
    asked = check(url).finally(() => {
      until = Date.now() + VALID_MS;
    });
    return asked;
  };
}

async function check(url: string): Promise<Readiness> {
  try {
    await requireMigrated(url);
    return { ready: true };
  } catch (error) {
    const { code = "JB003", message } = coded(error);
    // Where the database is, which the message of other problems says, is nobody's business.
    const reason = code === "JB610" ? message : "the database does not answer";
    return { ready: false, code, reason };
  }
}
