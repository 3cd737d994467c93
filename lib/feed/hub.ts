import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import { coded } from "../problem.ts";
import type { FeedPage, FeedQuery, FeedSource } from "./page.ts";
import { isTransient } from "./transient.ts";
import { createTurns } from "./turns.ts";

/** One reader's way through the feed. It is pulled: nothing is read before somebody asks for it. */
export type FeedStream = {
  /**
   * The next page that has updates, as soon as there is one; undefined after `close`. Raises JB301, JB302, JB303 and JB305 of
   * the feed, and what `hub.close` was given. To be asked again only when it has answered.
   */
  next(): Promise<FeedPage | undefined>;
  /** Where the reader is: after all that `next` has returned, and what was left out behind it. */
  readonly cursor: string;
  close(): void;
};

export type Hub = {
  /** Says that the feed may have grown. */
  wake(): void;
  /**
   * A stream of what comes after a cursor; without one, of what comes from now on. The first page is read here, so a cursor
   * that cannot be used is refused before anything is sent. Raises what `FeedStream.next` raises, what a failed connection
   * does, and `tooMany` beyond the limit.
   */
  open(query: { after?: string | undefined; kinds: readonly string[] | null }): Promise<FeedStream>;
  /** Ends all streams with this error. */
  close(reason: Error): void;
  /** Streams that are open. */
  readonly openStreams: number;
};

export type HubOptions = {
  source: FeedSource;
  logger: Logger;
  /** Updates of a page at most. */
  limit: number;
  /** Streams at most, and the error beyond. */
  maxStreams: number;
  tooMany: () => Error;
  /** How often to look at the end of the feed when nobody says that it has grown, in milliseconds. */
  intervalMs: number;
  /** How long to wait between looks when it grows all the time, in milliseconds. */
  gapMs: number;
  /** Reads at a time. */
  maxReads: number;
};

/** How long to wait before a read that failed is tried again, in milliseconds. */
const backoff = (attempt: number) => Math.min(250 * 2 ** attempt, 10_000);

/**
 * Shares one look at the end of the feed among all streams. All read up to the same cursor, so those that are at the same
 * place and want the same kinds share each read too: a change costs one read, however many follow.
 */
export function createHub(options: HubOptions): Hub {
  const { source, logger, limit, maxStreams, tooMany, intervalMs, gapMs, maxReads } = options;
  const streams = new Set<{ wake(): void; end(reason: Error): void }>();
  const reads = new Map<string, Promise<FeedPage>>();
  const closing = new AbortController();
  const turn = createTurns(maxReads);
  let opening = 0;
  let until: string | undefined;
  /** Whether the feed may have grown since the last look, while there was no stream to tell. */
  let isStale = true;

  /** The look that is under way, and the one that whoever comes meanwhile waits for. */
  let looking: Promise<string> | undefined;
  let nextLook: Promise<string> | undefined;
  let failures = 0;
  let lookedAt = Number.NEGATIVE_INFINITY;
  let delayed: NodeJS.Timeout | undefined;

  /** The end of the feed, at a moment that is not before this call. */
  function look(): Promise<string> {
    if (!looking) {
      looking = lookOnce().finally(() => {
        looking = undefined;
      });
      return looking;
    }
    nextLook ??= looking.then(again, again);
    return nextLook;
  }
  function again(): Promise<string> {
    nextLook = undefined;
    return look();
  }

  async function lookOnce(): Promise<string> {
    if (closing.signal.aborted) throw closing.signal.reason;
    isStale = false;
    const head = await source.head().catch((error: unknown) => {
      isStale = true;
      throw error;
    });
    failures = 0;
    lookedAt = performance.now();
    if (head !== until) {
      until = head;
      for (const stream of streams) stream.wake();
    }
    return head;
  }

  function wake(): void {
    if (streams.size === 0) isStale = true;
    if (streams.size === 0 || closing.signal.aborted || delayed) return;
    const gap = lookedAt + gapMs - performance.now();
    if (gap > 0) {
      wakeLater(gap);
      return;
    }
    look().catch((error: unknown) => {
      if (closing.signal.aborted) return;
      if (isTransient(error)) {
        logger.warn(`feed: ${coded(error).message}`);
        wakeLater(backoff(failures++));
      } else {
        for (const stream of [...streams]) stream.end(error as Error);
      }
    });
  }

  function wakeLater(milliseconds: number): void {
    if (delayed) return;
    delayed = setTimeout(() => {
      delayed = undefined;
      wake();
    }, milliseconds);
    delayed.unref();
  }

  /** A read, shared with whoever asks for the same meanwhile; tried until it succeeds or is refused. */
  function read(query: FeedQuery): Promise<FeedPage> {
    const key = JSON.stringify(query);
    const shared = reads.get(key);
    if (shared) return shared;
    const reading = readUntilItWorks(query).finally(() => reads.delete(key));
    reads.set(key, reading);
    return reading;
  }

  async function readInTurn(query: FeedQuery): Promise<FeedPage> {
    const done = await turn();
    try {
      return await source.read(query);
    } finally {
      done();
    }
  }

  async function readUntilItWorks(query: FeedQuery): Promise<FeedPage> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await readInTurn(query);
      } catch (error) {
        if (closing.signal.aborted || !isTransient(error)) throw error;
        logger.warn(`feed: ${coded(error).message}`);
        await sleep(backoff(attempt), undefined, { signal: closing.signal });
      }
    }
  }

  const timer = setInterval(wake, intervalMs);
  timer.unref();

  return {
    wake,
    get openStreams() {
      return streams.size;
    },
    async open({ after, kinds }) {
      if (closing.signal.aborted) throw closing.signal.reason;
      if (streams.size + opening >= maxStreams) throw tooMany();
      opening += 1;
      try {
        const known = [...new Set(kinds)].sort();
        const query = { limit, kinds: kinds && known };
        const end = after === undefined || until === undefined || isStale ? await look() : until;
        const cursor = after ?? end;
        const first =
          after === undefined ? undefined : await readInTurn({ ...query, cursor, until: end });
        const stream = openStream(query, cursor, end, first);
        // What was said while it was opened was said to nobody.
        if (isStale) wake();
        return stream;
      } finally {
        opening -= 1;
      }
    },
    close(reason) {
      closing.abort(reason);
      clearInterval(timer);
      clearTimeout(delayed);
      for (const stream of [...streams]) stream.end(reason);
    },
  };

  function openStream(
    query: { limit: number; kinds: readonly string[] | null },
    start: string,
    end: string,
    first: FeedPage | undefined,
  ): FeedStream {
    if (closing.signal.aborted) throw closing.signal.reason;
    let cursor = start;
    let pending = first;
    /** The end that all has been read up to. */
    let reached = first ? undefined : end;
    let isOpen = true;
    let failure: Error | undefined;
    let onWake = () => {};
    let onClose = () => {};

    const close = (reason?: Error) => {
      if (!isOpen) return;
      isOpen = false;
      failure = reason;
      streams.delete(handle);
      onWake();
      onClose();
    };
    const handle = { wake: () => onWake(), end: close };
    streams.add(handle);

    /** The page; undefined at once when the stream is closed meanwhile. */
    const readPage = (goal: string) =>
      new Promise<FeedPage | undefined>((resolve, reject) => {
        onClose = () => resolve(undefined);
        read({ ...query, cursor, until: goal }).then(resolve, reject);
      });
    const change = () =>
      new Promise<void>((resolve) => {
        onWake = resolve;
      });

    return {
      get cursor() {
        return cursor;
      },
      async next() {
        while (isOpen) {
          const goal = pending ? end : (until ?? end);
          if (!pending && reached === goal) {
            await change();
            continue;
          }
          const page = pending ?? (await readPage(goal));
          pending = undefined;
          if (!page) continue;
          if (page.cursor === goal || page.cursor === cursor) reached = goal;
          cursor = page.cursor;
          if (page.updates.length > 0) return page;
        }
        if (failure) throw failure;
        return undefined;
      },
      close: () => close(),
    };
  }
}
