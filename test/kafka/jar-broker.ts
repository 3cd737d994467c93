import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../lib/database/port.ts";
import type { Broker } from "./broker.ts";
import { untilListening } from "./listening.ts";

const START_MS = 60_000;
const java = [
  "-Xmx400m",
  "-XX:TieredStopAtLevel=1", // it lives for seconds
  "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
];
/** Ends what it runs when its input ends: when it is told to, and when the test's process is gone, however it went. */
const GUARD = '"$@" & cat >/dev/null; kill -9 $!; wait $!';

/** Apache Kafka in KRaft mode, broker and controller in one process, in a directory of its own, on loopback. */
export async function startFromJars(jars: string): Promise<Broker> {
  const directory = mkdtempSync(join(tmpdir(), "jukebase-kafka-"));
  const address = `127.0.0.1:${await freePort()}`;
  const controller = `127.0.0.1:${await freePort()}`;
  const settings = join(directory, "server.properties");
  const lines = Object.entries({
    "process.roles": "broker,controller",
    "node.id": 1,
    "controller.quorum.voters": `1@${controller}`,
    listeners: `PLAINTEXT://${address},CONTROLLER://${controller}`,
    "advertised.listeners": `PLAINTEXT://${address}`,
    "controller.listener.names": "CONTROLLER",
    "inter.broker.listener.name": "PLAINTEXT",
    "log.dirs": join(directory, "data"),
    "auto.create.topics.enable": false,
    // Killed, it is taken for running as long: it cannot register again.
    "broker.session.timeout.ms": 2_000,
    "broker.heartbeat.interval.ms": 500,
    "group.initial.rebalance.delay.ms": 0,
    "offsets.topic.replication.factor": 1,
    "offsets.topic.num.partitions": 1,
  });
  writeFileSync(settings, lines.map(([key, value]) => `${key}=${value}\n`).join(""));
  const run = [...java, "-cp", join(jars, "*")];
  const id = randomBytes(16).toString("base64url");
  execFileSync("java", [...run, "kafka.tools.StorageTool", "format", "-t", id, "-c", settings], {
    stdio: "pipe",
  });

  let child: ChildProcess | undefined;
  const start = async () => {
    const log = openSync(join(directory, "log"), "a");
    child = spawn("sh", ["-c", GUARD, "sh", "java", ...run, "kafka.Kafka", settings], {
      stdio: ["pipe", log, log],
    });
    try {
      await untilListening(address, START_MS);
    } catch (error) {
      const said = readFileSync(join(directory, "log"), "utf8").slice(-2_000);
      throw new Error(`${(error as Error).message}:\n${said}`);
    }
  };
  const kill = async () => {
    if (!child || child.exitCode !== null) return;
    const ended = once(child, "exit");
    child.stdin?.end();
    await ended;
  };
  const stop = async () => {
    await kill();
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    await start();
  } catch (error) {
    await stop();
    throw error;
  }
  return { address, crash: { kill, restart: start }, stop };
}
