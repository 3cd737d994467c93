import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { bind, insertEntity } from "../catalog-builder.ts";
import { testDatabase } from "../database.ts";

const { sql } = await testDatabase({ guarded: false });

async function planOf(query: string): Promise<string> {
  const lines = await sql.unsafe<{ "QUERY PLAN": string }[]>(`explain (costs off) ${query}`);
  return lines.map((line) => line["QUERY PLAN"]).join("\n");
}

test("the typed resolvers are inlined into the query that calls them", async () => {
  const uuid = randomUUID();
  for (const call of [
    "identity.resolve_external('spotify', '4Z8W4fKeB5YxbusRsdQVPb')",
    "identity.resolve_external_many('spotify', '{4Z8W4fKeB5YxbusRsdQVPb}')",
    `identity.resolve_uuid('${uuid}')`,
  ]) {
    const plan = await planOf(`select juke_id, kind from ${call}`);
    expect(plan).not.toContain("Function Scan on resolve");
    expect(plan).toContain("external_id");
  }
});

test("a uuid that several schemes carry gives one row, the same each time", async () => {
  const uuid = randomUUID();
  const schemes = ["episode_guid", "podcast_guid", "mbid"];
  const kinds = ["episode", "podcast", "artist"];
  for (const [index, scheme] of schemes.entries()) {
    const kind = kinds[index] as string;
    await bind(sql, kind, await insertEntity(sql, kind, scheme), scheme, uuid);
    expect(await sql`select rule, status from identity.resolve_uuid(${uuid})`).toEqual([
      { rule: scheme, status: "found" },
    ]);
  }
});

test("ids of a scheme that was removed come after those of the schemes there are", async () => {
  const uuid = randomUUID();
  const podcast = await insertEntity(sql, "podcast", "podcast");
  const episode = await insertEntity(sql, "episode", "episode");
  await bind(sql, "podcast", podcast, "podcast_guid", uuid);
  await bind(sql, "episode", episode, "episode_guid", uuid);
  const rollback = { answers: [] as unknown[] };
  const undone = sql.begin(async (tx) => {
    await tx`delete from identity.scheme where scheme = 'podcast_guid'`;
    const first = await tx`select juke_id, rule from identity.resolve_uuid(${uuid})`;
    await tx`delete from identity.external_id where source = 'episode_guid'`;
    const second = await tx`select juke_id, rule from identity.resolve_uuid(${uuid})`;
    throw Object.assign(rollback, { answers: [...first, ...second] });
  });
  await expect(undone).rejects.toBe(rollback);
  expect(rollback.answers).toEqual([
    { juke_id: episode, rule: "episode_guid" },
    { juke_id: podcast, rule: "podcast_guid" },
  ]);
});
