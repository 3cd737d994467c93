import { narrow, pairs, races, threes } from "./interleaving-pairs.ts";
import { testInterleavings } from "./interleaving-promises.ts";

await testInterleavings([...narrow, ...pairs, ...threes, ...races], 300_000);
