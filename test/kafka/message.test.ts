import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import ajvFormats from "ajv-formats";
import { expect, test } from "vitest";
import schema from "../../lib/feed/kafka/event.schema.json" with { type: "json" };
import { EVENT_SCHEMA, messagesOf, type PublishedEvent } from "../../lib/feed/kafka/message.ts";
import { projectPath } from "../../lib/project.ts";

const ajv = new Ajv2020({ strictTypes: false, allErrors: true });
ajvFormats.default(ajv);
const valid = ajv.compile(schema);

const source = "urn:jukebase:7560000000000000001:16384";
const jukeId = "01990000-0000-7000-8000-000000000001";
const event: PublishedEvent = {
  id: "42",
  at: new Date("2026-03-01T12:34:56.789Z"),
  kind: "artist",
  juke_id: jukeId,
  op: "upsert",
  version: 3,
  changed: ["name", "aliases"],
  actor: "ada",
  delivery_id: null,
  entity: { jukeId, kind: "artist", version: 3, name: "Björk" },
};

test("an event is one CloudEvent in structured mode, keyed by its entity", () => {
  const [message, ...more] = messagesOf(event, source);
  expect(more).toEqual([]);
  expect(message).toMatchObject({
    key: jukeId,
    headers: { "content-type": "application/cloudevents+json; charset=UTF-8", ce_id: "42" },
  });
  expect(JSON.parse(message?.value ?? "")).toEqual({
    specversion: "1.0",
    id: "42",
    source,
    type: "io.jukebase.entity.upsert",
    subject: jukeId,
    time: "2026-03-01T12:34:56.789Z",
    datacontenttype: "application/json",
    dataschema: EVENT_SCHEMA,
    data: {
      jukeId,
      kind: "artist",
      op: "upsert",
      version: 3,
      changed: ["name", "aliases"],
      actor: "ada",
      deliveryId: null,
      entity: event.entity,
    },
  });
});

test("a delete is followed by a tombstone that names its event in the headers", () => {
  const [message, tombstone, ...more] = messagesOf(
    { ...event, op: "delete", entity: null },
    source,
  );
  expect(more).toEqual([]);
  expect(JSON.parse(message?.value ?? "")).toMatchObject({
    type: "io.jukebase.entity.delete",
    data: { op: "delete", entity: null },
  });
  expect(tombstone).toEqual({
    key: jukeId,
    value: null,
    headers: { ce_id: "42", ce_source: source, ce_type: "io.jukebase.entity.delete" },
  });
});

test("the same event is the same message", () => {
  expect(messagesOf(event, source)).toEqual(messagesOf({ ...event }, source));
});

test.each<Partial<PublishedEvent>>([
  {},
  { op: "merge", changed: ["status"] },
  { op: "split", changed: null, actor: null, delivery_id: "7" },
  { op: "delete", entity: null },
])("what is published is valid by the schema: %j", (changes) => {
  const [message] = messagesOf({ ...event, ...changes }, source);
  valid(JSON.parse(message?.value ?? ""));
  expect(valid.errors).toBeNull();
});

test("the schema refuses what is none of it", () => {
  const [message] = messagesOf(event, source);
  const value = JSON.parse(message?.value ?? "");
  const { data } = value;
  for (const wrong of [
    { ...value, id: 42 },
    { ...value, source: "jukebase" },
    { ...value, time: "yesterday" },
    { ...value, more: 1 },
    { ...value, data: { ...data, op: "insert" } },
    { ...value, data: { ...data, version: 0 } },
    { ...value, data: { ...data, entity: undefined } },
  ]) {
    expect(valid(JSON.parse(JSON.stringify(wrong)))).toBe(false);
  }
  expect(schema.$id).toBe(EVENT_SCHEMA);
});

test("docs/reference/kafka.md describes every key of the schema, and its example is valid by it", () => {
  const reference = readFileSync(projectPath("docs/reference/kafka.md"), "utf8");
  const example = /```json\n(\{.*?\n\})\n```/s.exec(reference)?.[1] ?? "";
  valid(JSON.parse(example));
  expect(valid.errors).toBeNull();
  const { properties } = schema;
  for (const key of [
    ...Object.keys(properties),
    ...Object.keys(properties.data.properties).map((key) => `data.${key}`),
  ]) {
    expect(reference).toContain(`| \`${key}\` |`);
  }
  for (const type of properties.type.enum) {
    expect(reference).toContain(type.replace("io.jukebase.entity.", ""));
  }
});
