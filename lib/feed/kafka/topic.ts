import { Admin } from "@platformatic/kafka";
import { clientOptions } from "./client.ts";
import type { KafkaSettings } from "./settings.ts";
import { PublishError, refusal } from "./trouble.ts";

/**
 * Sees that the topic is there, and makes it when it may: compacted, so that it keeps the last message of every entity.
 * Answers whether it was made. Raises JB322 when it is missing and not to be made, and what the client raises.
 */
export async function ensureTopic(settings: KafkaSettings): Promise<boolean> {
  const { topic, createTopic, partitions, replication } = settings;
  const admin = new Admin(clientOptions(settings));
  try {
    if (await exists(admin, topic)) return false;
    if (!createTopic) {
      throw new PublishError({
        code: "JB322",
        message: `there is no topic ${topic}`,
        detail: "KAFKA_CREATE_TOPIC is false: it is not made.",
        hint: "Make it, or name another in KAFKA_TOPIC.",
        level: "error",
      });
    }
    await admin.createTopics({
      topics: [topic],
      partitions,
      replicas: replication,
      configs: [{ name: "cleanup.policy", value: "compact" }],
    });
    return true;
  } catch (error) {
    if (refusal(error) === "TOPIC_ALREADY_EXISTS") return false; // somebody else was faster
    throw error;
  } finally {
    await admin.close();
  }
}

async function exists(admin: Admin, topic: string): Promise<boolean> {
  try {
    await admin.metadata({ topics: [topic], autocreateTopics: false });
    return true;
  } catch (error) {
    // The client says so in words alone.
    if (error instanceof Error && error.message.startsWith("Unknown topic ")) return false;
    throw error;
  }
}
