import { test } from "vitest";
import { historyLanes } from "./history-lanes.ts";

test(
  "2,000 random histories agree with the model at every step, and break no rule",
  await historyLanes(2_000, 8),
  300_000,
);
