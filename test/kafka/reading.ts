import { randomUUID } from "node:crypto";
import { Consumer, stringDeserializers } from "@platformatic/kafka";
import { onTestFinished } from "vitest";

/** A message as a reader gets it. */
export type Received = {
  key: string;
  /** Null for a tombstone. */
  value: string | null;
  headers: Record<string, string>;
  partition: number;
};

/** The parts of a value that tests look at. */
export type Value = {
  id: string;
  source: string;
  type: string;
  data: {
    jukeId: string;
    op: string;
    version: number;
    entity: { version: number; status: string; displayName: string; mergedInto?: string } | null;
  };
};

/** Reads a topic from its beginning until the test is over; the array grows, those of a partition in their order. */
export async function read(address: string, topic: string): Promise<Received[]> {
  const consumer = new Consumer({
    clientId: "test",
    groupId: randomUUID(),
    bootstrapBrokers: [address],
    retries: 100,
    retryDelay: 100,
    autocommit: false,
    maxWaitTime: 50,
    deserializers: stringDeserializers,
  });
  const received: Received[] = [];
  const stream = await consumer.consume({ topics: [topic], mode: "earliest" });
  stream.on("error", () => {}); // the broker is gone for a while: it goes on
  stream.on("data", ({ key, value, headers, partition }) => {
    received.push({
      key: key ?? "",
      value: value ?? null,
      headers: Object.fromEntries(headers ?? []) as Record<string, string>,
      partition,
    });
  });
  onTestFinished(async () => {
    await consumer.close(true);
  });
  return received;
}

/** The events among what was received; tombstones left out. */
export function values(received: readonly Received[]): Value[] {
  return received.flatMap(({ value }) => (value === null ? [] : [JSON.parse(value)]));
}

export type Log = { id: string; juke_id: string; version: number };

/** What a log lacks of the truth, has more than once, and has in another order than the versions of the entity. */
export function verdict(log: readonly Value[], truth: readonly Log[]) {
  const seen = new Set<string>();
  const last = new Map<string, number>();
  let twice = 0;
  let disordered = 0;
  for (const { id, data } of log) {
    if (seen.has(id)) twice += 1;
    else if (data.version <= (last.get(data.jukeId) ?? 0)) disordered += 1;
    seen.add(id);
    last.set(data.jukeId, Math.max(data.version, last.get(data.jukeId) ?? 0));
  }
  return { missing: truth.filter(({ id }) => !seen.has(id)).length, twice, disordered };
}
