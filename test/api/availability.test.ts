import { beforeAll, expect, test } from "vitest";
import { deliver, entityOf } from "../catalog-builder.ts";
import { testApi } from "./server.ts";

const { ask, codes, sql } = await testApi(async ({ sql }) => {
  const track = { kind: "track", id: "t" };
  await deliver(sql, "label", [
    { kind: "artist", id: "band", name: "Band", relations: [member("drummer", "1962", "1970")] },
    { kind: "artist", id: "drummer", name: "Drummer", relations: [alias("solo")] },
    { kind: "track", id: "t", title: "T", copyrights: [{ line: "P", year: 2026, text: "Label" }] },
    {
      kind: "release",
      id: "r",
      title: "R",
      tracks: [{ disc: 1, position: 1, track }],
      rights: [
        {
          territories: ["DE", "FR"],
          usages: ["OnDemandStream"],
          commercial_models: ["SubscriptionModel"],
          valid_from: "2026-01-01",
        },
      ],
    },
    {
      kind: "episode",
      id: "e",
      title: "E",
      season_name: "One",
      chapters: [{ start_ms: 1000, title: "Two" }, { start_ms: 0 }],
      transcripts: [{ url: "https://example.org/e.vtt", language: "en" }],
      value: [{ type: "lightning", method: "keysend", recipients: [] }],
    },
    { kind: "audiobook", id: "a", title: "A", chapters: [{ start_ms: 0, title: "Begin" }] },
  ]);
});

function member(id: string, begin_date: string, end_date: string) {
  return { artist: { kind: "artist", id }, relation: "member", begin_date, end_date };
}

function alias(id: string) {
  return { artist: { kind: "artist", id }, relation: "alias" };
}

const keys: Record<string, string> = {};
beforeAll(async () => {
  for (const [kind, id] of [
    ["track", "t"],
    ["release", "r"],
    ["artist", "band"],
    ["artist", "drummer"],
    ["episode", "e"],
    ["audiobook", "a"],
  ] as const) {
    keys[id] = (await entityOf(sql, "label", kind, id)) ?? expect.fail(id);
  }
});

test("isStreamable says by which term, or why not", async () => {
  const { data } = await ask(
    `query ($id: UUID!) {
      yes: isStreamable(jukeId: $id, territory: "DE", at: "2026-06-01T00:00:00Z") {
        streamable reasons entity { displayName } heldBy { kind displayName } position validFrom validUntil
      }
      no: isStreamable(jukeId: $id, territory: "GB", at: "2025-06-01T00:00:00Z", usage: "PermanentDownload") {
        streamable reasons heldBy { displayName }
      }
    }`,
    { id: keys.t },
  );
  expect(data).toEqual({
    yes: {
      streamable: true,
      reasons: [],
      entity: { displayName: "T" },
      heldBy: { kind: "RELEASE", displayName: "R" },
      position: 1,
      validFrom: "2026-01-01T00:00:00.000000+00:00",
      validUntil: null,
    },
    no: {
      streamable: false,
      reasons: ["NOT_YET", "USAGE_NOT_COVERED", "TERRITORY_NOT_COVERED"],
      heldBy: { displayName: "R" },
    },
  });
});

test("rightsAt answers in the order of the keys; what it cannot read is refused with its code", async () => {
  const unknown = "01900000-0000-7000-8000-000000000000";
  const query = `query ($ids: [UUID!]!, $territory: String!, $usage: String) {
    rightsAt(jukeIds: $ids, territory: $territory, usage: $usage, at: "2026-06-01T00:00:00Z") {
      askedId jukeId streamable reasons
    }
  }`;
  const ids = [unknown, keys.r, keys.t];
  const { data } = await ask(query, { ids, territory: "FR" });
  expect(data.rightsAt).toEqual([
    { askedId: unknown, jukeId: null, streamable: false, reasons: ["ENTITY_UNKNOWN"] },
    { askedId: keys.r, jukeId: keys.r, streamable: true, reasons: [] },
    { askedId: keys.t, jukeId: keys.t, streamable: true, reasons: [] },
  ]);
  expect(await codes(query, { ids, territory: "EU" })).toEqual(["JB260"]);
  expect(await codes(query, { ids, territory: "FR", usage: "Sing" })).toEqual(["JB261"]);
  const many = Array.from({ length: 10_001 }, () => unknown);
  expect(await codes(query, { ids: many, territory: "FR" })).toEqual(["JB104"]);
});

test("rights, copyrights, chapters, transcripts and related artists are fields of what has them", async () => {
  const { data } = await ask(
    `query ($track: UUID!, $release: UUID!, $band: UUID!, $drummer: UUID!, $episode: UUID!, $audiobook: UUID!) {
      track(jukeId: $track) { copyrights { line year text entity { displayName } } rights { position } }
      release(jukeId: $release) { rights { territories excludedTerritories usages commercialModels validFrom validUntil } }
      band: artist(jukeId: $band) { members { related { name } beginDate endDate } groups { relation } personas { relation } }
      drummer: artist(jukeId: $drummer) {
        groups { related { name } artist { name } } personas { related { name } } relatives { relation } members { relation }
      }
      episode(jukeId: $episode) { seasonName value chapters { startMs title } transcripts { url language } }
      audiobook(jukeId: $audiobook) { chapters { title entity { displayName } } }
    }`,
    {
      track: keys.t,
      release: keys.r,
      band: keys.band,
      drummer: keys.drummer,
      episode: keys.e,
      audiobook: keys.a,
    },
  );
  expect(data).toEqual({
    track: {
      copyrights: [{ line: "P", year: 2026, text: "Label", entity: { displayName: "T" } }],
      rights: [],
    },
    release: {
      rights: [
        {
          territories: ["DE", "FR"],
          excludedTerritories: null,
          usages: ["OnDemandStream"],
          commercialModels: ["SubscriptionModel"],
          validFrom: "2026-01-01T00:00:00.000000+00:00",
          validUntil: null,
        },
      ],
    },
    band: {
      members: [{ related: { name: "Drummer" }, beginDate: "1962", endDate: "1970" }],
      groups: [],
      personas: [],
    },
    drummer: {
      groups: [{ related: { name: "Band" }, artist: { name: "Drummer" } }],
      personas: [{ related: { name: "solo" } }],
      relatives: expect.arrayContaining([{ relation: "group" }, { relation: "alias" }]),
      members: [],
    },
    episode: {
      seasonName: "One",
      value: [{ type: "lightning", method: "keysend", recipients: [] }],
      chapters: [
        { startMs: 0, title: null },
        { startMs: 1000, title: "Two" },
      ],
      transcripts: [{ url: "https://example.org/e.vtt", language: "en" }],
    },
    audiobook: { chapters: [{ title: "Begin", entity: { displayName: "A" } }] },
  });
});
