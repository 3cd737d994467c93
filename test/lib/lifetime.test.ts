import { expect, test } from "vitest";
import { untilStopped } from "../../lib/lifetime.ts";

test("a signal closes what was opened, newest first", async () => {
  const closed: string[] = [];
  await untilStopped(async (lifetime) => {
    lifetime.defer(async () => void closed.push("database"));
    lifetime.defer(async () => void closed.push("server"));
    setTimeout(() => process.emit("SIGTERM"), 10);
    await new Promise(() => {});
  });
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
