import { coded } from "../problem.ts";

/** The image a container is made of; the tag is the major version of the embedded server. */
const image = "postgres:18";

/** Starts a Postgres in a container, or says why there is none: no package, or no container runtime. */
export async function startContainer(): Promise<
  { url: string; stop(): Promise<void> } | { missing: string }
> {
  const library = await import("@testcontainers/postgresql").catch(() => undefined);
  if (!library) return { missing: "the package @testcontainers/postgresql is not installed" };
  try {
    const container = await new library.PostgreSqlContainer(image).start();
    return {
      url: container.getConnectionUri(),
      stop: async () => {
        await container.stop();
      },
    };
  } catch (error) {
    return { missing: coded(error).message };
  }
}
