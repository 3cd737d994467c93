import { Admin } from "@platformatic/kafka";
import { Ajv2020 } from "ajv/dist/2020.js";
import ajvFormats from "ajv-formats";
import { beforeEach, describe, expect, test } from "vitest";
import schema from "../../lib/feed/kafka/event.schema.json" with { type: "json" };
import { startWorker } from "../../lib/worker/worker.ts";
import { deliver, entityOf } from "../catalog-builder.ts";
import type { TestDatabase } from "../database.ts";
import { connections, until } from "../worker/until.ts";
import { newTopic, openBroker } from "./broker.ts";
import {
  catalogDatabase,
  lag,
  logged,
  place,
  settingsOf,
  startPublishing,
  startWriters,
  truth,
  untilPublished,
} from "./catalog.ts";
import { read, values, verdict } from "./reading.ts";

const broker = await openBroker();
const address = "address" in broker ? broker.address : "";

const ajv = new Ajv2020({ strictTypes: false, allErrors: true });
ajvFormats.default(ajv);
const valid = ajv.compile(schema);

const artist = (id: string, name: string) => ({ kind: "artist" as const, id, name });

describe.skipIf("missing" in broker)("the feed, published to Kafka", { timeout: 120_000 }, () => {
  let database: TestDatabase;
  let topic: string;
  beforeEach(async () => {
    database = await catalogDatabase();
    topic = newTopic();
  });

  test("has what happened before, and what happens, with the entity as it is", async () => {
    const { sql, url } = database;
    await deliver(sql, "local", [artist("a", "before"), artist("b", "Björk 🎵")]);
    await startPublishing(url, settingsOf(address, topic));
    await until("the first are published", async () => (await lag(sql)) === 0);
    const received = await read(address, topic);
    await deliver(sql, "local", [artist("a", "after")]);
    await untilPublished(sql, received);

    const id = await entityOf(sql, "local", "artist", "a");
    const names = values(received)
      .filter(({ data }) => data.jukeId === id)
      .map(({ data }) => [data.version, data.entity?.version, data.entity?.displayName]);
    expect(names).toEqual([
      [1, 1, "before"],
      [2, 2, "after"],
    ]);
    for (const { key, value, headers } of received) {
      valid(JSON.parse(value ?? ""));
      expect(valid.errors).toBeNull();
      expect(headers["content-type"]).toMatch(/^application\/cloudevents\+json/);
      expect(JSON.parse(value ?? "")).toMatchObject({
        subject: key,
        id: headers.ce_id,
        source: headers.ce_source,
        data: { jukeId: key, entity: { jukeId: key } },
      });
    }
    const [{ cluster } = {}] = await sql`
      select c.system_identifier::text as cluster from pg_control_system() c`;
    expect(values(received)[0]?.source).toMatch(new RegExp(`^urn:jukebase:${cluster}:\\d+$`));
  });

  test("has every event once and those of an entity in order, under several writers", async () => {
    const { sql, url } = database;
    await startPublishing(url, settingsOf(address, topic));
    const stop = startWriters(sql, 4, 40);
    await until("a lot has happened", async () => (await truth(sql)).length > 2_500);
    await stop();
    const received = await read(address, topic);
    await untilPublished(sql, received);

    const all = await truth(sql);
    expect(received).toHaveLength(all.length);
    expect(verdict(values(received), all)).toEqual({ missing: 0, twice: 0, disordered: 0 });
    const partitions = new Map(received.map(({ key, partition }) => [key, partition]));
    expect(received.filter(({ key, partition }) => partitions.get(key) !== partition)).toEqual([]);
    expect(new Set(partitions.values()).size).toBe(6);
  });

  test("tells a delete, a tombstone after it, and the return; a merge tells where it went", async () => {
    const { sql, url } = database;
    await deliver(sql, "local", [artist("a", "gone"), artist("b", "winner"), artist("c", "loser")]);
    const [gone = "", winner = "", loser = ""] = await Promise.all(
      ["a", "b", "c"].map((id) => entityOf(sql, "local", "artist", id)),
    );
    await startPublishing(url, settingsOf(address, topic));
    await until("the first are published", async () => (await lag(sql)) === 0);
    const received = await read(address, topic);
    const [{ operation_id: operation } = {}] =
      await sql`select operation_id from identity.delete(${gone}, 'test')`;
    await untilPublished(sql, received);
    await sql`select from identity.undo(${operation})`;
    await sql`select from identity.merge(${winner}, ${[loser]}::uuid[], 'test')`;
    await untilPublished(sql, received);

    const ofGone = received.filter(({ key }) => key === gone);
    expect(
      ofGone.map(({ value }) => {
        if (value === null) return "tombstone";
        const { data } = JSON.parse(value);
        return [data.op, data.entity?.displayName];
      }),
    ).toEqual([["upsert", "gone"], ["delete", undefined], "tombstone", ["upsert", "gone"]]);
    expect(ofGone[2]?.headers.ce_id).toBe(ofGone[1]?.headers.ce_id);
    expect(ofGone[2]?.headers.ce_id).toMatch(/^\d+$/);
    expect(values(received).find(({ data }) => data.op === "merge")?.data).toMatchObject({
      jukeId: loser,
      entity: { status: "merged", mergedInto: winner },
    });
  });

  test("is published by one of two workers, and by the other when that one is stopped", async () => {
    const { sql, url } = database;
    const settings = settingsOf(address, topic);
    const workers = await Promise.all([
      startPublishing(url, settings),
      startPublishing(url, settings),
    ]);
    const leading = async () => {
      const rows = await sql`
        select a.pid from pg_locks l join pg_stat_activity a using (pid)
        where l.locktype = 'advisory' and l.granted and l.objid = 7503211 -- that of the leader; a poll has one too
          and a.datname = current_database() and a.application_name = 'jukebase kafka'`;
      return rows.map(({ pid }) => pid);
    };
    await until("one leads", async () => (await leading()).length > 0);
    await until(
      "both are there",
      async () => (await connections(sql, "jukebase kafka")).length === 2,
    );
    const leaders = await leading();
    expect(leaders).toHaveLength(1);
    await deliver(sql, "local", [artist("a", "one")]);
    await until("it is published", async () => (await lag(sql)) === 0);
    const received = await read(address, topic);

    // Whichever it is, one of the two goes on.
    await workers[0]?.stop();
    await deliver(sql, "local", [artist("a", "two"), artist("b", "three")]);
    await untilPublished(sql, received);
    expect(await leading()).toHaveLength(1);
    expect(verdict(values(received), await truth(sql))).toEqual({
      missing: 0,
      twice: 0,
      disordered: 0,
    });
  });

  test("goes on when the connection to Postgres is ended, again and again", async () => {
    const { sql, url } = database;
    const { logger, lines } = logged();
    await startPublishing(url, settingsOf(address, topic), logger);
    await until("it has begun", async () => (await lag(sql)) !== undefined);
    const stop = startWriters(sql, 2, 40);
    for (let cut = 0; cut < 4; cut++) {
      const before = await place(sql);
      await until("it publishes", async () => (await place(sql)) !== before);
      await sql`
        select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and application_name = 'jukebase kafka'`;
    }
    await stop();
    await until("it has caught up", async () => (await lag(sql)) === 0);
    const received = await read(address, topic);
    await untilPublished(sql, received);
    expect(verdict(values(received), await truth(sql))).toMatchObject({
      missing: 0,
      disordered: 0,
    });
    expect(lines.at(-1)?.msg).toBe("kafka: the feed is being published again");
  });

  test("stands still while the topic is missing and not to be made, says so once, and goes on when it is there", async () => {
    const { sql, url } = database;
    const { logger, lines } = logged();
    await deliver(sql, "local", [artist("a", "one")]);
    const settings = settingsOf(address, topic, { KAFKA_CREATE_TOPIC: "false" });
    await startPublishing(url, settings, logger);
    await until("it is told", () => lines.length > 0);
    const before = await place(sql);
    await deliver(sql, "local", [artist("b", "two")]);
    expect(await lag(sql)).toBe(2);
    expect(await place(sql)).toBe(before);

    const admin = new Admin({ clientId: "test", bootstrapBrokers: [address] });
    await admin.createTopics({ topics: [topic], partitions: 1, replicas: 1 });
    await admin.close();
    await until("it is published", async () => (await lag(sql)) === 0);
    const received = await read(address, topic);
    await untilPublished(sql, received);
    expect(lines.map(({ code, msg }) => [code, msg])).toEqual([
      ["JB322", `kafka: there is no topic ${topic}`],
      [undefined, "kafka: the feed is being published again"],
    ]);
  });

  test("stands still when its place is lost, says what to do, and goes on after feed.reset", async () => {
    const { sql, url } = database;
    const { logger, lines } = logged();
    await deliver(sql, "local", [artist("a", "one")]);
    // The place of a cluster that was another's, as after a restore.
    await sql`select from feed.add_consumer('kafka')`;
    const [row] = await sql`
      update feed.consumer
      set cursor = feed.seal(regexp_replace(regexp_replace(cursor, '^[0-9]+', '1'), '/[^/]*$', ''))
      where consumer = 'kafka'
      returning cursor`;
    const worker = await startPublishing(url, settingsOf(address, topic), logger);
    const told = await until("it is told", () => lines[0]);
    expect(told).toMatchObject({
      level: 50,
      code: "JB302",
      hint: expect.stringContaining("select feed.reset('kafka')"),
    });
    expect(await place(sql)).toBe(row?.cursor);
    await sql`select feed.reset('kafka')`;
    await until("it is published", async () => (await lag(sql)) === 0);
    const received = await read(address, topic);
    await untilPublished(sql, received);
    expect(lines).toHaveLength(2);
    await worker.stop();
  });

  test("is not held up by an entity that is larger than what a request may have", async () => {
    const { sql, url } = database;
    const long = "x".repeat(2_000);
    const { logger, lines } = logged();
    const admin = new Admin({ clientId: "test", bootstrapBrokers: [address] });
    // Much smaller than requests are: they are halved until they fit.
    await admin.createTopics({
      topics: [topic],
      partitions: 2,
      replicas: 1,
      configs: [{ name: "max.message.bytes", value: "20000" }],
    });
    await deliver(
      sql,
      "local",
      Array.from({ length: 100 }, (_, n) => artist(`a${n}`, `${n} ${long.slice(0, 900)}`)),
    );
    await startPublishing(url, settingsOf(address, topic), logger);
    await until("all is published", async () => (await lag(sql)) === 0);
    await admin.close();
    const received = await read(address, topic);
    await untilPublished(sql, received);
    expect(verdict(values(received), await truth(sql))).toMatchObject({
      missing: 0,
      disordered: 0,
    });
    expect(lines).toEqual([]);
  });

  test("is read from the beginning once more after feed.reset: the same ids", async () => {
    const { sql, url } = database;
    await deliver(sql, "local", [artist("a", "one"), artist("b", "two")]);
    await startPublishing(url, settingsOf(address, topic));
    await until("all is published", async () => (await lag(sql)) === 0);
    await sql`select feed.reset('kafka')`;
    const received = await read(address, topic);
    await until("all is read twice", () => received.length === 4);
    expect(verdict(values(received), await truth(sql))).toEqual({
      missing: 0,
      twice: 2,
      disordered: 0,
    });
    expect(received[2]?.value).toBe(received.find((each) => each.key === received[2]?.key)?.value);
  });

  test("goes on where it ended when it is sent to another topic, and the log says what that one lacks", async () => {
    const { sql, url } = database;
    const { logger, lines } = logged();
    await deliver(sql, "local", [artist("a", "one")]);
    const first = await startPublishing(url, settingsOf(address, topic), logger);
    await until("it is published", async () => (await lag(sql)) === 0);
    await first.stop();
    expect(lines).toEqual([]);

    const other = newTopic();
    await startPublishing(url, settingsOf(address, other), logger);
    await until("it is told", () => lines.length > 0);
    expect(lines).toMatchObject([
      {
        msg: `kafka: topic ${other} was made, and lacks what was published before`,
        hint: expect.stringContaining("select feed.reset('kafka')"),
      },
    ]);
    await deliver(sql, "local", [artist("b", "two")]);
    const received = await read(address, other);
    await until("the second is read", () => received.length > 0);
    expect(values(received).map(({ data }) => data.entity?.displayName)).toEqual(["two"]);
  });

  test("is not published while the consumer is paused", async () => {
    const { sql, url } = database;
    await deliver(sql, "local", [artist("a", "zero")]);
    await startPublishing(url, settingsOf(address, topic));
    await until("it is published", async () => (await lag(sql)) === 0);
    const received = await read(address, topic);
    await sql`select feed.pause('kafka')`;
    await deliver(sql, "local", [artist("a", "one")]);
    await sql`select feed.resume('kafka')`;
    await deliver(sql, "local", [artist("b", "two")]);
    await untilPublished(sql, received);
    expect(verdict(values(received), await truth(sql))).toEqual({
      missing: 0,
      twice: 0,
      disordered: 0,
    });
  });

  test("ends with the worker: no connection is left, and what was acknowledged is not sent again", async () => {
    const { sql, url } = database;
    const settings = settingsOf(address, topic);
    const stop = startWriters(sql, 2, 40);
    for (let life = 0; life < 3; life++) {
      const before = await place(sql);
      const worker = await startPublishing(url, settings);
      await until("it publishes", async () => (await place(sql)) !== before);
      await worker.stop();
      await until("no connection is left", async () => (await connections(sql)).length === 0);
    }
    await stop();
    await startPublishing(url, settings);
    await until("it has caught up", async () => (await lag(sql)) === 0);
    const received = await read(address, topic);
    await untilPublished(sql, received);
    expect(verdict(values(received), await truth(sql))).toEqual({
      missing: 0,
      twice: 0,
      disordered: 0,
    });
  });
});

test("without KAFKA_BROKERS a worker publishes nothing and adds no consumer", async () => {
  const { sql, url } = await catalogDatabase();
  const worker = await startWorker(url, logged().logger);
  await deliver(sql, "local", [artist("a", "one")]);
  await until("the worker works", async () => {
    const [row] = await sql`select count(*)::int as built from descriptor.document`;
    return row?.built === 1;
  });
  expect(await lag(sql)).toBeUndefined();
  expect(await connections(sql, "jukebase kafka")).toEqual([]);
  await worker.stop();
});
