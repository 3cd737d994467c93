import type { ServerResponse } from "node:http";
import { tooSlow } from "../refusals.ts";

/** How long the last words may take to leave before the connection is cut, in milliseconds. */
const FAREWELL_MS = 1_000;

export type Writer = {
  /**
   * Writes, and waits until the client has room for more; returns whether it is still there. Raises JB516 when it has taken
   * nothing in time, and the reason of the signal.
   */
  write(text: string): Promise<boolean>;
  /** Says a last thing, if the client takes it, and ends the connection. */
  end(text: string): void;
};

/** Writes to a client as fast as it reads, and no faster. */
export function writerOf(
  response: ServerResponse,
  { drainMs, signal }: { drainMs: number; signal: AbortSignal },
): Writer {
  // A connection that is lost is closed too.
  response.on("error", () => {});
  return {
    write: (text) =>
      new Promise((resolve, reject) => {
        if (response.destroyed) return resolve(false);
        if (signal.aborted) return reject(signal.reason);
        if (response.write(text)) return resolve(true);
        const settle = (error?: unknown) => {
          clearTimeout(late);
          response.off("drain", settled);
          response.off("close", settled);
          signal.removeEventListener("abort", aborted);
          if (error) reject(error);
          else resolve(!response.destroyed);
        };
        const settled = () => settle();
        const aborted = () => settle(signal.reason);
        const late = setTimeout(() => settle(tooSlow(drainMs)), drainMs);
        response.on("drain", settled);
        response.on("close", settled);
        signal.addEventListener("abort", aborted);
      }),
    end(text) {
      // Node takes it from the response when that is finished.
      const { socket } = response;
      response.end(text);
      const cut = setTimeout(() => response.destroy(), FAREWELL_MS);
      response.on("finish", () => socket?.destroySoon());
      response.on("close", () => clearTimeout(cut));
    },
  };
}
