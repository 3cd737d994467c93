import { Problem } from "../problem.ts";
import { oneOf, text, unusable } from "../setting.ts";
import { readAllowance } from "./address.ts";
import type { FetchLimits } from "./limits.ts";
import { readS3Settings, type S3Settings } from "./s3/settings.ts";

/** What an operator decides of fetching; to be spread into the options of `fetchDelivery`. */
export type FetchSettings = {
  /** FETCH_ALLOW_HTTP. */
  allowHttp: boolean;
  /** FETCH_ALLOW_PRIVATE: hosts, addresses and ranges that are not public and may be fetched from; `true` is all. */
  allowPrivate: boolean | string[];
  /** FETCH_MAX_BYTES and FETCH_MAX_SECONDS. */
  limits: Partial<FetchLimits>;
  /** S3_ENDPOINT and what belongs to it. */
  s3: S3Settings | undefined;
};

/** Reads the settings of fetching. Raises JB001 for a value that cannot be used. */
export function readFetchSettings(env: NodeJS.ProcessEnv): FetchSettings {
  // A terabyte and a day, beyond which a number is more likely to be a mistake.
  const bytes = count(env, "FETCH_MAX_BYTES", 1024 ** 4);
  const seconds = count(env, "FETCH_MAX_SECONDS", 86_400);
  return {
    allowHttp: oneOf(env, "FETCH_ALLOW_HTTP", ["true", "false"]) === "true",
    allowPrivate: allowed(env, "FETCH_ALLOW_PRIVATE"),
    limits: {
      ...(bytes !== undefined && { bytes }),
      ...(seconds !== undefined && { totalMs: seconds * 1000 }),
    },
    s3: readS3Settings(env),
  };
}

function allowed(env: NodeJS.ProcessEnv, name: string): boolean | string[] {
  const value = text(env, name);
  if (value === undefined || value === "false") return false;
  if (value === "true") return true;
  const entries = value
    .split(",")
    .map((entry) => entry.trim())
    .filter(Boolean);
  try {
    readAllowance(entries);
  } catch (error) {
    throw error instanceof Problem ? unusable(name, value, error.hint ?? "") : error;
  }
  return entries;
}

function count(env: NodeJS.ProcessEnv, name: string, most: number): number | undefined {
  const value = text(env, name);
  if (value === undefined) return undefined;
  const number = Number(value);
  if (/^\d+$/.test(value) && number >= 1 && number <= most) return number;
  throw unusable(name, value, `use a number from 1 to ${most}`);
}
