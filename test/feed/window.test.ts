import { expect, test } from "vitest";
import { eventsAfter, type FeedEvent, failure, insertEntity } from "../catalog-builder.ts";
import { testDatabase } from "../database.ts";

const { sql, connect } = await testDatabase({ guarded: false });

const now = async () => (await sql`select clock_timestamp()::text as now`)[0]?.now as string;

const between = (
  since: string | null,
  until: string | null = null,
  limit = 100,
  cursor: string | null = null,
) => sql<FeedEvent[]>`select * from feed.updates_between(
    ${since}::text::timestamptz, ${until}::text::timestamptz, ${limit}, ${cursor})`;

const ids = (events: { juke_id: string }[]) => events.map(({ juke_id }) => juke_id);

async function artists(n: number): Promise<string[]> {
  const made: string[] = [];
  for (let each = 0; each < n; each++) made.push(await insertEntity(sql, "artist", `${each}`));
  return made;
}

test("a window has what began in it: from its first moment, up to but not with its last", async () => {
  await artists(1);
  const [start, first] = [await now(), await artists(2)];
  const [middle, second] = [await now(), await artists(2)];
  const end = await now();
  await artists(1);
  expect(ids(await between(start, middle))).toEqual(first);
  expect(ids(await between(middle, end))).toEqual(second);
  expect(ids(await between(start, end))).toEqual([...first, ...second]);
  const [{ at } = { at: "" }] =
    await sql`select at::text from feed.event where juke_id = ${second[0] ?? ""}`;
  expect(ids(await between(at, end))).toEqual(second);
  expect(ids(await between(start, at))).toEqual(first);
  expect(ids(await between(end, "infinity"))).toHaveLength(1);
});

test.each([1, 2, 3, 10])("pages of %i say what one page says", async (limit) => {
  const start = await now();
  const made = await artists(6);
  const end = await now();
  for (const until of [end, null]) {
    const walked: string[] = [];
    let cursor: string | null = null;
    for (;;) {
      const page: FeedEvent[] = await between(start, until, limit, cursor);
      if (page.length === 0) break;
      expect(page.length).toBeLessThanOrEqual(limit);
      walked.push(...ids(page));
      cursor = page.at(-1)?.next_cursor ?? null;
    }
    expect(walked).toEqual(made);
  }
});

test("an open window goes on as the feed: what was open, or came later, is not missed", async () => {
  const start = await now();
  const other = connect({ max: 1 });
  let [open, last] = ["", ""];
  await other.begin(async (tx) => {
    open = await insertEntity(tx, "artist", "open");
    const made = await artists(3);
    const events = await between(start);
    expect(ids(events)).toEqual(made);
    last = events.at(-1)?.next_cursor ?? "";
  });
  const [later] = await artists(1);
  expect(ids(await eventsAfter(sql, last))).toEqual([open, later]);
});

test("an entity's changes come in their order", async () => {
  const id = await insertEntity(sql, "artist", "x");
  const start = await now();
  const [early, late] = [connect({ max: 1 }), connect({ max: 1 })];
  // The transaction that begins first changes the entity last.
  await early.begin(async (first) => {
    await first`select 1`;
    await late.begin(
      (second) => second`update catalog.artist set name = 'a' where juke_id = ${id}`,
    );
    await first`update catalog.artist set name = 'b' where juke_id = ${id}`;
  });
  const events = (await between(start)).filter(({ juke_id }) => juke_id === id);
  expect(events.map(({ version }) => version)).toEqual([2, 3]);
});

test("a window that is none is refused, and so are a limit and a cursor", async () => {
  const at = await now();
  expect(await failure(between(at, at))).toBe("JB308");
  expect(await failure(between("2026-01-02", "2026-01-01"))).toBe("JB308");
  expect(await failure(between(null))).toBe("JB308");
  expect(await failure(between(at, null, 0))).toBe("JB304");
  expect(await failure(between(at, null, 1, "nonsense"))).toBe("JB301");
});
