import { expect, test } from "vitest";
import { untilStopped } from "../../lib/lifetime.ts";

test("a signal closes what was opened, newest first", async () => {
  const closed: string[] = [];
  const stopped = await untilStopped(async (lifetime) => {
    lifetime.defer(async () => void closed.push("database"));
    lifetime.defer(async () => void closed.push("server"));
    setTimeout(() => process.emit("SIGTERM"), 10);
    await new Promise(() => {});
  });
  expect(stopped).toBe(true);
  expect(closed).toEqual(["server", "database"]);
});

test("a failure closes what was opened, and is passed on", async () => {
  const closed: string[] = [];
  const run = untilStopped(async (lifetime) => {
    lifetime.defer(async () => void closed.push("database"));
    throw new Error("the server does not start");
  });
  await expect(run).rejects.toThrow("the server does not start");
  expect(closed).toEqual(["database"]);
});

test("what fails while it is being closed is nobody's error", async () => {
  await untilStopped(async (lifetime) => {
    const { promise, reject } = Promise.withResolvers<void>();
    lifetime.defer(async () => reject(new Error("connection closed")));
    setTimeout(() => process.emit("SIGINT"), 10);
    await promise;
  });
});

test("of two that are nested the inner one answers the signal, and is closed first", async () => {
  const closed: string[] = [];
  const stopped = await untilStopped(async (outer) => {
    outer.defer(async () => void closed.push("database"));
    const innerStopped = await untilStopped(async (inner) => {
      inner.defer(async () => void closed.push("worker"));
      setTimeout(() => process.emit("SIGTERM"), 10);
      await new Promise(() => {});
    });
    expect(innerStopped).toBe(true);
  });
  expect(closed).toEqual(["worker", "database"]);
  expect(stopped).toBe(false);
});
