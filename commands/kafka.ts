import type { KafkaSettings } from "../lib/feed/kafka/settings.ts";

/** What the feed is published to: "catalog.events at kafka:9092". Says nothing of the login. */
export function describeTopic({ topic, brokers }: KafkaSettings): string {
  const places = brokers.map(
    ({ host, port }) => `${host.includes(":") ? `[${host}]` : host}:${port}`,
  );
  return `${topic} at ${places.join(", ")}`;
}
