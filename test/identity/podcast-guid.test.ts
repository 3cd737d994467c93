import { expect, test } from "vitest";
import { testDatabase } from "../database.ts";

const { sql } = await testDatabase();

test.each([
  ["podnews.net/rss", "9b024349-ccf0-5f69-a609-6b82873eab3c"],
  ["https://podnews.net/rss", "9b024349-ccf0-5f69-a609-6b82873eab3c"],
  ["http://podnews.net/rss///", "9b024349-ccf0-5f69-a609-6b82873eab3c"],
  ["https://mp3s.nashownotes.com/pc20rss.xml", "917393e3-1b1e-5cef-ace4-edaa54e1f810"],
])("the feed %s has the GUID %s", async (address, guid) => {
  const [row] = await sql`select identity.podcast_guid(${address}) as guid`;
  expect(row?.guid).toBe(guid);
});

test("the canonical address of a feed has the GUID of every way to write it with the same host", async () => {
  const [row] = await sql`
    select identity.podcast_guid('http://podnews.net/rss/')
      = identity.podcast_guid(identity.canonical('feed_url', 'http://podnews.net/rss/')) as same`;
  expect(row?.same).toBe(true);
});

test("no address, no GUID", async () => {
  const [row] = await sql`select identity.podcast_guid(null) as guid`;
  expect(row?.guid).toBeNull();
});
