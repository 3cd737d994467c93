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
  let closed = false;
  const close = async () => {
    closed = true;
    await subscriber.close();
  };
  const subscriber = pgListen.default(
    { connectionString: url, application_name: "jukebase listener" },
    {
      // The default gives up for good after three seconds.
      retryTimeout: Number.POSITIVE_INFINITY,
      retryInterval: (attempt) => Math.min(250 * 2 ** attempt, 10_000),
      parse: (payload) => payload,
    },
  );
  // A reconnect that is under way does not see that it was closed: it is ended here, before or after it succeeds.
  subscriber.events.on("reconnect", () => {
    if (closed) throw new Error("the feed listener is closed");
  });
  subscriber.events.on("connected", () => {
    if (closed) subscriber.close();
  });
  subscriber.events.on("error", (error) => {
    if (!closed) logger.warn(`feed listener: ${error.message}`);
  });
  subscriber.notifications.on(FEED_CHANNEL, onChange);
  try {
    await subscriber.connect();
    await subscriber.listenTo(FEED_CHANNEL);
  } catch (error) {
    await close();
    throw error;
  }
  // Not before it listens: what is sent in between would be lost. After a reconnect it listens when this is emitted.
  subscriber.events.on("connected", onChange);
  onChange();
  return close;
}
