import { setTimeout as sleep } from "node:timers/promises";

/** Sleeps; returns at once when the signal is raised. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch(() => {});
}
