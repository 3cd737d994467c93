import type pg from "pg";
import type { Logger } from "pino";
import { createHub, type Hub } from "../feed/hub.ts";
import type { FeedSource } from "../feed/page.ts";
import { feedSource } from "../feed/source.ts";
import { listenToFeed } from "../feed-listener.ts";
import { limits } from "./limits.ts";
import { serverCloses, tooManyStreams } from "./refusals.ts";
import { settingsOf } from "./settings.ts";

/** How streams are kept; what is left out is that of `limits`. */
export type StreamOptions = {
  /** How often an idle stream says that it is alive, in milliseconds. */
  heartbeatMs?: number;
  /** How long a client may take nothing before it is cut off, in milliseconds. */
  drainMs?: number;
  /** Streams at most, of HTTP and of GraphQL together. */
  maxStreams?: number;
  /** How often to look at the feed when nobody notifies, in milliseconds. */
  intervalMs?: number;
};

export type ApiFeed = Required<StreamOptions> & {
  source: FeedSource;
  hub: Hub;
  logger: Logger;
  /** Aborted, with the reason for the client, when the server closes. */
  signal: AbortSignal;
  /** Begins to listen. Raises what a failed connection raises. */
  listen(url: string): Promise<void>;
  /** Ends all streams. */
  close(): void;
  /** Ends the connection that listens. */
  release(): Promise<void>;
};

/** The feed of a server: one connection that listens wakes all of its streams. */
export function createFeed({
  pool,
  logger,
  streams = {},
}: {
  pool: pg.Pool;
  logger: Logger;
  streams?: StreamOptions | undefined;
}): ApiFeed {
  const options: Required<StreamOptions> = {
    heartbeatMs: limits.heartbeatMs,
    drainMs: limits.drainMs,
    maxStreams: limits.maxStreams,
    intervalMs: limits.lookMs,
    ...streams,
  };
  const source = feedSource(pool, settingsOf(undefined));
  const hub = createHub({
    source,
    logger,
    limit: limits.streamPage,
    maxStreams: options.maxStreams,
    tooMany: () => tooManyStreams(options.maxStreams),
    intervalMs: options.intervalMs,
    gapMs: limits.lookGapMs,
    maxReads: limits.feedReads,
  });
  const closing = new AbortController();
  const close = () => {
    if (closing.signal.aborted) return;
    const reason = serverCloses();
    closing.abort(reason);
    hub.close(reason);
  };
  let stop = async () => {};
  return {
    ...options,
    source,
    hub,
    logger,
    signal: closing.signal,
    async listen(url) {
      stop = await listenToFeed(url, { onChange: hub.wake, logger });
    },
    close,
    async release() {
      close();
      await stop();
    },
  };
}
