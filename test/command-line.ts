import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { onTestFinished } from "vitest";
import { projectPath } from "../lib/project.ts";

export type Outcome = { code: number | null; stdout: string; stderr: string };

/** Starts `jukebase` with arguments and settings; the settings of this process do not reach it. */
export function jukebase(args: string[], settings: Record<string, string> = {}): ChildProcess {
  const { DATABASE_URL, DATA_DIR, KAFKA_BROKERS, ...env } = process.env;
  const child = spawn(process.execPath, [projectPath("cli.ts"), ...args], {
    env: { ...env, ...settings },
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

export async function outcome(child: ChildProcess): Promise<Outcome> {
  let stdout = "";
  let stderr = "";
  child.stdout?.on("data", (data) => (stdout += data));
  child.stderr?.on("data", (data) => (stderr += data));
  const [code] = await once(child, "close");
  return { code, stdout, stderr };
}

/** Runs `jukebase` to its end. */
export function run(args: string[], settings: Record<string, string> = {}): Promise<Outcome> {
  return outcome(jukebase(args, settings));
}
