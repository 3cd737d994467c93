import { describe, expect, test } from "vitest";
import { deliver, refusalOf } from "./delivery.ts";
import {
  A1,
  A2,
  artist,
  by,
  G1,
  ID,
  pick,
  R1,
  recording,
  recordsIn,
  release,
  W1,
} from "./documents.ts";

describe("what the document is about", () => {
  test("is partial: keys that were not asked for are left out, empty lists say none", async () => {
    const doc = artist({ name: "X", country: null, disambiguation: "", aliases: [] });
    expect(await recordsIn(doc)).toEqual([
      {
        kind: "artist",
        id: ID,
        scope: "partial",
        ids: { mbid: ID },
        name: "X",
        sort_name: "X",
        aliases: [],
      },
    ]);
  });

  test("keeps the words MusicBrainz may add to, and drops what our lists do not have", async () => {
    const [person] = await recordsIn(artist({ type: "Robot", gender: "Not applicable" }));
    expect(person).toMatchObject({ artist_type: "other", gender: "not applicable" });
    const [edition] = await recordsIn(release({ status: "Expunged", packaging: "Snap Case" }));
    expect(edition).toMatchObject({ packaging: "snap case" });
    expect(edition).not.toHaveProperty("status");
  });

  test.each([
    ["1969", "1969"],
    ["1969-09-26", "1969-09-26"],
    ["1999-00", "1999"],
    ["1999-??-05", "1999"],
    ["2023-02-30", "2023-02"],
    ["????-05", undefined],
    ["", undefined],
    [null, undefined],
  ])("takes of the date %j the part that is known: %j", async (date, known) => {
    const [record] = await recordsIn(release({ date }));
    expect((record as { release_date?: string }).release_date).toBe(known);
  });

  test("is each entity of a list", async () => {
    const list = {
      "release-count": 2,
      "release-offset": 0,
      releases: [release(), release({ id: R1 })],
    };
    const records = await recordsIn(list);
    expect(records.map(({ id, scope }) => [id, scope])).toEqual([
      [ID, "partial"],
      [R1, "partial"],
    ]);
  });

  test("is each entity that a search found", async () => {
    const found = { created: "2026-01-01T00:00:00Z", count: 1, offset: 0, artists: [artist()] };
    expect(await recordsIn(found)).toMatchObject([{ kind: "artist", id: ID, scope: "partial" }]);
  });

  test("may be a label, a work or a genre", async () => {
    const label = { id: ID, name: "L", "label-code": 542, type: "Original Production" };
    expect(await recordsIn(label)).toMatchObject([
      { kind: "label", label_code: 542, label_type: "original production" },
    ]);
    const work = { id: ID, title: "W", iswcs: ["T-070.178.113-6"], languages: ["eng", "qaa-qtz"] };
    expect(await recordsIn(work)).toMatchObject([
      { kind: "work", ids: { iswc: "T-070.178.113-6" }, languages: ["eng"] },
    ]);
    const genre = { id: ID, name: "Trip hop", disambiguation: "" };
    expect(await recordsIn(genre)).toMatchObject([
      { kind: "genre", name: "Trip hop", ids: { genre: "Trip hop", mbid: ID } },
    ]);
  });
});

describe("what the document nests", () => {
  test("becomes a mention of its own, once, with all that is said of it", async () => {
    const full = {
      ...by(A1, "A1"),
      artist: { id: A1, name: "A1", "sort-name": "A1", country: "SE" },
    };
    const records = await recordsIn(
      recording({
        "artist-credit": [by(A1, "A1")],
        releases: [{ id: R1, title: "R", "artist-credit": [full] }],
      }),
    );
    expect(records.filter(({ id }) => id === A1)).toEqual([
      {
        kind: "artist",
        id: A1,
        scope: "mention",
        ids: { mbid: A1 },
        name: "A1",
        sort_name: "A1",
        country: "SE",
      },
    ]);
  });

  test("does not repeat what the document itself says", async () => {
    const records = await recordsIn(
      artist({ name: "X", releases: [{ id: R1, title: "R", "artist-credit": [by(ID, "X")] }] }),
    );
    expect(records.map(({ id }) => id)).toEqual([R1, ID]);
  });

  test("that says nothing is nothing, and that says something without an id is refused", async () => {
    const hollow = { id: null, name: null, "sort-name": null };
    const doc = recording({ "artist-credit": [{ name: null, artist: hollow }] });
    expect(await recordsIn(doc)).toHaveLength(1);
    const named = recording({ "artist-credit": [{ name: "A", artist: { ...hollow, name: "A" } }] });
    const path = await deliver(JSON.stringify(named));
    const error = await refusalOf(path);
    expect(error.message).toMatch(`${path}#/artist-credit/0/artist: the artist has no id`);
  });

  test("belongs to the release group it is nested in", async () => {
    const group = { id: ID, title: "G", "primary-type": "EP", releases: [{ id: R1, title: "R" }] };
    const records = await recordsIn(group);
    expect(pick(records, ID, "partial")).toMatchObject({ kind: "album", album_type: "ep" });
    expect(pick(records, R1, "mention")).toMatchObject({ album: { kind: "album", id: ID } });
  });
});

describe("credits", () => {
  test("keep order, the name as printed and what stands between the names", async () => {
    const doc = recording({
      "artist-credit": [
        by(A1, "Queen", { joinphrase: " & " }),
        { ...by(A2, "David Bowie"), name: "Bowie" },
      ],
    });
    expect(pick(await recordsIn(doc), ID, "partial")).toMatchObject({
      credits: [
        {
          contributor: { kind: "artist", id: A1 },
          role: "artist",
          position: 1,
          join_phrase: " & ",
        },
        {
          contributor: { kind: "artist", id: A2 },
          role: "artist",
          position: 2,
          credited_as: "Bowie",
        },
      ],
    });
  });

  test("of relations follow the credit line, those of a work go to the work", async () => {
    const relation = (type: string, id: string, more: object = {}) => ({
      type,
      "target-type": "artist",
      artist: { id, name: id },
      attributes: [],
      ...more,
    });
    const doc = recording({
      "artist-credit": [by(A1, "A1")],
      relations: [
        relation("instrument", A1, { attributes: ["guitar"], "target-credit": "A One" }),
        relation("mix", A2),
        {
          type: "performance",
          "target-type": "work",
          attributes: ["live"],
          work: { id: W1, title: "W", relations: [relation("composer", A2)] },
        },
      ],
    });
    const records = await recordsIn(doc);
    const [a1, a2] = [A1, A2].map((id) => ({ kind: "artist", id }));
    expect(pick(records, ID, "partial")).toMatchObject({
      credits: [
        { contributor: a1, role: "artist", position: 1 },
        { contributor: a1, role: "instrument", attributes: ["guitar"], credited_as: "A One" },
        { contributor: a2, role: "mixer" },
      ],
      works: [{ work: { kind: "work", id: W1 }, relation: "performance", attributes: ["live"] }],
    });
    expect(pick(records, W1, "mention")).toMatchObject({
      kind: "work",
      credits: [{ contributor: a2, role: "composer" }],
    });
  });

  test("of relations alone do not replace a credit line that was not asked for", async () => {
    const doc = recording({
      relations: [{ type: "producer", "target-type": "artist", artist: { id: A1, name: "A1" } }],
    });
    const records = await recordsIn(doc);
    expect(pick(records, ID, "partial")).not.toHaveProperty("credits");
    expect(pick(records, ID, "mention")).toMatchObject({ credits: [{ role: "producer" }] });
  });

  test("of an artist's own relations and albums stand on the other side", async () => {
    const records = await recordsIn(
      artist({
        relations: [{ type: "lyricist", "target-type": "work", work: { id: W1, title: "W" } }],
        "release-groups": [{ id: G1, title: "G" }],
      }),
    );
    const contributor = { kind: "artist", id: ID };
    expect(pick(records, W1, "mention")).toMatchObject({
      credits: [{ contributor, role: "lyricist" }],
    });
    expect(pick(records, G1, "mention")).toMatchObject({
      credits: [{ contributor, role: "artist" }],
    });
  });
});
