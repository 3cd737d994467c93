import { describe } from "vitest";
import { promisesUnderLoad } from "./promises.ts";

describe("under sixteen writers", () => {
  promisesUnderLoad({ milliseconds: 7_000, events: 2_000, batches: 2 });
});
