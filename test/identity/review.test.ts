import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { deliver, entityOf, failure, type LooseRecord } from "../catalog-builder.ts";
import { testDatabase } from "../database.ts";

const { sql } = await testDatabase();
await sql`
  insert into ingest.source (source, title, priority) values ('one', 'One', 100), ('two', 'Two', 200)`;

let count = 0;
const spotify = () => `${++count}`.padStart(22, "0");

const record = (id: string, ids: Record<string, string>, more = {}): LooseRecord => ({
  kind: "track",
  id,
  title: id,
  ids,
  ...more,
});

/** Delivers the records of one source and returns their entities. */
async function made(source: string, ...records: LooseRecord[]): Promise<string[]> {
  await deliver(sql, source, records);
  return Promise.all(
    records.map(async ({ kind, id }) => (await entityOf(sql, source, kind, id)) ?? ""),
  );
}

/** Two entities of which both claim a Spotify id: the second one's stronger id speaks against the first. */
async function contested(more = {}) {
  const id = spotify();
  const name = `track ${count}`;
  const first = record(name, { mbid: randomUUID(), spotify: id }, more);
  const second = record(name, { mbid: randomUUID(), spotify: id }, more);
  const [a = ""] = await made("two", first);
  const [b = ""] = await made("one", second);
  expect(a).not.toBe(b);
  return { id, a, b };
}

type Review = {
  review_id: string;
  topic: string;
  worth: number;
  status: string;
  a_juke_id: string;
  b_juke_id: string;
  decided_by: string | null;
  operation_id: string | null;
  evidence: Record<string, unknown>;
};

const reviewsOf = (...jukes: string[]) => sql<Review[]>`
  select * from identity.review
  where a_juke_id = any (${jukes}::uuid[]) and b_juke_id = any (${jukes}::uuid[])
  order by review_id`;

async function openReview(...jukes: string[]): Promise<Review> {
  const open = (await reviewsOf(...jukes)).filter(({ status }) => status === "open");
  expect(open).toHaveLength(1);
  return open[0] as Review;
}

const decide = async (item: string, verdict: string, note: string | null = null) => {
  const [row] = await sql<Review[]>`select * from identity.decide(${item}, ${verdict}, ${note})`;
  return row as Review;
};
const factsOn = (a: string, b: string) => sql`
  select verdict, reason from identity.link_fact
  where a_juke_id = least(${a}::uuid, ${b}::uuid) and b_juke_id = greatest(${a}::uuid, ${b}::uuid)`;
const mergeOf = async (winner: string, ...losers: string[]) => {
  const [row] = await sql`select operation_id from identity.merge(${winner}, ${losers}::uuid[])`;
  return row?.operation_id as string;
};
const splitOff = async (entity: string, source: string, id: string) => {
  const [split] = await sql`
    select operation_id from identity.split(${entity}, array(
      select record_id from ingest.record where source = ${source} and source_record_id = ${id}
    ), 'two of one name')`;
  const [made] = await sql`
    select juke_id from identity.changed_entity where operation_id = ${split?.operation_id}`;
  return { operation: split?.operation_id as string, part: made?.juke_id as string };
};
const undo = (operation: string, only: string | null = null) =>
  sql`select identity.undo(${operation}, ${only})`;

describe("a contested id", () => {
  test("is put to a person with all that is known of both, and its resolution says so", async () => {
    const { id, a, b } = await contested();
    expect(await openReview(a, b)).toMatchObject({
      topic: "contested",
      a_juke_id: a,
      b_juke_id: b,
    });
    const [item] = await sql`
      select * from identity.review_queue(1000) where external_id = ${id}`;
    expect(item).toMatchObject({
      source: "spotify",
      a: { juke_id: a, records: [{ source: "two" }], status: "active" },
      b: { juke_id: b, records: [{ source: "one" }] },
    });
    expect(item?.a.ids).toContainEqual({ scheme: "spotify", value: id, contested: true });
    const [answer] = await sql`select * from identity.resolve(${`spotify:track:${id}`})`;
    expect(answer).toMatchObject({ juke_id: a, is_contested: true });
    const [one] = await sql`select * from identity.resolve_many(array[${`spotify:track:${id}`}])`;
    expect(one).toMatchObject({ juke_id: a, is_contested: true });
    const [sure] = await sql`select * from identity.resolve(${a})`;
    expect(sure).toMatchObject({ is_contested: false });
  });

  test("merged: they are one from now on, and that is a fact", async () => {
    const { id, a, b } = await contested();
    const { review_id } = await openReview(a, b);
    const decided = await decide(review_id, "merge", "one song");
    expect(decided).toMatchObject({ status: "merged", operation_id: expect.stringMatching(/\d/) });
    expect(await factsOn(a, b)).toEqual([{ verdict: "must_link", reason: "one song" }]);
    const [answer] = await sql`select * from identity.resolve(${`spotify:track:${id}`})`;
    expect(answer).toMatchObject({ juke_id: a, is_contested: false });
    await undo(decided.operation_id ?? "");
    expect(await factsOn(a, b)).toEqual([]);
    expect((await openReview(a, b)).topic).toBe("contested");
  });

  test("kept apart: nobody asks again, and they cannot be merged until the verdict is taken back", async () => {
    const { a, b } = await contested();
    const { review_id } = await openReview(a, b);
    expect(await decide(review_id, "keep_apart", "a cover")).toMatchObject({
      status: "kept_apart",
      operation_id: null,
    });
    expect(await factsOn(a, b)).toEqual([{ verdict: "cannot_link", reason: "a cover" }]);
    expect(await failure(mergeOf(a, b))).toBe("JB156");
    // The same claim again, and another one.
    const again = spotify();
    for (const juke of [a, b]) {
      await sql`select identity.claim(${juke}, 'spotify', ${again})`;
    }
    expect((await reviewsOf(a, b)).filter(({ status }) => status === "open")).toEqual([]);

    await sql`select identity.rule(${a}, ${b})`;
    expect(await factsOn(a, b)).toEqual([]);
    // What both claim is a question again: two ids.
    const open = (await reviewsOf(a, b)).filter(({ status }) => status === "open");
    expect(open.map(({ topic }) => topic)).toEqual(["contested", "contested"]);
    expect(await failure(mergeOf(a, b))).toBeNull();
  });

  test("skipped: it stays contested, and is not asked again", async () => {
    const { id, a, b } = await contested();
    const { review_id } = await openReview(a, b);
    expect((await decide(review_id, "skip")).status).toBe("skipped");
    expect(await factsOn(a, b)).toEqual([]);
    const [answer] = await sql`select * from identity.resolve(${`spotify:track:${id}`})`;
    expect(answer?.is_contested).toBe(true);
    expect(await failure(decide(review_id, "merge"))).toBe("JB165");
  });

  test("that is given up settles its review", async () => {
    const { id, a, b } = await contested();
    await sql`select identity.retract(${b}, 'spotify', ${id})`;
    expect(await reviewsOf(a, b)).toMatchObject([{ status: "settled", decided_by: "jukebase" }]);
    const [answer] = await sql`select * from identity.resolve(${`spotify:track:${id}`})`;
    expect(answer?.is_contested).toBe(false);
  });
});

test("an id of an entity that stands for no one, or of another kind, cannot be claimed or retracted", async () => {
  await deliver(sql, "one", [
    {
      kind: "artist",
      id: "data",
      name: "[data]",
      ids: { mbid: "33cf029c-63b0-41a0-9855-be2a3665fb3b" },
    },
    { kind: "artist", id: "somebody", name: "Somebody" },
  ]);
  const special = (await entityOf(sql, "one", "artist", "data")) ?? "";
  const somebody = (await entityOf(sql, "one", "artist", "somebody")) ?? "";
  const mbid = "33cf029c-63b0-41a0-9855-be2a3665fb3b";
  expect(await failure(sql`select identity.retract(${special}, 'mbid', ${mbid})`)).toBe("JB155");
  expect(await failure(sql`select identity.claim(${somebody}, 'mbid', ${mbid})`)).toBe("JB155");
  for (const [scheme, value] of [
    ["discogs", "r249504"],
    ["spotify", "https://open.spotify.com/track/6LgJvl0Xdtc73RJ1mmpotq"],
    ["openlibrary", "OL26320M"],
  ] as const) {
    expect(await failure(sql`select identity.claim(${somebody}, ${scheme}, ${value})`)).toBe(
      "JB106",
    );
  }
});

describe("a near match", () => {
  /** Two entities that share an ISRC and are told apart by their MBIDs. */
  async function near() {
    const isrc = `GBNEA${`${++count}`.padStart(7, "0")}`;
    const [a = ""] = await made("two", record(`near ${count}`, { mbid: randomUUID(), isrc }));
    const [b = ""] = await made("one", record(`near ${count}`, { mbid: randomUUID(), isrc }));
    return { a, b };
  }

  test("is what a shared id would have joined, had a stronger one not spoken against it", async () => {
    const { a, b } = await near();
    const review = await openReview(a, b);
    expect(review).toMatchObject({ topic: "near_match", a_juke_id: a, b_juke_id: b });
    expect(review.evidence).toMatchObject({
      vetoed: { because: "opposed", by: "mbid", scheme: "isrc" },
    });
  });

  test("is none between two records of one source: it knows them apart", async () => {
    const isrc = `GBNEA${`${++count}`.padStart(7, "0")}`;
    const [a = "", b = ""] = await made("one", record("x", { isrc }), record("y", { isrc }));
    expect(a).not.toBe(b);
    expect(await reviewsOf(a, b)).toEqual([]);
  });

  test("is asked of the survivors when one was merged since, and answers itself when they have become one", async () => {
    const { a, b } = await near();
    const [c = ""] = await made("one", record(`near ${++count}`, {}));
    await mergeOf(c, b);
    const { review_id } = await openReview(a, b);
    const [item] =
      await sql`select * from identity.review_queue(1000) where review_id = ${review_id}`;
    expect(item).toMatchObject({ a: { juke_id: a }, b: { juke_id: c, status: "active" } });
    expect((await decide(review_id, "merge")).status).toBe("merged");
    const [answer] = await sql`select * from identity.resolve(${b})`;
    expect(answer).toMatchObject({ status: "redirected", juke_id: a });

    const other = await near();
    const item2 = await openReview(other.a, other.b);
    await sql`select identity.delete(${other.b})`;
    expect(
      await sql`select from identity.review_queue(1000) where review_id = ${item2.review_id}`,
    ).toHaveLength(0);
    expect(await decide(item2.review_id, "merge")).toMatchObject({
      status: "settled",
      decided_by: "jukebase",
      operation_id: null,
    });
  });
});

test("a near match that a merge has answered is asked again when the merge is undone", async () => {
  const isrc = `GBNEA${`${++count}`.padStart(7, "0")}`;
  const [a = ""] = await made("two", record(`near ${count}`, { mbid: randomUUID(), isrc }));
  const [b = ""] = await made("one", record(`near ${count}`, { mbid: randomUUID(), isrc }));
  const merge = await mergeOf(a, b);
  expect(await reviewsOf(a, b)).toMatchObject([{ status: "settled" }]);
  await undo(merge);
  expect((await openReview(a, b)).topic).toBe("near_match");
});

describe("a refused undo", () => {
  /** A merge of `loser` into `winner` of which a record has been split off again. */
  async function blocked() {
    const name = `blocked ${++count}`;
    const [winner = ""] = await made("one", record(name, {}));
    const [loser = ""] = await made("two", record(name, {}));
    const merge = await mergeOf(winner, loser);
    const { operation: split, part } = await splitOff(winner, "two", name);
    expect(await failure(undo(merge))).toBe("JB161");
    return { winner, loser, merge, split, part };
  }

  test("waits in the queue with the plan; decided again once nothing stands in its way", async () => {
    const { winner, loser, merge, split } = await blocked();
    const [review] = await sql<Review[]>`
      select * from identity.review_undo(${merge}, ${loser}, 'the label asked')`;
    expect(review).toMatchObject({
      topic: "undo_refused",
      a_juke_id: winner,
      b_juke_id: loser,
      evidence: { operation: Number(merge), op: "merge", note: "the label asked" },
    });
    expect(JSON.stringify(review?.evidence)).toContain(`operation ${split} (split)`);
    // Once is enough.
    await sql`select identity.review_undo(${merge})`;
    const item = (await openReview(winner, loser)).review_id;
    expect(await failure(decide(item, "keep_apart"))).toBe("JB161");
    expect((await openReview(winner, loser)).review_id).toBe(item);

    await undo(split);
    expect(await decide(item, "keep_apart", "two singers")).toMatchObject({
      status: "kept_apart",
      operation_id: expect.stringMatching(/\d/),
    });
    const [answer] = await sql`select * from identity.resolve(${loser})`;
    expect(answer).toMatchObject({ status: "found", juke_id: loser });
    expect(await factsOn(winner, loser)).toEqual([
      { verdict: "cannot_link", reason: "two singers" },
    ]);
  });

  test("has answered itself when the undo was done meanwhile", async () => {
    const { winner, loser, merge, split } = await blocked();
    await sql`select identity.review_undo(${merge})`;
    await undo(split);
    await undo(merge);
    expect(await reviewsOf(winner, loser)).toMatchObject([
      { topic: "undo_refused", status: "settled" },
    ]);
    expect(await factsOn(winner, loser)).toEqual([]);
  });

  test("is left as it is when they are one after all", async () => {
    const { winner, loser, merge } = await blocked();
    const [review] = await sql<Review[]>`select * from identity.review_undo(${merge})`;
    expect(await decide(review?.review_id ?? "", "merge")).toMatchObject({
      status: "merged",
      operation_id: null,
    });
    expect(await factsOn(winner, loser)).toEqual([{ verdict: "must_link", reason: null }]);
  });

  test("needs one: what can be undone, or concerns one entity, is JB173", async () => {
    const { split, part } = await blocked();
    expect(await failure(sql`select identity.review_undo(${split})`)).toBe("JB173");
    const [claim] = await sql`
      select operation_id from identity.claim(${part}, 'spotify', ${spotify()})`;
    expect(await failure(sql`select identity.review_undo(${claim?.operation_id})`)).toBe("JB173");
    expect(await failure(sql`select identity.review_undo(0)`)).toBe("JB159");
  });
});

describe("what was said of an entity", () => {
  test("holds for what it becomes: nobody is asked about that either, and it can be taken back there", async () => {
    const { id, a, b } = await contested();
    await decide((await openReview(a, b)).review_id, "keep_apart");
    const [c = ""] = await made("one", record(`heir ${++count}`, {}));
    const merge = await mergeOf(c, a);
    expect(await failure(mergeOf(c, b))).toBe("JB156");
    expect(await reviewsOf(b, c)).toEqual([]);
    await sql`select identity.claim(${c}, 'spotify', ${spotify()})`;
    await sql`select identity.rule(${c}, ${b})`;
    expect((await openReview(b, c)).topic).toBe("contested");
    expect(id).toBeTruthy();
    expect(await failure(mergeOf(c, b))).toBeNull();
    expect(await failure(undo(merge))).toBeNull();
  });

  test("that it is one with another is no answer to what they contest, and not said across kinds", async () => {
    const { a, b } = await contested();
    await sql`select identity.rule(${a}, ${b}, 'must_link')`;
    expect((await openReview(a, b)).topic).toBe("contested");
    await deliver(sql, "one", [{ kind: "artist", id: "other kind", name: "x" }]);
    const artist = await entityOf(sql, "one", "artist", "other kind");
    expect(await failure(sql`select identity.rule(${a}, ${artist ?? ""}, 'must_link')`)).toBe(
      "JB154",
    );
  });
});

describe("a split", () => {
  test("is a verdict: the parts are not asked about, cannot be merged, and its undo takes it back", async () => {
    const id = spotify();
    const name = `split ${count}`;
    const [entity = ""] = await made("one", record(name, { spotify: id }));
    const [same = ""] = await made("two", record(name, { spotify: id }));
    expect(same).toBe(entity);
    const [plan] = await sql`
      select array_agg(step) as steps
      from identity.split_plan(${entity}, array(
        select record_id from ingest.record where source = 'two' and source_record_id = ${name}
      ))`;
    // Bound or not, the source with more authority takes the id along.
    expect(plan?.steps).toEqual(expect.arrayContaining(["move record", "contest", "rule"]));

    const { operation, part } = await splitOff(entity, "two", name);
    const [answer] = await sql`select * from identity.resolve(${`spotify:track:${id}`})`;
    expect(answer).toMatchObject({ juke_id: part, is_contested: true });
    expect(await reviewsOf(entity, part)).toEqual([]);
    const error = await mergeOf(entity, part).catch((e) => e);
    expect(error).toMatchObject({
      code: "JB156",
      hint: expect.stringContaining(`identity.undo(${operation})`),
    });
    await undo(operation);
    expect(await factsOn(entity, part)).toEqual([]);
    const [redirect] = await sql`select * from identity.resolve(${part})`;
    expect(redirect).toMatchObject({ status: "redirected", juke_id: entity });
  });

  test("cannot be undone when a person has ruled since that the parts are different", async () => {
    const name = `ruled ${++count}`;
    const [entity = ""] = await made("one", record(name, { spotify: spotify() }));
    await made("two", record(name, { spotify: `${count}`.padStart(22, "0") }));
    const { operation, part } = await splitOff(entity, "two", name);
    await sql`select identity.rule(${part}, ${entity}, 'cannot_link', 'sure')`;
    const error = await undo(operation).catch((e) => e);
    expect(error).toMatchObject({ code: "JB161", detail: expect.stringContaining("ruled on") });
    await sql`select identity.rule(${part}, ${entity})`;
    expect(await failure(undo(operation))).toBeNull();
  });
});

describe("an undo", () => {
  test("is refused when it would leave the survivor without a record of its own", async () => {
    const name = `gone ${++count}`;
    const [winner = ""] = await made("one", record(name, {}));
    const [loser = ""] = await made("two", record(name, {}));
    const merge = await mergeOf(winner, loser);
    const { operation: split } = await splitOff(winner, "one", name);
    const error = await undo(merge).catch((e) => e);
    expect(error).toMatchObject({
      code: "JB161",
      detail: expect.stringContaining("nothing would remain"),
    });
    await undo(split);
    expect(await failure(undo(merge))).toBeNull();
  });

  test("of a split takes along what people have said of the part since", async () => {
    const name = `said ${++count}`;
    const [entity = ""] = await made("one", record(name, {}));
    const [loser = ""] = await made("two", record(name, {}));
    await mergeOf(entity, loser);
    const { operation, part } = await splitOff(entity, "two", name);
    await sql`select catalog.edit(${part}, '{"disambiguation": "live"}')`;
    await undo(operation);
    const [row] = await sql`select disambiguation from catalog.track where juke_id = ${entity}`;
    expect(row).toEqual({ disambiguation: "live" });
  });

  test("of a merge gives an id that was written by hand back, whatever was said of it meanwhile", async () => {
    const [winner = "", loser = ""] = await made(
      "one",
      record(`hand ${++count}`, {}),
      record(`hand ${++count}`, {}),
    );
    const id = spotify();
    await sql`insert into catalog.track_external_id (juke_id, source, external_id) values (${loser}, 'spotify', ${id})`;
    const merge = await mergeOf(winner, loser);
    const [retract] = await sql`
      select operation_id from identity.retract(${winner}, 'spotify', ${id})`;
    await undo(retract?.operation_id);
    await undo(merge);
    const [answer] = await sql`select * from identity.resolve(${`spotify:track:${id}`})`;
    expect(answer).toMatchObject({ juke_id: loser });
  });
});

test("a split leaves a record that gives the entity its name", async () => {
  const name = `named ${++count}`;
  const [entity = ""] = await made("one", record(name, {}));
  await sql`select identity.claim(${entity}, 'spotify', ${spotify()})`;
  const split = sql`select identity.split(${entity}, array(
    select record_id from ingest.record where source = 'one' and source_record_id = ${name}
  ))`;
  expect(await failure(split)).toBe("JB158");
});

test("the queue begins with the decision on which most hangs", async () => {
  const light = await contested();
  const heavy = await contested();
  await deliver(
    sql,
    "one",
    Array.from({ length: 5 }, (_, index) => ({
      kind: "track" as const,
      id: `more ${index}`,
      title: "x",
      ids: { spotify: heavy.id },
    })),
  );
  const [queue] = await sql`
    select array_agg(external_id order by n) as ids
    from identity.review_queue(1000) with ordinality q (review_id, topic, kind, source, external_id, worth, evidence, a, b, opened_at, n)`;
  const worths = await sql`select worth from identity.review_queue(1000)`;
  const sorted = worths.map(({ worth }) => worth).sort((x, y) => y - x);
  expect(worths.map(({ worth }) => worth)).toEqual(sorted);
  expect(queue?.ids).toEqual(expect.arrayContaining([light.id, heavy.id]));
  const [mine] = await sql`
    select (identity.review_worth(array[${heavy.a}]::uuid[], 1) > identity.review_worth(array[${light.a}]::uuid[], 1)) as more,
      identity.review_worth(array[${heavy.a}]::uuid[], 0.5) * 2 = identity.review_worth(array[${heavy.a}]::uuid[], 1) as likely`;
  expect(mine).toEqual({ more: true, likely: true });
});

test.each([
  ["a verdict that is none", "JB166", sql`select identity.decide(1, 'perhaps')`],
  ["a review that is none", "JB164", sql`select identity.decide(0, 'skip')`],
  ["a page that is too long", "JB167", sql`select identity.review_queue(1001)`],
  [
    "an entity and itself",
    "JB153",
    sql`select identity.rule(juke_id, juke_id, 'must_link') from catalog.entity limit 1`,
  ],
  [
    "an entity that is none",
    "JB151",
    sql`select identity.rule(gen_random_uuid(), gen_random_uuid(), 'must_link')`,
  ],
  [
    "a verdict that nobody has said",
    "JB172",
    sql`select identity.rule(min(juke_id::text)::uuid, max(juke_id::text)::uuid) from catalog.entity where status = 'active'`,
  ],
])("%s is refused", async (_what, code, statement) => {
  const error = await statement.then(
    () => ({}),
    (e) => e,
  );
  expect(error).toMatchObject({
    code,
    detail: expect.stringMatching(/./),
    hint: expect.stringMatching(/./),
  });
});
