import { test } from "vitest";
import { historyLanes } from "./history-lanes.ts";

/** How many histories: `HISTORIES=100000 npm run test:long`. */
const count = Number(process.env.HISTORIES ?? 5_000);

test(
  "long random histories agree with the model at every step, and break no rule",
  // Shrinking takes hours here; the failure tells the whole history.
  await historyLanes(count, 30, { endOnFailure: true }),
  7_200_000,
);
