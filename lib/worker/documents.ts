import { setTimeout as sleep } from "node:timers/promises";
import type { Sql } from "postgres";

/**
 * Waits until the worker has brought every search document up to date; reports the number of marks left. Returns
 * the number of documents.
 */
export async function documentsUpToDate(
  sql: Sql,
  onProgress: (left: number) => void = () => {},
): Promise<number> {
  for (;;) {
    const [row] = await sql<{ left: number; documents: number }[]>`
      select
        (select count(*)::int from descriptor.dirty) as left,
        (select count(*)::int from descriptor.document) as documents`;
    if (!row || row.left === 0) return row?.documents ?? 0;
    onProgress(row.left);
    await sleep(50);
  }
}
