import { pairs, races, threes } from "./interleaving-pairs.ts";
import { testInterleavings } from "./interleaving-promises.ts";

await testInterleavings([...pairs, ...threes, ...races], 300_000);
