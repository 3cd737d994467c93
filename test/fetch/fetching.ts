import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type Fetched, type FetchOptions, fetchDelivery } from "../../lib/fetch/delivery.ts";
import { FetchError } from "../../lib/fetch/error.ts";
import type { FetchLimits } from "../../lib/fetch/limits.ts";

/** A directory that lives as long as the test. */
export function scratchDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "jukebase-fetch-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Pauses are short; the rest is as it is by default. */
export const quick: Partial<FetchLimits> = { backoffMs: 1 };

type Options = Partial<FetchOptions>;

/** Fetches from a server on loopback, which is allowed here. */
export async function fetching(url: string, options: Options = {}): Promise<Fetched> {
  return fetchDelivery(url, {
    directory: scratchDirectory(),
    allowHttp: true,
    allowPrivate: true,
    limits: quick,
    ...options,
  });
}

export type FetchedFile = Extract<Fetched, { status: "fetched" }> & { content: Buffer };

/** What was fetched, with the content of its file. */
export async function fetchedFile(url: string, options: Options = {}): Promise<FetchedFile> {
  const fetched = await fetching(url, options);
  if (fetched.status !== "fetched") throw new Error(`it is ${fetched.status}`);
  return { ...fetched, content: readFileSync(fetched.path) };
}

/** The FetchError that a fetch ends with; another error, a success and a file that is left behind fail the test. */
export async function refused(url: string, options: Options = {}): Promise<FetchError> {
  const directory = scratchDirectory();
  const error = await fetching(url, { directory, ...options }).then(
    () => {
      throw new Error("it was fetched");
    },
    (error) => error,
  );
  if (!(error instanceof FetchError)) throw error;
  const left = readdirSync(directory);
  if (left.length > 0) throw new Error(`left behind: ${left.join(", ")}`);
  return error;
}
