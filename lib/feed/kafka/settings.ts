import { Problem } from "../../problem.ts";
import { oneOf, text, unusable } from "../../setting.ts";

/** How the broker is told who we are. OAuth and Kerberos are not among them. */
const mechanisms = ["plain", "scram-sha-256", "scram-sha-512"] as const;

export type KafkaSettings = {
  /** KAFKA_BROKERS: where the cluster is asked for its brokers. */
  brokers: { host: string; port: number }[];
  /** KAFKA_TOPIC: what is published to. */
  topic: string;
  /** KAFKA_CREATE_TOPIC: whether a topic that is missing is made. */
  createTopic: boolean;
  /** KAFKA_PARTITIONS and KAFKA_REPLICATION of a topic that is made; -1 is the broker's own default. */
  partitions: number;
  replication: number;
  /** KAFKA_TLS: whether connections are encrypted. */
  tls: boolean;
  /** KAFKA_USERNAME, KAFKA_PASSWORD and KAFKA_MECHANISM. */
  login: { username: string; password: string; mechanism: (typeof mechanisms)[number] } | undefined;
};

/** Reads the settings of Kafka; undefined without KAFKA_BROKERS. Raises JB001 for a value that cannot be used. */
export function readKafkaSettings(env: NodeJS.ProcessEnv): KafkaSettings | undefined {
  const brokers = brokerList(env, "KAFKA_BROKERS");
  if (brokers === undefined) return undefined;
  return {
    brokers,
    topic: topicName(env, "KAFKA_TOPIC") ?? "catalog.events",
    createTopic: yesOrNo(env, "KAFKA_CREATE_TOPIC") ?? true,
    partitions: count(env, "KAFKA_PARTITIONS", 10_000) ?? 6,
    replication: count(env, "KAFKA_REPLICATION", 32_767) ?? -1,
    tls: yesOrNo(env, "KAFKA_TLS") ?? false,
    login: readLogin(env),
  };
}

function brokerList(env: NodeJS.ProcessEnv, name: string): KafkaSettings["brokers"] | undefined {
  const value = text(env, name);
  return value?.split(",").map((each) => {
    const found = /^(?:\[([0-9a-f:.]+)\]|([\w.-]+)):(\d{1,5})$/i.exec(each.trim());
    const port = Number(found?.[3]);
    if (!found || port < 1 || port > 65_535) {
      const hint =
        "write host:port, and a comma between several; the login is KAFKA_USERNAME and KAFKA_PASSWORD";
      // It may hold a password.
      if (value.includes("@"))
        throw new Problem({ code: "JB001", message: `${name} is not a list of brokers`, hint });
      throw unusable(name, value, hint);
    }
    return { host: found[1] ?? found[2] ?? "", port };
  });
}

function topicName(env: NodeJS.ProcessEnv, name: string): string | undefined {
  const value = text(env, name);
  if (value === undefined) return undefined;
  if (/^[\w.-]{1,249}$/.test(value) && !/^\.\.?$/.test(value)) return value;
  throw unusable(name, value, "use 1 to 249 letters, digits, full stops, underscores and hyphens");
}

function yesOrNo(env: NodeJS.ProcessEnv, name: string): boolean | undefined {
  const value = oneOf(env, name, ["true", "false"]);
  return value === undefined ? undefined : value === "true";
}

function count(env: NodeJS.ProcessEnv, name: string, most: number): number | undefined {
  const value = text(env, name);
  if (value === undefined) return undefined;
  const number = Number(value);
  if (/^-?\d+$/.test(value) && (number === -1 || (number >= 1 && number <= most))) return number;
  throw unusable(name, value, `use a number from 1 to ${most}, or -1 for the broker's own default`);
}

/** The password is not repeated. */
function readLogin(env: NodeJS.ProcessEnv): KafkaSettings["login"] {
  const username = text(env, "KAFKA_USERNAME");
  const password = env.KAFKA_PASSWORD || undefined;
  const mechanism = oneOf(env, "KAFKA_MECHANISM", mechanisms) ?? "scram-sha-512";
  if (username === undefined && password === undefined) return undefined;
  if (username !== undefined && password !== undefined) return { username, password, mechanism };
  throw new Problem({
    code: "JB001",
    message: `${username === undefined ? "KAFKA_USERNAME" : "KAFKA_PASSWORD"} is missing`,
    hint: "set both, or neither for a broker that asks for no login",
  });
}
