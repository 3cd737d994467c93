/** What a long-running command opens is closed through this, newest first. */
export type Lifetime = {
  defer(close: () => Promise<void>): void;
};

/**
 * Runs the work until it is done or SIGINT or SIGTERM asks for the end, then closes what it deferred, newest
 * first. Of two that are nested, the inner one answers the signal. Returns whether a signal ended it. A second
 * signal, later than a second after the first, ends the process at once (the terminal and npm both deliver the
 * first Ctrl-C).
 */
export async function untilStopped(
  work: (lifetime: Lifetime) => Promise<unknown>,
): Promise<boolean> {
  const closers: (() => Promise<void>)[] = [];
  const signal = listenForSignal();
  // Work that only waits, for the database of someone else say, keeps no process running by itself.
  const heartbeat = setInterval(() => {}, 60_000);
  const working = work({ defer: (close) => closers.push(close) }).then(() => false);
  try {
    return await Promise.race([working, signal.received]);
  } finally {
    // What the work still attempts while it is being closed may fail: nobody waits for it any more.
    working.catch(() => {});
    for (const close of closers.reverse()) await close();
    clearInterval(heartbeat);
    signal.ignore();
  }
}

/** Those who wait for a signal, innermost last. */
const waiting: (() => void)[] = [];
let firstSignalAt: number | undefined;

function listenForSignal(): { received: Promise<true>; ignore: () => void } {
  const { promise, resolve } = Promise.withResolvers<true>();
  const receive = () => resolve(true);
  if (waiting.length === 0) {
    process.on("SIGINT", passOn);
    process.on("SIGTERM", passOn);
  }
  waiting.push(receive);
  const ignore = () => {
    waiting.splice(waiting.indexOf(receive), 1);
    if (waiting.length > 0) return;
    process.removeListener("SIGINT", passOn);
    process.removeListener("SIGTERM", passOn);
    firstSignalAt = undefined;
  };
  return { received: promise, ignore };
}

function passOn(): void {
  if (firstSignalAt !== undefined && Date.now() - firstSignalAt > 1_000) process.exit(130);
  firstSignalAt ??= Date.now();
  waiting.at(-1)?.();
}
