import { describe } from "vitest";
import { promisesUnderLoad } from "./promises.ts";

/** How many events: `EVENTS=2000000 npm run test:long`. */
const events = Number(process.env.EVENTS ?? 200_000);

describe("under sixteen writers, for long", () => {
  promisesUnderLoad({ milliseconds: 60_000, events, batches: 12, small: 25 });
});
