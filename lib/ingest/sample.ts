import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Sql } from "postgres";
import { projectPath } from "../project.ts";
import { deliver } from "./delivery.ts";
import { createReader } from "./reader.ts";

/** Who delivers the sample's NDJSON; its MusicBrainz documents are delivered by musicbrainz. */
const SOURCE = "sample";

/**
 * Takes the sample catalog in, by the ordinary way, unless the catalog holds something already. Returns the number
 * of entities it made, 0 when there was nothing to do.
 */
export async function ingestSample(
  sql: Sql,
  onProgress: (file: string, nth: number, files: number) => void = () => {},
): Promise<number> {
  const [{ occupied } = { occupied: true }] = await sql<{ occupied: boolean }[]>`
    select exists (select from catalog.entity) as occupied`;
  if (occupied) return 0;

  const directory = projectPath("sample");
  const names = await readdir(directory, { recursive: true });
  const files = names.filter((name) => /\.(json|ndjson)$/.test(name)).sort();
  const reader = createReader();
  let minted = 0;
  try {
    for (const [index, name] of files.entries()) {
      onProgress(name, index + 1, files.length);
      const source = name.endsWith(".ndjson") ? SOURCE : undefined;
      const result = await deliver(sql, join(directory, name), { source, reader });
      minted += result.entitiesMinted;
    }
  } finally {
    await reader.close();
  }
  return minted;
}
