import { freePort } from "../../lib/database/port.ts";
import { coded } from "../../lib/problem.ts";
import type { Broker } from "./broker.ts";
import { KAFKA_VERSION } from "./broker-jars.ts";
import { untilListening } from "./listening.ts";

const START_MS = 60_000;

/** Apache Kafka in a container, or why there is none. Its port is the same on both sides, as it tells it to clients. */
export async function startContainer(): Promise<Broker | { missing: string }> {
  try {
    const { GenericContainer, getContainerRuntimeClient } = await import("testcontainers");
    const port = await freePort();
    const container = await new GenericContainer(`apache/kafka:${KAFKA_VERSION}`)
      .withExposedPorts({ container: port, host: port })
      .withEnvironment({
        KAFKA_NODE_ID: "1",
        KAFKA_PROCESS_ROLES: "broker,controller",
        KAFKA_CONTROLLER_QUORUM_VOTERS: "1@localhost:9093",
        KAFKA_LISTENERS: `PLAINTEXT://:${port},CONTROLLER://localhost:9093`,
        KAFKA_ADVERTISED_LISTENERS: `PLAINTEXT://localhost:${port}`,
        KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        KAFKA_CONTROLLER_LISTENER_NAMES: "CONTROLLER",
        KAFKA_INTER_BROKER_LISTENER_NAME: "PLAINTEXT",
        KAFKA_AUTO_CREATE_TOPICS_ENABLE: "false",
        KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: "0",
        KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: "1",
        KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS: "1",
      })
      .withStartupTimeout(START_MS)
      .start();
    const address = `localhost:${port}`;
    const { container: containers } = await getContainerRuntimeClient();
    const itself = containers.getById(container.getId());
    return {
      address,
      crash: {
        kill: async () => void (await itself.kill()),
        restart: async () => {
          await itself.start();
          await untilListening(address, START_MS);
        },
      },
      stop: async () => void (await container.stop()),
    };
  } catch (error) {
    return { missing: coded(error).message };
  }
}
