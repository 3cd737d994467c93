/** The notifier in a process of its own, as in production: started and stopped by messages, each of which is answered when it is done. */
import { pino } from "pino";
import { startNotifier } from "../lib/worker/notifier.ts";

const url = process.argv[2] as string;
let stop: (() => Promise<void>) | undefined;

process.on("message", async (message) => {
  await stop?.();
  stop = message === "start" ? startNotifier(url, pino({ level: "silent" })) : undefined;
  process.send?.(message);
});
process.once("disconnect", () => process.exit());
