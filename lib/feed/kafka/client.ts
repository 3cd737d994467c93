import { isIP } from "node:net";
import type { BaseOptions } from "@platformatic/kafka";
import type { KafkaSettings } from "./settings.ts";

/** What every client of the broker is made with. It tries once: whoever asks decides what comes next. */
export function clientOptions({ brokers, tls, login }: KafkaSettings): BaseOptions {
  return {
    clientId: "jukebase",
    bootstrapBrokers: brokers,
    retries: 0,
    // The broker is told which name it is called by (SNI); it cannot be told an address.
    ...(tls ? { tls: {}, tlsServerName: !brokers.some(({ host }) => isIP(host)) } : {}),
    ...(login
      ? {
          sasl: {
            mechanism: mechanisms[login.mechanism],
            username: login.username,
            password: login.password,
          },
        }
      : {}),
  };
}

const mechanisms = {
  plain: "PLAIN",
  "scram-sha-256": "SCRAM-SHA-256",
  "scram-sha-512": "SCRAM-SHA-512",
} as const;
