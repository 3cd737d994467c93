import { Admin, ConfigResourceTypes } from "@platformatic/kafka";
import { describe, expect, onTestFinished, test } from "vitest";
import { readConfig } from "../../lib/config.ts";
import type { KafkaSettings } from "../../lib/feed/kafka/settings.ts";
import { ensureTopic } from "../../lib/feed/kafka/topic.ts";
import { newTopic, openBroker } from "./broker.ts";

const broker = await openBroker();
const address = "address" in broker ? broker.address : "";

function settings(env: Record<string, string> = {}): KafkaSettings {
  const { kafka } = readConfig({ KAFKA_BROKERS: address, KAFKA_TOPIC: newTopic(), ...env });
  if (!kafka) throw new Error("KAFKA_BROKERS is not set");
  return kafka;
}

function admin(): Admin {
  const client = new Admin({ clientId: "test", bootstrapBrokers: [address], retryDelay: 100 });
  onTestFinished(() => client.close());
  return client;
}

describe.skipIf("missing" in broker)("a topic", { timeout: 60_000 }, () => {
  test("that is missing is made, compacted, with the partitions that were asked for", async () => {
    const wanted = settings({ KAFKA_PARTITIONS: "4" });
    expect(await ensureTopic(wanted)).toBe(true);
    const { topics } = await admin().metadata({ topics: [wanted.topic] });
    expect(topics.get(wanted.topic)?.partitionsCount).toBe(4);
    const [described] = await admin().describeConfigs({
      resources: [
        {
          resourceType: ConfigResourceTypes.TOPIC,
          resourceName: wanted.topic,
          configurationKeys: ["cleanup.policy"],
        },
      ],
    });
    expect(described?.configs).toMatchObject([{ name: "cleanup.policy", value: "compact" }]);
  });

  test("that is there is left as it is", async () => {
    const wanted = settings({ KAFKA_PARTITIONS: "2" });
    await ensureTopic(wanted);
    expect(await ensureTopic({ ...wanted, partitions: 9 })).toBe(false);
    const { topics } = await admin().metadata({ topics: [wanted.topic] });
    expect(topics.get(wanted.topic)?.partitionsCount).toBe(2);
  });

  test("is made once when several make it at once", async () => {
    const wanted = settings();
    const made = await Promise.all(Array.from({ length: 5 }, () => ensureTopic(wanted)));
    expect(made.filter(Boolean)).toHaveLength(1);
  });

  test("that is missing and not to be made is told with JB322", async () => {
    const wanted = settings({ KAFKA_CREATE_TOPIC: "false" });
    await expect(ensureTopic(wanted)).rejects.toMatchObject({
      trouble: { code: "JB322", message: `there is no topic ${wanted.topic}`, level: "error" },
    });
    await expect(admin().metadata({ topics: [wanted.topic] })).rejects.toThrowError(
      "Unknown topic",
    );
  });
});
