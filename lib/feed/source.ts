import { createWithPgClient } from "@dataplan/pg/adaptors/pg";
import type pg from "pg";
import { coded } from "../problem.ts";
import type { FeedPage, FeedRow, FeedSource } from "./page.ts";

/**
 * The feed of a database, read in transactions with these settings (the role, the time a statement may take). Raises what
 * `feed.read` raises, and what a failed connection does.
 */
export function feedSource(pool: pg.Pool, settings: Record<string, string>): FeedSource {
  const withPgClient = createWithPgClient({ pool });
  const one = <Row extends object>(text: string, values: unknown[] = []): Promise<Row> =>
    withPgClient(settings, async (client) => {
      const { rows } = await client.query<Row>({ text, values });
      if (!rows[0]) throw new Error(`no row: ${text}`);
      return rows[0];
    });
  return {
    async head() {
      const { head } = await one<{ head: string }>("select feed.head() as head /* feed:head */");
      return head;
    },
    async read({ cursor, limit, kinds, until }): Promise<FeedPage> {
      const read = () =>
        one<{ next_cursor: string; updates: FeedRow[] }>(
          `select next_cursor, to_jsonb(updates) as updates
           from feed.read($1, $2, $3::catalog.entity_kind[], $4) /* feed:read */`,
          [cursor, limit, kinds, until ?? null],
        );
      // 40001: a partition was dropped while it was read. Read again, the cursor has expired or has not.
      const page = await read().catch((error) => {
        if (coded(error).code === "40001") return read();
        throw error;
      });
      return { updates: page.updates, cursor: page.next_cursor };
    },
  };
}
