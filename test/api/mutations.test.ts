import { pino } from "pino";
import { describe, expect, test } from "vitest";
import { createServer } from "../../lib/api/server.ts";
import { failure } from "../catalog-builder.ts";
import { fillCatalog, radioheadMbid } from "./catalog.ts";
import { editorKey, testApi } from "./server.ts";

const { address, ask, askWith, sql, url } = await testApi(fillCatalog);

const authorization = `Bearer ${editorKey}`;

/** Asks as the editor Ada. */
const edit = (query: string, variables?: Record<string, unknown>) =>
  askWith({ authorization, "x-actor": "Ada" }, query, variables);

/** Asks as the editor, without errors; returns the data. */
async function done(query: string, variables?: Record<string, unknown>) {
  const { data, errors } = await edit(query, variables);
  expect(errors).toBeUndefined();
  return data;
}

async function keyOf(name: string): Promise<string> {
  const [row] = await sql`
    select juke_id from catalog.entity where display_name = ${name} order by juke_id limit 1`;
  return row?.juke_id;
}

const MERGE = `mutation ($winner: UUID!, $losers: [UUID!]!, $reason: String) {
  merge(input: { winner: $winner, losers: $losers, reason: $reason }) {
    operation { operationId op actor reason at jukeId entity { displayName } changed { jukeId fromStatus toStatus toMergedInto } }
  }
}`;
const UNDO = `mutation ($operation: BigInt!, $onlyMember: UUID) {
  undo(input: { operation: $operation, onlyMember: $onlyMember }) {
    operation { op undoes changed { jukeId fromStatus toStatus toMergedInto } }
  }
}`;

async function merged(winner: string, ...losers: string[]): Promise<string> {
  const data = await done(MERGE, {
    winner: await keyOf(winner),
    losers: await Promise.all(losers.map(keyOf)),
  });
  return data.merge.operation.operationId;
}

describe("an editor", () => {
  test("plans a merge, merges, and takes it back", async () => {
    const variables = {
      winner: await keyOf("Bootleg 0"),
      losers: [await keyOf("Bootleg 1"), await keyOf("Bootleg 2")],
    };
    const { mergePlan } = await done(
      "query ($winner: UUID!, $losers: [UUID!]!) { mergePlan(winner: $winner, losers: $losers) { step jukeId detail } }",
      variables,
    );
    expect(mergePlan).toContainEqual({
      step: "redirect",
      jukeId: variables.losers[0],
      detail: '"Bootleg 1" redirects to the winner',
    });
    const { merge } = await done(MERGE, { ...variables, reason: "one tape" });
    expect(merge.operation).toMatchObject({
      op: "MERGE",
      actor: "Ada",
      reason: "one tape",
      at: expect.any(String),
      jukeId: variables.winner,
      entity: { displayName: "Bootleg 0" },
    });
    expect(merge.operation.changed).toHaveLength(2);
    expect(merge.operation.changed).toContainEqual({
      jukeId: variables.losers[0],
      fromStatus: "ACTIVE",
      toStatus: "MERGED",
      toMergedInto: variables.winner,
    });

    const { operationId: operation } = merge.operation;
    const { undoPlan } = await done(
      "query ($operation: BigInt!) { undoPlan(operation: $operation) { step isBlocker } }",
      { operation },
    );
    expect(undoPlan).toContainEqual({ step: "restore entity", isBlocker: false });
    const onlyMember = variables.losers[0];
    expect((await done(UNDO, { operation, onlyMember })).undo.operation).toMatchObject({
      op: "UNDO",
      undoes: operation,
      changed: [{ jukeId: variables.losers[0], fromStatus: "MERGED", toStatus: "ACTIVE" }],
    });
    expect((await done(UNDO, { operation })).undo.operation.changed).toMatchObject([
      { jukeId: variables.losers[1], fromStatus: "MERGED", toStatus: "ACTIVE" },
    ]);
  });

  test("splits records off, and learns the key of what they have become", async () => {
    await merged("Bootleg 3", "Bootleg 4");
    const entity = await keyOf("Bootleg 3");
    const { how } = await done(
      "query ($entity: UUID!) { how(entity: $entity) { what recordId operationId detail } }",
      { entity },
    );
    const records = how
      .filter(({ detail }: { detail: string }) => detail.includes("bootleg-4"))
      .map(({ recordId }: { recordId: string }) => recordId);
    expect(records).toHaveLength(1);
    const { splitPlan } = await done(
      "query ($entity: UUID!, $records: [BigInt!]!) { splitPlan(entity: $entity, records: $records) { step recordId detail } }",
      { entity, records },
    );
    expect(splitPlan).toContainEqual({
      step: "move record",
      recordId: records[0],
      detail: "bootleg-4 of local makes up the new entity",
    });
    const { split } = await done(
      `mutation ($entity: UUID!, $records: [BigInt!]!) {
        split(input: { entity: $entity, records: $records }) { operation { op changed { jukeId fromStatus toStatus } } }
      }`,
      { entity, records },
    );
    const [{ jukeId }] = split.operation.changed;
    expect(split.operation).toEqual({
      op: "SPLIT",
      changed: [{ jukeId, fromStatus: null, toStatus: "ACTIVE" }],
    });
    const { data } = await ask(
      "query ($jukeId: UUID!) { entity(jukeId: $jukeId) { displayName } }",
      {
        jukeId,
      },
    );
    expect(data.entity).toEqual({ displayName: "Bootleg 4" });
  });

  test("deletes an entity, and brings it back", async () => {
    const entity = await keyOf("Bootleg 5");
    const { deleteEntity } = await done(
      `mutation ($entity: UUID!) {
        deleteEntity(input: { entity: $entity, reason: "spam" }) { operation { operationId op changed { toStatus } } }
      }`,
      { entity },
    );
    expect(deleteEntity.operation).toMatchObject({
      op: "DELETE",
      changed: [{ toStatus: "DELETED" }],
    });
    const { undo } = await done(UNDO, { operation: deleteEntity.operation.operationId });
    expect(undo.operation.changed).toMatchObject([{ jukeId: entity, toStatus: "ACTIVE" }]);
  });

  test("claims an id and retracts it", async () => {
    const entity = await keyOf("Queen");
    const claim = { entity, source: "discogs", externalId: "81013" };
    const { claim: claimed } = await done(
      "mutation ($input: ClaimInput!) { claim(input: $input) { operation { op actor } } }",
      { input: { ...claim, confidence: 0.9 } },
    );
    expect(claimed.operation).toEqual({ op: "CLAIM", actor: "Ada" });
    const ref = "discogs:artist:81013";
    const resolve = "query ($ref: String!) { resolve(ref: $ref) { displayName } }";
    expect((await ask(resolve, { ref })).data.resolve).toEqual({ displayName: "Queen" });
    const { retract } = await done(
      "mutation ($input: RetractInput!) { retract(input: $input) { operation { op } } }",
      { input: claim },
    );
    expect(retract.operation).toEqual({ op: "RETRACT" });
    expect((await ask(resolve, { ref })).data.resolve).toBeNull();
  });

  test("edits attributes; a stale version is refused with the current one", async () => {
    const entity = await keyOf("David Bowie");
    const [before] = await sql`select version from catalog.entity where juke_id = ${entity}`;
    const query = `mutation ($entity: UUID!, $patch: JSON!, $version: Int) {
      edit(input: { entity: $entity, patch: $patch, expectedVersion: $version }) {
        entity { version ... on Artist { country beginDate } }
      }
    }`;
    const patch = { country: "GB", begin_date: "1947-01-08" };
    const data = await done(query, { entity, patch, version: before?.version });
    const { version } = data.edit.entity;
    expect(data.edit.entity).toMatchObject({ country: "GB", beginDate: "1947-01-08" });
    expect(version).toBeGreaterThan(before?.version);

    const stale = await edit(query, { entity, patch: { country: "US" }, version: version - 1 });
    expect(stale.data).toEqual({ edit: null });
    expect(stale.errors?.[0]?.extensions).toMatchObject({
      code: "JB162",
      statusCode: 412,
      currentVersion: version,
      detail: expect.stringContaining(`The current version is ${version}.`),
      hint: expect.any(String),
    });
    const [after] = await sql`select country from catalog.artist where juke_id = ${entity}`;
    expect(after?.country).toBe("GB");
  });

  test("merges what was seen; stale versions are refused with the current ones", async () => {
    const keys = await Promise.all(["Bootleg 15", "Bootleg 16"].map(keyOf));
    const seen = await sql<{ jukeId: string; version: number }[]>`
      select juke_id as "jukeId", version from catalog.entity where juke_id = any (${keys}) order by juke_id`;
    const [winner, loser] = seen.map(({ jukeId }) => jukeId);
    const query = `mutation ($winner: UUID!, $losers: [UUID!]!, $seen: [EntityVersionInput!]) {
      merge(input: { winner: $winner, losers: $losers, expectedVersions: $seen }) { operation { op } }
    }`;
    const stale = seen.map((each) => ({ ...each, version: 7 }));
    const refused = await edit(query, { winner, losers: [loser], seen: stale });
    expect(refused.errors).toMatchObject([
      {
        message: "2 of 2 versions are stale",
        extensions: { code: "JB162", statusCode: 412, currentVersions: [...seen] },
      },
    ]);
    expect(refused.errors?.[0]?.extensions).not.toHaveProperty("currentVersion");
    const { merge } = await done(query, { winner, losers: [loser], seen });
    expect(merge.operation).toEqual({ op: "MERGE" });
  });

  test("rules that two are different, and takes it back", async () => {
    const [a, b] = [await keyOf("Bootleg 12"), await keyOf("Bootleg 13")];
    const query = `mutation ($a: UUID!, $b: UUID!, $verdict: Verdict) {
      rule(input: { a: $a, b: $b, verdict: $verdict, reason: "two nights" }) {
        fact { verdict actor reason a { displayName } b { displayName } }
      }
    }`;
    const { rule } = await done(query, { a: b, b: a, verdict: "CANNOT_LINK" });
    expect(rule.fact).toMatchObject({ verdict: "CANNOT_LINK", actor: "Ada", reason: "two nights" });
    const refused = await edit(MERGE, { winner: a, losers: [b] });
    expect(refused.errors?.[0]?.extensions.code).toBe("JB156");
    await done(query, { a, b });
    const again = await edit(query, { a, b });
    expect(again.errors?.[0]?.extensions.code).toBe("JB172");
  });

  test("sees the review queue and decides", async () => {
    const [a, b] = [await keyOf("Bootleg 6"), await keyOf("Bootleg 7")];
    await sql`
      insert into identity.review (topic, kind, a_juke_id, b_juke_id, worth)
      values ('near_match', 'album', ${a}, ${b}, 5)`;
    const { reviewQueue } = await done(
      "{ reviewQueue(limit: 1) { reviewId topic kind worth a b evidence } }",
    );
    expect(reviewQueue).toMatchObject([
      { topic: "NEAR_MATCH", kind: "ALBUM", worth: 5, a: { name: "Bootleg 6" }, b: { juke_id: b } },
    ]);
    const query = `mutation ($item: BigInt!, $verdict: String!) {
      decide(input: { item: $item, verdict: $verdict, note: "two nights" }) {
        review { status note decidedBy a { displayName } b { displayName } operation { operationId } }
      }
    }`;
    const item = reviewQueue[0].reviewId;
    const { decide } = await done(query, { item, verdict: "keep_apart" });
    expect(decide.review).toEqual({
      status: "KEPT_APART",
      note: "two nights",
      decidedBy: "Ada",
      a: { displayName: "Bootleg 6" },
      b: { displayName: "Bootleg 7" },
      operation: null,
    });
    const again = await edit(query, { item, verdict: "merge" });
    expect(again.errors?.[0]?.extensions.code).toBe("JB165");
    const refused = await edit(MERGE, { winner: a, losers: [b] });
    expect(refused.errors?.[0]?.extensions).toMatchObject({
      code: "JB156",
      detail: expect.stringContaining("Ada decided"),
    });
  });
});

describe("an error", () => {
  /** The error that the statement raises in SQL. */
  async function raised(statement: string) {
    const { message, code, detail, hint } = await sql.unsafe(statement).then(
      () => ({}) as Record<string, string>,
      (error) => error,
    );
    return { message, extensions: { code, detail, hint } };
  }

  test("is the same as in SQL: code, message, detail and hint", async () => {
    const album = await keyOf("OK Computer");
    const artist = await keyOf("Radiohead");
    const nobody = "01900000-0000-7000-8000-000000000000";
    const uuids = (...keys: string[]) => `array[${keys.map((key) => `'${key}'`)}]::uuid[]`;
    const merge = (winner: string, ...losers: string[]) => [
      `mutation { merge(input: { winner: "${winner}", losers: ${JSON.stringify(losers)} }) { operation { op } } }`,
      `select identity.merge('${winner}', ${uuids(...losers)})`,
    ];
    for (const [mutation = "", statement = ""] of [
      merge(album, nobody),
      merge(album, album),
      merge(album, artist),
      merge(album),
      [
        `mutation { split(input: { entity: "${album}", records: [] }) { operation { op } } }`,
        `select identity.split('${album}', '{}')`,
      ],
      [
        'mutation { undo(input: { operation: "999999" }) { operation { op } } }',
        "select identity.undo(999999)",
      ],
      [
        `mutation { claim(input: { entity: "${artist}", source: "isrc", externalId: "x" }) { operation { op } } }`,
        `select identity.claim('${artist}', 'isrc', 'x')`,
      ],
      [
        `mutation { retract(input: { entity: "${artist}", source: "discogs", externalId: "77" }) { operation { op } } }`,
        `select identity.retract('${artist}', 'discogs', '77')`,
      ],
      [
        `mutation { deleteEntity(input: { entity: "${nobody}" }) { operation { op } } }`,
        `select identity.delete('${nobody}')`,
      ],
      [
        `mutation { edit(input: { entity: "${artist}", patch: { wings: 2 } }) { entity { version } } }`,
        `select catalog.edit('${artist}', '{"wings": 2}')`,
      ],
      [
        'mutation { decide(input: { item: "999999", verdict: "merge" }) { review { status } } }',
        "select identity.decide(999999, 'merge')",
      ],
      ["{ reviewQueue(limit: 0) { reviewId } }", "select * from identity.review_queue(0)"],
    ]) {
      const { errors } = await edit(mutation);
      const expected = await raised(statement);
      expect(expected.extensions.code).toMatch(/^JB1/);
      expect(errors).toMatchObject([expected]);
    }
  });

  test("of an undo that later operations stand in the way of has the plan", async () => {
    const first = await merged("Bootleg 8", "Bootleg 9");
    const second = await merged("Bootleg 10", "Bootleg 8");
    const { data, errors } = await edit(UNDO, { operation: first });
    expect(data).toEqual({ undo: null });
    expect(errors?.[0]?.extensions).toMatchObject({
      code: "JB161",
      detail: expect.stringContaining(`operation ${second} (merge)`),
    });
    const { undoPlan } = await done(
      "query ($operation: BigInt!) { undoPlan(operation: $operation) { isBlocker detail } }",
      { operation: first },
    );
    expect(undoPlan).toContainEqual({
      isBlocker: true,
      detail: expect.stringContaining(`operation ${second} (merge)`),
    });
    const { reviewUndo } = await done(
      `mutation ($operation: BigInt!) {
        reviewUndo(input: { operation: $operation, note: "asked for" }) { reviews { topic a { displayName } evidence } }
      }`,
      { operation: first },
    );
    // Both are merged by now: the question is about the undo.
    expect(reviewUndo.reviews).toMatchObject([
      { topic: "UNDO_REFUSED", a: null, evidence: { operation: Number(first), note: "asked for" } },
    ]);
  });

  test("of the second mutation of a document leaves the first done", async () => {
    const entity = await keyOf("Bootleg 11");
    const { data, errors } = await edit(
      `mutation ($entity: UUID!) {
        a: edit(input: { entity: $entity, patch: { album_type: "single" } }) { entity { ... on Album { albumType } } }
        b: edit(input: { entity: $entity, patch: { wings: 2 } }) { entity { version } }
      }`,
      { entity },
    );
    expect(data).toEqual({ a: { entity: { albumType: "single" } }, b: null });
    expect(errors).toMatchObject([{ path: ["b"], extensions: { code: "JB163" } }]);
  });

  test("lists that are too long are refused before anything is done", async () => {
    const entity = await keyOf("Bootleg 12");
    const losers = Array.from({ length: 1_001 }, () => entity);
    const records = Array.from({ length: 10_001 }, (_, index) => String(index));
    const split = "mutation ($input: SplitInput!) { split(input: $input) { operation { op } } }";
    const plan =
      "query ($winner: UUID!, $losers: [UUID!]!) { mergePlan(winner: $winner, losers: $losers) { step } }";
    const rule = "mutation ($input: RuleInput!) { rule(input: $input) { fact { verdict } } }";
    const expectedVersions = records.map(() => ({ jukeId: entity, version: 1 }));
    for (const { errors } of [
      await edit(MERGE, { winner: entity, losers }),
      await edit(split, { input: { entity, records } }),
      await edit(rule, { input: { a: entity, b: entity, expectedVersions } }),
      await edit(plan, { winner: entity, losers }),
    ]) {
      expect(errors).toMatchObject([
        { extensions: { code: "JB510", detail: expect.stringMatching(/at most/) } },
      ]);
    }
  });
});

describe("who is no editor", () => {
  const query = async () => ({
    query: MERGE,
    variables: { winner: await keyOf("Bootleg 13"), losers: [await keyOf("Bootleg 14")] },
  });
  const isUntouched = async () =>
    expect(
      await sql`select from catalog.entity where display_name = 'Bootleg 14' and status = 'active'`,
    ).toHaveLength(1);

  test("is refused mutations and the queries for editors, wherever they stand", async () => {
    const { query: merge, variables } = await query();
    for (const [text, values] of [
      [merge, variables],
      ["{ reviewQueue { reviewId } }", {}],
      ["{ feedHead ...Queue } fragment Queue on Query { reviewQueue { reviewId } }", {}],
      ['{ undoPlan(operation: "1") { step } }', {}],
      [
        "query ($winner: UUID!, $losers: [UUID!]!) { mergePlan(winner: $winner, losers: $losers) { step } }",
        variables,
      ],
    ] as const) {
      const { data, errors } = await ask(text, values);
      expect(data ?? null).toBeNull();
      expect(errors).toMatchObject([
        {
          extensions: {
            code: "JB507",
            detail: expect.any(String),
            hint: expect.stringContaining("EDITOR_KEY"),
          },
        },
      ]);
    }
    await isUntouched();
  });

  test("with a wrong key is answered 401, whatever is asked", async () => {
    const { query: merge, variables } = await query();
    for (const key of ["wrong", `${editorKey}x`, editorKey.toUpperCase()]) {
      const answer = await askWith({ authorization: `Bearer ${key}` }, merge, variables);
      expect(answer.status).toBe(401);
      expect(answer.errors).toMatchObject([{ extensions: { code: "JB508" } }]);
      const read = await askWith({ authorization: `Bearer ${key}` }, "{ feedHead }");
      expect(read.status).toBe(401);
    }
    await isUntouched();
  });

  test("is everybody while the server has no key", async () => {
    const server = await createServer({
      url,
      port: 0,
      host: "127.0.0.1",
      logger: pino({ level: "silent" }),
    });
    const open = await server.listen();
    const { query: merge, variables } = await query();
    const send = async (text: string) =>
      (
        await fetch(`${open}/graphql`, {
          method: "POST",
          headers: { "content-type": "application/json", authorization },
          body: JSON.stringify({ query: text, variables }),
        })
      ).json();
    expect(await send(merge)).toMatchObject({ errors: [{ extensions: { code: "JB507" } }] });
    expect(await send("{ feedHead }")).toEqual({ data: { feedHead: expect.any(String) } });
    await server.close();
    await isUntouched();
  });

  test("may carry the credentials of something else, and reads", async () => {
    const answer = await askWith({ authorization: "Basic YTpi" }, "{ feedHead }");
    expect(answer.errors).toBeUndefined();
  });

  test("cannot write as the role of the API, nor in its transaction", async () => {
    const { variables } = await query();
    const call = `select identity.merge('${variables.winner}', array['${variables.losers[0]}']::uuid[])`;
    const code = await failure(
      sql.begin(async (tx) => {
        await tx`set local role jukebase_api`;
        await tx.unsafe(call);
      }),
    );
    expect(code).toBe("42501");
    await isUntouched();
  });

  test("cannot send a mutation in a URL, not even with the key", async () => {
    const { query: merge, variables } = await query();
    const target = new URL("/graphql", address);
    target.searchParams.set("query", merge);
    target.searchParams.set("variables", JSON.stringify(variables));
    const response = await fetch(target, {
      headers: { authorization, accept: "application/json" },
    });
    expect(response.status).toBe(405);
    await isUntouched();
  });
});

describe("X-Actor", () => {
  const claimAs = async (actor: string | undefined, externalId: string) => {
    const headers = actor === undefined ? { authorization } : { authorization, "x-actor": actor };
    return askWith(
      headers,
      `mutation ($input: ClaimInput!) { claim(input: $input) { operation { actor } } }`,
      { input: { entity: await keyOf("Queen"), source: "discogs", externalId } },
    );
  };

  test("names the person; without it it is the editor", async () => {
    expect((await claimAs(undefined, "1")).data.claim.operation.actor).toBe("editor");
    const utf8 = Buffer.from("Zoë 王", "utf8").toString("latin1");
    expect((await claimAs(utf8, "2")).data.claim.operation.actor).toBe("Zoë 王");
  });

  test("that is too long, not UTF-8 or the name of nobody in person is refused", async () => {
    for (const actor of ["x".repeat(101), "Zo\u00eb", "record", "jukebase"]) {
      const { status, errors } = await claimAs(actor, "3");
      expect([actor, status, errors?.[0]?.extensions.code]).toEqual([actor, 400, "JB509"]);
    }
  });
});

describe("everybody", () => {
  test("may ask why: explain, how, whyNot, resolveAsOf, provenance", async () => {
    const entity = await keyOf("Radiohead");
    const { data, errors } = await ask(
      `query ($ref: String!, $entity: UUID!, $other: UUID!, $now: Datetime!) {
        explain(ref: $ref) { step what detail }
        how(entity: $entity) { at what recordId detail }
        whyNot(a: $entity, b: $other) { verdict detail }
        now: resolveAsOf(ref: $ref, at: $now) { status entity { displayName } }
        before: resolveAsOf(ref: $ref, at: "2000-01-01T00:00:00Z") { status }
        provenance(entity: $entity) { attribute value source won why }
      }`,
      {
        ref: `mbid:artist:${radioheadMbid}`,
        entity,
        other: await keyOf("Queen"),
        now: new Date(Date.now() + 60_000).toISOString(),
      },
    );
    expect(errors).toBeUndefined();
    expect(data.explain.at(-1)).toMatchObject({ what: "answer" });
    expect(data.how).toMatchObject([{ what: "record", recordId: expect.any(String) }]);
    expect(data.whyNot.at(-1)).toMatchObject({ verdict: "summary" });
    expect(data.now).toEqual([{ status: "FOUND", entity: { displayName: "Radiohead" } }]);
    expect(data.before).toEqual([]);
    expect(data.provenance).toContainEqual({
      attribute: "country",
      value: "GB",
      source: "local",
      won: true,
      why: "the only one that says so",
    });
  });

  test("is told what is wrong as in SQL", async () => {
    const nobody = "01900000-0000-7000-8000-000000000000";
    for (const [query, code] of [
      [`{ how(entity: "${nobody}") { what } }`, "JB151"],
      [`{ whyNot(a: "${nobody}", b: "${nobody}") { verdict } }`, "JB151"],
      ['{ resolveAsOf(ref: "nonsense", at: "2026-01-01") { status } }', "JB103"],
    ] as const) {
      expect((await ask(query)).errors?.[0]?.extensions.code).toBe(code);
    }
  });
});
