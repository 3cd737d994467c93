import { expect, test } from "vitest";
import { deliver, entityOf, eventsAfter, head, openDelivery } from "../catalog-builder.ts";
import { testDatabase } from "../database.ts";

const { sql } = await testDatabase();

/** Who and what the events since a cursor name. */
const origins = async (since: string) =>
  (await eventsAfter(sql, since)).map((event) => {
    const { actor, delivery_id } = event as typeof event & { actor: string; delivery_id: string };
    return { actor, delivery_id };
  });

const artist = (id: string, name: string) => ({ kind: "artist" as const, id, name });

test("what a delivery changes names the delivery, and nobody", async () => {
  const since = await head(sql);
  const delivery = await openDelivery(sql, "label-x");
  const records = [artist("1", "One"), artist("2", "Two")];
  await sql`select from ingest.apply(${delivery}, ${sql.json(records)})`;
  expect(await origins(since)).toEqual([
    { actor: null, delivery_id: `${delivery}` },
    { actor: null, delivery_id: `${delivery}` },
  ]);
});

test("two deliveries of one transaction are told apart, and what comes after them is of neither", async () => {
  await deliver(sql, "label-x", [artist("3", "Three"), artist("4", "Four"), artist("5", "Five")]);
  const since = await head(sql);
  const other = (await entityOf(sql, "label-x", "artist", "5")) ?? "";
  const deliveries: number[] = [];
  await sql.begin(async (tx) => {
    for (const [id, name] of [
      ["3", "Drei"],
      ["4", "Vier"],
    ] as const) {
      const delivery = await openDelivery(tx, "label-x");
      await tx`select from ingest.apply(${delivery}, ${tx.json([artist(id, name)])})`;
      deliveries.push(delivery);
    }
    await tx`select from identity.delete(${other})`;
  });
  const [user] = await sql`select session_user as name`;
  expect(await origins(since)).toEqual([
    ...deliveries.map((each) => ({ actor: null, delivery_id: `${each}` })),
    { actor: user?.name, delivery_id: null },
  ]);
});

test("what a person does names the person; an edit, what the person delivered too", async () => {
  await deliver(sql, "label-x", [artist("6", "Six"), artist("7", "Seven")]);
  const id = (await entityOf(sql, "label-x", "artist", "6")) ?? "";
  const since = await head(sql);
  await sql.begin(async (tx) => {
    await tx`select set_config('jukebase.actor', 'Ada', true)`;
    await tx`select from catalog.edit(${id}, '{"country": "GB"}')`;
  });
  const [edit] =
    await sql`select delivery_id::text as id from ingest.record where source = 'manual' and source_record_id = ${id}`;
  expect(await origins(since)).toEqual([{ actor: "Ada", delivery_id: edit?.id }]);
});

test("an edit of nobody in particular is that of the database user", async () => {
  await deliver(sql, "label-x", [artist("9", "Nine")]);
  const id = (await entityOf(sql, "label-x", "artist", "9")) ?? "";
  const since = await head(sql);
  await sql`select from catalog.edit(${id}, '{"country": "GB"}')`;
  const [user] = await sql`select session_user as name`;
  expect(await origins(since)).toMatchObject([{ actor: user?.name }]);
});

test("a delivery that was refused is nobody's after it", async () => {
  await deliver(sql, "label-x", [artist("8", "Eight")]);
  const id = (await entityOf(sql, "label-x", "artist", "8")) ?? "";
  const since = await head(sql);
  await sql.begin(async (tx) => {
    const delivery = await openDelivery(tx, "label-x");
    await tx
      .savepoint((inner) => inner`select from ingest.apply(${delivery}, '[{"kind": "none"}]')`)
      .catch(() => {});
    await tx`select from identity.delete(${id})`;
  });
  expect(await origins(since)).toMatchObject([{ delivery_id: null }]);
});
