import { createHash } from "node:crypto";
import { CronExpressionParser } from "cron-parser";

/** Once an hour. */
const HOURLY = "0 * * * *";
/** How much later than its schedule a location may be fetched, in milliseconds: thousands are not to be at once. */
const SPREAD_MS = 10 * 60_000;

/** When a location is to be fetched next, by the cron expression of its source (UTC); always the same time after it for one URL. */
export function nextFetch(schedule: string | null, url: string, now = new Date()): Date {
  // One that was written into the database by hand may be none: such a source is fetched every hour.
  const usable = schedule !== null && scheduleFault(schedule) === undefined ? schedule : HOURLY;
  const next = CronExpressionParser.parse(usable, { currentDate: now, tz: "UTC" }).next();
  const share = createHash("sha256").update(url).digest().readUInt32BE() / 2 ** 32;
  return new Date(next.getTime() + Math.floor(share * SPREAD_MS));
}

/** Why a cron expression cannot be used; undefined when it can. Five fields: minute, hour, day, month, weekday. */
export function scheduleFault(schedule: string): string | undefined {
  if (schedule.trim().split(/\s+/).length !== 5)
    return "a schedule has five fields: minute hour day month weekday";
  try {
    CronExpressionParser.parse(schedule, { tz: "UTC" });
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
