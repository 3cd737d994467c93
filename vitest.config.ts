import { defineConfig } from "vitest/config";

/** `npm test` runs every `*.test.ts`; `npm run test:long` (mode "long") runs the `*.long.test.ts`. */
export default defineConfig(({ mode }) => ({
  test: {
    globalSetup: ["test/server.ts"],
    include: mode === "long" ? ["test/**/*.long.test.ts"] : ["test/**/*.test.ts"],
    exclude: mode === "long" ? [] : ["test/**/*.long.test.ts"],
    testTimeout: mode === "long" ? 600_000 : 30_000,
    hookTimeout: 120_000,
    passWithNoTests: true,
  },
}));
