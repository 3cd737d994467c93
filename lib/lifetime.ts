/** What a long-running command opens is closed through this, newest first. */
export type Lifetime = {
  defer(close: () => Promise<void>): void;
};

/**
 * Runs the work until it is done or SIGINT or SIGTERM asks for the end, then closes what it deferred, newest
 * first. A second signal, later than a second after the first, ends the process at once: npm and the terminal
 * both deliver the first Ctrl-C.
 */
export async function untilStopped(work: (lifetime: Lifetime) => Promise<void>): Promise<void> {
  const closers: (() => Promise<void>)[] = [];
  const signals = listenForSignals();
  // Work that only waits, for the database of someone else say, keeps no process running by itself.
  const heartbeat = setInterval(() => {}, 60_000);
  const working = work({ defer: (close) => closers.push(close) });
  try {
    await Promise.race([working, signals.first]);
  } finally {
    // What the work still attempts while it is being closed may fail: nobody waits for it any more.
    working.catch(() => {});
    for (const close of closers.reverse()) await close();
    clearInterval(heartbeat);
    signals.stopListening();
  }
}

function listenForSignals(): { first: Promise<void>; stopListening: () => void } {
  let since: number | undefined;
  let onFirst: () => void;
  const first = new Promise<void>((resolve) => {
    onFirst = resolve;
  });
  const listener = () => {
    if (since !== undefined && Date.now() - since > 1_000) process.exit(130);
    since ??= Date.now();
    onFirst();
  };
  process.on("SIGINT", listener);
  process.on("SIGTERM", listener);
  return {
    first,
    stopListening: () => {
      process.removeListener("SIGINT", listener);
      process.removeListener("SIGTERM", listener);
    },
  };
}
