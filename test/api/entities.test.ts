import { describe, expect, test } from "vitest";
import { entityOf } from "../catalog-builder.ts";
import { fillCatalog, radioheadMbid } from "./catalog.ts";
import { editorKey, testApi } from "./server.ts";

const { address, sql } = await testApi(fillCatalog);

/** Asks for an entity; redirects are not followed. */
const get = (ref: string, headers: Record<string, string> = {}, method = "GET") =>
  fetch(`${address}/entities/${encodeURIComponent(ref)}`, { headers, method, redirect: "manual" });

const keyOf = async (kind: string, id: string) =>
  (await entityOf(sql, "local", kind, id)) ?? expect.fail(`no ${kind} ${id}`);

/** The status of a refusal and its error; its body is that of every error of the API. */
async function refusal(response: Response) {
  expect(response.headers.get("content-type")).toBe("application/json; charset=utf-8");
  expect(response.headers.get("etag")).toBeNull();
  expect(response.headers.get("cache-control")).toBe("no-store");
  const { errors, ...rest } = (await response.json()) as {
    errors: { message: string; extensions: Record<string, string> }[];
  };
  expect(rest).toEqual({});
  expect(errors).toMatchObject([
    {
      message: expect.stringMatching(/\S/),
      extensions: { detail: expect.stringMatching(/\S/), hint: expect.stringMatching(/\S/) },
    },
  ]);
  return [response.status, errors[0]?.extensions.code];
}

describe("an entity", () => {
  test("is found under any reference, with its state, its tag and where it is", async () => {
    const jukeId = await keyOf("artist", "radiohead");
    const [row] = await sql`select version, state from catalog.state(${[jukeId]}::uuid[])`;
    for (const ref of [
      jukeId,
      `juke_id:${jukeId}`,
      radioheadMbid,
      "discogs:artist:3840",
      "https://open.spotify.com/artist/4Z8W4fKeB5YxbusRsdQVPb?si=x&y=z",
      `https://musicbrainz.org/artist/${radioheadMbid}/recordings?direction=asc&${"page=1&".repeat(30)}`,
    ]) {
      const response = await get(ref);
      expect([ref, response.status]).toEqual([ref, 200]);
      expect(response.headers.get("content-type")).toBe("application/json; charset=utf-8");
      expect(response.headers.get("etag")).toBe(`"${jukeId}:${row?.version}"`);
      expect(response.headers.get("cache-control")).toBe("no-cache");
      expect(response.headers.get("content-location")).toBe(`/entities/${jukeId}`);
      expect(await response.json()).toEqual(row?.state);
    }
    const asItIs = await fetch(
      `${address}/entities/https://open.spotify.com/artist/4Z8W4fKeB5YxbusRsdQVPb`,
    );
    expect(await asItIs.json()).toEqual(row?.state);
  });

  test("is asked for by HEAD too", async () => {
    const [whole, head] = [
      await get("discogs:artist:3840"),
      await get("discogs:artist:3840", {}, "HEAD"),
    ];
    expect(head.status).toBe(200);
    for (const name of ["etag", "cache-control", "content-type", "content-length"]) {
      expect([name, head.headers.get(name)]).toEqual([name, whole.headers.get(name)]);
    }
    expect(await head.text()).toBe("");
  });

  test("is not sent to whoever knows it, until it changes", async () => {
    const jukeId = await keyOf("artist", "bowie");
    const etag = (await get(jukeId)).headers.get("etag") ?? "";
    for (const known of [
      etag,
      `W/${etag}`,
      "*",
      `"other", ${etag}`,
      `"other",W/${etag} , "more"`,
    ]) {
      for (const method of ["GET", "HEAD"]) {
        const response = await get(jukeId, { "if-none-match": known }, method);
        expect([known, method, response.status]).toEqual([known, method, 304]);
        expect(response.headers.get("etag")).toBe(etag);
        expect(response.headers.get("cache-control")).toBe("no-cache");
        expect(await response.text()).toBe("");
      }
    }
    for (const other of ['"other"', etag.slice(1, -1), etag.replace(/\d"$/, '9"'), ""]) {
      expect([other, (await get(jukeId, { "if-none-match": other })).status]).toEqual([other, 200]);
    }
    await sql`select catalog.edit(${jukeId}, '{"country": "GB"}')`;
    const response = await get(jukeId, { "if-none-match": etag });
    expect(response.status).toBe(200);
    expect(response.headers.get("etag")).not.toBe(etag);
    expect(await response.json()).toMatchObject({ country: "GB" });
  });

  test("has another tag than what its reference stood for before, in the same version", async () => {
    const [a, b] = [await keyOf("album", "bootleg-1"), await keyOf("album", "bootleg-2")];
    const claim = (jukeId: string) => sql`select identity.claim(${jukeId}, 'discogs', '99')`;
    await claim(a);
    const before = (await get("discogs:master:99")).headers.get("etag");
    await sql`select identity.retract(${a}, 'discogs', '99')`;
    await claim(b);
    const after = await get("discogs:master:99", { "if-none-match": before ?? "" });
    expect([after.status, after.headers.get("content-location")]).toEqual([200, `/entities/${b}`]);
  });

  test("that was merged leads to the survivor for the time being, one that was deleted is gone", async () => {
    const [a, b] = [await keyOf("album", "bootleg-3"), await keyOf("album", "bootleg-4")];
    const [merge] = await sql`select operation_id from identity.merge(${a}, array[${b}]::uuid[])`;
    for (const method of ["GET", "HEAD"]) {
      const response = await get(b, { "if-none-match": "*" }, method);
      expect([response.status, response.headers.get("location")]).toEqual([307, `/entities/${a}`]);
      expect(response.headers.get("etag")).toBeNull();
    }
    const followed = await fetch(`${address}/entities/${b}`);
    expect(await followed.json()).toMatchObject({ jukeId: a, status: "active" });
    await sql`select identity.undo(${merge?.operation_id})`;
    expect((await get(b)).status).toBe(200);

    await sql`select identity.delete(${b})`;
    expect(await refusal(await get(b))).toEqual([410, "JB513"]);
    expect((await get(b, {}, "HEAD")).status).toBe(410);
  });
});

describe("refused is", () => {
  test("what nothing here has: 404", async () => {
    for (const ref of [
      "01900000-0000-7000-8000-000000000000",
      "juke_id:01900000-0000-7000-8000-000000000000",
      "isrc:GBAYE0000000",
    ]) {
      expect(await refusal(await get(ref))).toEqual([404, "JB512"]);
    }
  });

  test("what is ambiguous, no reference or not to be read: 400", async () => {
    expect(await refusal(await get("discogs:3840"))).toEqual([400, "JB102"]);
    for (const ref of ["", "nonsense", "isrc:x", "x".repeat(5_000)]) {
      expect(await refusal(await get(ref))).toEqual([400, "JB103"]);
    }
    expect(await refusal(await get("a\0b"))).toEqual([400, "JB504"]);
    expect(await refusal(await fetch(`${address}/entities/%zz`))).toEqual([400, "JB504"]);
    expect(await refusal(await fetch(`${address}/entities/%ff`))).toEqual([400, "JB504"]);
    const bare = await fetch(`${address}/entities/https://www.youtube.com/watch?v=x`);
    expect(await refusal(bare)).toEqual([400, "JB504"]);
  });

  test("a wrong key: 401; with the right one it is read as by everybody", async () => {
    const ref = "discogs:artist:3840";
    expect((await get(ref, { authorization: "Bearer wrong" })).status).toBe(401);
    expect((await get(ref, { authorization: `Bearer ${editorKey}` })).status).toBe(200);
  });
});
