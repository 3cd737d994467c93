import { type Logger, pino } from "pino";
import pretty from "pino-pretty";
import type { LogLevel } from "./config.ts";

/** The log: readable lines on a terminal, one JSON object a line elsewhere; on stderr, so that stdout stays clean. */
export function createLogger(level: LogLevel): Logger {
  return process.stderr.isTTY
    ? pino({ level }, pretty({ destination: 2, sync: true, ignore: "pid,hostname" }))
    : pino({ level }, pino.destination({ fd: 2, sync: true }));
}
