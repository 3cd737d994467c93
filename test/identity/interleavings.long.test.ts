import { allPairs } from "./interleaving-pairs.ts";
import { testInterleavings } from "./interleaving-promises.ts";

await testInterleavings(allPairs, 1_800_000);
