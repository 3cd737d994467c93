import type pg from "pg";

/** Rows of a fetch. */
const ROWS = 200;

export type Bootstrap = {
  /** The cursor that continues from the moment of the read. */
  cursor: string;
  /** The entities, each a line of JSON with a line feed at its end; some lines at a time. */
  lines(): AsyncGenerator<{ text: string; entities: number }>;
  /** Ends the transaction, also in the middle of it. */
  close(): Promise<void>;
};

/**
 * Opens `feed.bootstrap`: the catalog, or some kinds of it, as of one moment. The rows stay on the server and are fetched as they are
 * asked for, in one transaction with these settings. Raises what `feed.bootstrap` raises, and what a failed connection does.
 */
export async function openBootstrap(
  pool: pg.Pool,
  settings: Record<string, string>,
  kinds: readonly string[] | null,
): Promise<Bootstrap> {
  const client = await pool.connect();
  let isOpen = true;
  const close = async (failure?: Error) => {
    if (!isOpen) return;
    isOpen = false;
    const error = await client.query("rollback").then(
      () => failure,
      (lost: Error) => lost,
    );
    client.release(error);
  };
  type Row = { cursor: string; line: string | null };
  const fetch = async () =>
    (await client.query<Row>(`fetch ${ROWS} from bootstrap /* feed:bootstrap */`)).rows;
  try {
    await client.query("begin");
    await client.query("select set_config(key, value, true) from json_each_text($1)", [
      JSON.stringify(settings),
    ]);
    await client.query(
      `declare bootstrap no scroll cursor for
       select next_cursor as cursor,
         case when juke_id is not null then
           json_build_object('kind', kind, 'jukeId', juke_id, 'version', version, 'state', state)::text
         end as line
       from feed.bootstrap(variadic $1::catalog.entity_kind[])`,
      [kinds ?? []],
    );
    const first = await fetch();
    return {
      cursor: first[0]?.cursor ?? "",
      async *lines() {
        for (let rows = first; rows.length > 0 && isOpen; rows = await fetch()) {
          const lines = rows.flatMap(({ line }) => (line === null ? [] : [line]));
          yield { text: lines.map((line) => `${line}\n`).join(""), entities: lines.length };
        }
      },
      close: () => close(),
    };
  } catch (error) {
    await close();
    throw error;
  }
}
