import { type AnySql, deliver, entityOf } from "../catalog-builder.ts";
import { claim, merge, recordOf, retract, undo } from "./ledger-calls.ts";

const mbid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
const isrc = "GBAYE6800011";

/**
 * Two sources meet on an ISRC; a third record has it too, but another MBID; Ada merges the two, claims, retracts and takes
 * things back. Returns the keys of both tracks and of the operations.
 */
export async function tellStory(sql: AnySql) {
  await sql`
    insert into ingest.source (source, title, priority, duplicate_free)
    values ('archive', 'Archive', 200, false), ('shop', 'Shop', 100, false)`;
  await deliver(sql, "archive", [
    { kind: "track", id: "a1", title: "Song", ids: { mbid: mbid(1), isrc } },
  ]);
  await deliver(sql, "shop", [
    { kind: "track", id: "s1", title: "Song (remaster)", ids: { isrc } },
  ]);
  await deliver(sql, "shop", [
    { kind: "track", id: "s2", title: "Song", ids: { mbid: mbid(2), isrc, iswc: "T0345246802" } },
  ]);
  const song = (await entityOf(sql, "archive", "track", "a1")) as string;
  const other = (await entityOf(sql, "shop", "track", "s2")) as string;
  await sql`select set_config('jukebase.actor', 'Ada', false)`;
  const merged = await merge(sql, song, [other], "the same tape");
  const undone = await undo(sql, merged, undefined, "it was a cover");
  const claimed = await claim(sql, other, "spotify", "1".repeat(22), 0.8, "the sleeve");
  const retracted = await retract(sql, song, "mbid", mbid(1), "a typing error");
  const records = {
    archive: await recordOf(sql, "archive", "track", "a1"),
    shop: await recordOf(sql, "shop", "track", "s1"),
    other: await recordOf(sql, "shop", "track", "s2"),
  };
  return { song, other, records, operations: { merged, undone, claimed, retracted } };
}
