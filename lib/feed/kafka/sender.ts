import { setTimeout as sleep } from "node:timers/promises";
import { compatibilityPartitioner, Producer, stringSerializers } from "@platformatic/kafka";
import { clientOptions } from "./client.ts";
import type { Message } from "./message.ts";
import type { KafkaSettings } from "./settings.ts";
import { isTooLarge } from "./trouble.ts";

/** How often the client itself tries again, in one producer's sequence: the broker drops what it has already. */
const RETRIES = 8;
/** How many of these are no trouble yet: a broker that was just started takes a moment. */
const HESITATION = 3;
/** A produce request of at most so many bytes: brokers take batches of 1 MB, unless they are told otherwise. */
const REQUEST_BYTES = 800_000;
/** How long a connection may take to close, in milliseconds: to a broker that hangs it never does. */
const CLOSE_MS = 2_000;

export type Sender = {
  /** Resolves when all in-sync replicas have all messages; they go out in their order, one request after the other. */
  send(messages: Message[]): Promise<void>;
  close(): Promise<void>;
};

/** An idempotent producer. After it has failed it is to be closed: what was sent then is to be sent again by another. */
export function openSender(settings: KafkaSettings, onRetry: (error: Error) => void): Sender {
  const producer = new Producer<string, string | null, string, string>({
    ...clientOptions(settings),
    idempotent: true, // one request at a time, acks of all replicas
    partitioner: compatibilityPartitioner, // the one of the Java clients
    serializers: { ...stringSerializers, value: (value) => bytesOf(value) },
    retries: RETRIES,
    retryDelay: (_client, _operation, attempt, _retries, error) => {
      if (attempt > HESITATION) onRetry(error);
      return Math.min(50 * 2 ** attempt, 2_000);
    },
  });
  let most = REQUEST_BYTES;
  return {
    async send(messages) {
      for (let rest = messages; rest.length > 0; ) {
        const count = countWithin(rest, most);
        try {
          await producer.send({
            messages: rest.slice(0, count).map((each) => ({ ...each, topic: settings.topic })),
          });
          rest = rest.slice(count);
        } catch (error) {
          // Nothing of a partition's batch was written; what other partitions took comes twice.
          if (count === 1 || !isTooLarge(error)) throw error;
          most = Math.ceil(most / 2);
        }
      }
    },
    close: () => Promise.race([producer.close(), sleep(CLOSE_MS, undefined, { ref: false })]),
  };
}

/** The client has null for a tombstone on the wire, and undefined in its types. */
function bytesOf(value: string | null | undefined): Buffer | undefined {
  return value === null || value === undefined ? undefined : Buffer.from(value);
}

/** How many of the messages, at least one, are together no larger than `most` bytes. */
function countWithin(messages: Message[], most: number): number {
  let bytes = 0;
  for (const [count, { value }] of messages.entries()) {
    bytes += Buffer.byteLength(value ?? "") + 300; // the key, the headers and what surrounds them
    if (bytes > most && count > 0) return count;
  }
  return messages.length;
}
