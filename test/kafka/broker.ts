import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { afterAll } from "vitest";
import { brokerJars } from "./broker-jars.ts";
import { startContainer } from "./container-broker.ts";
import { startFromJars } from "./jar-broker.ts";

/** A real broker, one node. */
export type Broker = {
  /** host:port, as KAFKA_BROKERS wants it. */
  address: string;
  /** Ends it as kill -9 does, and starts it again with the data it had. Not for a broker that is somebody else's. */
  crash?: { kill(): Promise<void>; restart(): Promise<void> };
  stop(): Promise<void>;
};

/**
 * The broker of this test file, or why there is none: that of KAFKA_BROKERS; else one in a container, where containers can
 * be run; else Apache Kafka from Maven's jars, where there is a java. It is stopped after the file. No topic is made by
 * asking for it.
 */
export async function openBroker(): Promise<Broker | { missing: string }> {
  const broker = await findBroker();
  if ("missing" in broker) console.warn(`tests against Kafka are skipped: ${broker.missing}`);
  else afterAll(broker.stop);
  return broker;
}

async function findBroker(): Promise<Broker | { missing: string }> {
  const given = process.env.KAFKA_BROKERS?.trim();
  if (given) return { address: given, stop: async () => {} };
  // Looked for by hand: the library takes its time to find that there is none.
  if (process.env.DOCKER_HOST || existsSync("/var/run/docker.sock")) {
    const container = await startContainer();
    if ("address" in container) return container;
    console.warn(`no broker in a container: ${container.missing}`);
  }
  const found = await brokerJars();
  return "jars" in found ? startFromJars(found.jars) : found;
}

/** A name that no other test has used: a broker that is somebody else's keeps what it is given. */
export function newTopic(): string {
  return `jukebase-test-${randomBytes(6).toString("hex")}`;
}
