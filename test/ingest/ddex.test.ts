import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { run } from "../command-line.ts";
import { testDatabase } from "../database.ts";
import {
  deal,
  fourth,
  group,
  inTerritories,
  item,
  release,
  STREAM,
  single,
} from "../formats/ddex-messages.ts";

const directory = mkdtempSync(join(tmpdir(), "jukebase-ddex-"));
afterAll(() => rmSync(directory, { recursive: true }));

const artist =
  "<DisplayArtist><ArtistPartyReference>P1</ArtistPartyReference><DisplayArtistRole>MainArtist</DisplayArtistRole></DisplayArtist>";

function message(title: string): string {
  const titled = release("<ICPN>5012345678900</ICPN>", "R0", artist + group(item("A1", 1)));
  return fourth({
    parties:
      "<Party><PartyReference>P1</PartyReference><PartyName><FullName>Ada Moss</FullName></PartyName></Party>",
    releases: titled.replace("Release R0", title) + single("A1", "R1"),
    deals: deal("R0 R1", STREAM + inTerritories("DE")),
  });
}

test("a message of a label is taken in; the same again changes nothing, a correction the album and its release", async () => {
  const { url, sql } = await testDatabase();
  const ingest = async (title: string) => {
    const path = join(directory, "message.xml");
    writeFileSync(path, message(title));
    const { code, stdout } = await run(["ingest", "--json", "--source", "label-x", path], {
      DATABASE_URL: url,
    });
    expect(code).toBe(0);
    return JSON.parse(stdout).total;
  };
  expect(await ingest("Harbour")).toMatchObject({ records: 4, new: 4, entitiesMinted: 4 });
  expect(await ingest("Harbour")).toMatchObject({ records: 4, new: 0, changed: 0, unchanged: 4 });
  expect(await ingest("Harbor")).toMatchObject({
    new: 0,
    changed: 2,
    unchanged: 2,
    entitiesMinted: 0,
  });
  expect(await sql`select title from catalog.release`).toEqual([{ title: "Harbor" }]);
  expect(await sql`select title from catalog.track`).toEqual([{ title: "Song A1" }]);
  expect(await sql`select name from catalog.artist`).toMatchObject([{ name: "Ada Moss" }]);
});
