import { expect, test } from "vitest";
import { readConfig } from "../../lib/config.ts";

const KAFKA_BROKERS = "127.0.0.1:9092";

test("without KAFKA_BROKERS nothing is published, whatever else is set", () => {
  expect(readConfig({}).kafka).toBeUndefined();
  expect(readConfig({ KAFKA_BROKERS: " ", KAFKA_TOPIC: "t" }).kafka).toBeUndefined();
});

test("KAFKA_BROKERS alone is enough", () => {
  expect(readConfig({ KAFKA_BROKERS }).kafka).toEqual({
    brokers: [{ host: "127.0.0.1", port: 9092 }],
    topic: "catalog.events",
    createTopic: true,
    partitions: 6,
    replication: -1,
    tls: false,
    login: undefined,
  });
});

test("several brokers, by name or address, and everything else", () => {
  expect(
    readConfig({
      KAFKA_BROKERS: "a.example.org:9092, [::1]:19092",
      KAFKA_TOPIC: "Catalog_1-x.y",
      KAFKA_CREATE_TOPIC: "false",
      KAFKA_PARTITIONS: "12",
      KAFKA_REPLICATION: "3",
      KAFKA_TLS: "true",
      KAFKA_USERNAME: "juke",
      KAFKA_PASSWORD: " with space ",
      KAFKA_MECHANISM: "plain",
    }).kafka,
  ).toEqual({
    brokers: [
      { host: "a.example.org", port: 9092 },
      { host: "::1", port: 19092 },
    ],
    topic: "Catalog_1-x.y",
    createTopic: false,
    partitions: 12,
    replication: 3,
    tls: true,
    login: { username: "juke", password: " with space ", mechanism: "plain" },
  });
});

test.each([
  ["KAFKA_BROKERS", "localhost"],
  ["KAFKA_BROKERS", "localhost:0"],
  ["KAFKA_BROKERS", "localhost:9092,"],
  ["KAFKA_BROKERS", "kafka://localhost:9092"],
  ["KAFKA_TOPIC", "catalog events"],
  ["KAFKA_TOPIC", ".."],
  ["KAFKA_TOPIC", "x".repeat(250)],
  ["KAFKA_CREATE_TOPIC", "perhaps"],
  ["KAFKA_PARTITIONS", "0"],
  ["KAFKA_PARTITIONS", "six"],
  ["KAFKA_REPLICATION", "-2"],
  ["KAFKA_TLS", "1"],
  ["KAFKA_MECHANISM", "gssapi"],
])("%s=%s is refused with JB001, and what is allowed is told", (name, value) => {
  expect(() => readConfig({ KAFKA_BROKERS, [name]: value })).toThrowError(
    expect.objectContaining({
      code: "JB001",
      message: `${name} cannot be "${value}"`,
      hint: expect.stringMatching(/use|write/),
    }),
  );
});

test("half a login is refused, and the password is not repeated", () => {
  expect(() => readConfig({ KAFKA_BROKERS, KAFKA_USERNAME: "juke" })).toThrowError(
    expect.objectContaining({ code: "JB001", message: "KAFKA_PASSWORD is missing" }),
  );
  expect(() => readConfig({ KAFKA_BROKERS, KAFKA_PASSWORD: "tiger" })).toThrowError(
    expect.objectContaining({ code: "JB001", message: "KAFKA_USERNAME is missing" }),
  );
});
