import pgListen from "pg-listen";
import type { Logger } from "pino";

/** The channel on which the notifier says that the feed has grown. Without a payload: read the feed by cursor. */
export const FEED_CHANNEL = "jukebase_feed";

/**
 * Calls `onChange` whenever the feed may have grown: on every notification, and on every connect, because what was
 * sent while the connection was down is lost. Reconnects for ever. Returns the function that ends it.
 */
export async function listenToFeed(
  url: string,
  { onChange, logger }: { onChange: () => void; logger: Logger },
): Promise<() => Promise<void>> {
  const subscriber = pgListen.default(
    { connectionString: url, application_name: "jukebase listener" },
    {
      // The default gives up for good after three seconds.
      retryTimeout: Number.POSITIVE_INFINITY,
      retryInterval: (attempt) => Math.min(250 * 2 ** attempt, 10_000),
      parse: (payload) => payload,
    },
  );
  subscriber.events.on("error", (error) => logger.warn(`feed listener: ${error.message}`));
  subscriber.events.on("connected", onChange);
  subscriber.notifications.on(FEED_CHANNEL, onChange);
  await subscriber.connect();
  await subscriber.listenTo(FEED_CHANNEL);
  return () => subscriber.close();
}
