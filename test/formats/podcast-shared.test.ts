import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { detectFormat, FormatError, fileInput, type Item, readItems } from "../../formats/index.ts";
import { dateTime } from "../../formats/podcast/date.ts";
import { decodeFeed } from "../../formats/podcast/decode.ts";
import type { Feed, FeedItem } from "../../formats/podcast/feed.ts";
import { readFeed } from "../../formats/podcast/read.ts";
import { podcast } from "../../formats/podcast.ts";

/** Feeds collected by others; not part of this repository. */
const DIRECTORY = new URL("../../../shared/data/podcasts/", import.meta.url).pathname;
const present = existsSync(DIRECTORY);
if (!present) console.warn(`skipped: no feeds in ${DIRECTORY}`);

function filesIn(folder: string): string[] {
  return (readdirSync(join(DIRECTORY, folder), { recursive: true }) as string[])
    .map((name) => join(folder, name))
    .filter((name) => statSync(join(DIRECTORY, name)).isFile() && !name.endsWith(".json"))
    .sort();
}

/** "records" when a file becomes a podcast and whatever is of it, else the code and the reason with which it is refused. */
async function outcomeOf(file: string): Promise<string> {
  let hasPodcast = false;
  try {
    for await (const each of readItems(podcast, fileInput(join(DIRECTORY, file)))) {
      if ("refused" in each) throw each.refused;
      if ("record" in each && each.record.kind === "podcast") hasPodcast = true;
    }
  } catch (error) {
    if (error instanceof FormatError) return `${error.code} ${error.reason}`;
    throw error;
  }
  return hasPodcast ? "records" : "neither records nor a refusal";
}

const EMPTY = "JB245 an empty feed: it has no channel, or nothing in it";
const NAMELESS =
  "JB245 the feed names no guid, address, website or title: which podcast it is cannot be known";
const SCRIPT =
  "JB242 the text is not UTF-8 and declares no encoding: in which encoding it is cannot be known";

/** By folder: what becomes of how many files. */
const COUNTS: { [folder: string]: { [outcome: string]: number } } = {
  ".": { records: 9, [NAMELESS]: 1 },
  encoding: { records: 4, [EMPTY]: 67, [NAMELESS]: 11 },
  illformed: {
    records: 2,
    [EMPTY]: 4,
    [NAMELESS]: 4,
    [SCRIPT]: 8,
    "JB245 XML without an element": 1,
  },
  gofeed: { records: 36, [EMPTY]: 32, [NAMELESS]: 151 },
  namespace: { records: 1 },
};

describe.skipIf(!present)("every feed becomes records or is refused with a reason", () => {
  test.each(Object.entries(COUNTS))("in %s", async (folder, counts) => {
    const files =
      folder === "." ? filesIn(".").filter((name) => !name.includes("/")) : filesIn(folder);
    const found: { [outcome: string]: number } = {};
    for (const file of files) {
      const outcome = await outcomeOf(file);
      found[outcome] = (found[outcome] ?? 0) + 1;
    }
    expect(found).toEqual(counts);
  });

  test("each is known as a feed by its first bytes", async () => {
    const unknown: string[] = [];
    for (const file of filesIn(".")) {
      try {
        const { format } = await detectFormat(fileInput(join(DIRECTORY, file)));
        if (format !== podcast) unknown.push(file);
      } catch {
        unknown.push(file);
      }
    }
    expect(unknown).toEqual(["illformed/rss_empty_document.xml"]); // one comment, no element
  });
});

function feedIn(file: string): Feed {
  return readFeed(decodeFeed(readFileSync(join(DIRECTORY, file)), file).text, file).feed;
}

/** Where another parser (gofeed) says something else of the same feed, and why. */
const DEVIATIONS: { [file: string]: string } = {
  // It is read nowhere else: only a person's address of mail, or elements of nobody's.
  "parser/rss/rss_channel_item_author.xml": "refused",
  "parser/rss/rss_channel_item_author_cdata_escaped_markup.xml": "refused",
  "parser/rss/rss_channel_item_author_cdata_naked_markup.xml": "refused",
  "parser/rss/rss_channel_item_author_escaped_markup.xml": "refused",
  "parser/rss/rss_channel_item_author_naked_markup.xml": "refused",
  "parser/rss/rss_channel_item_custom.xml": "refused",
  "parser/rss/rss_channel_webMaster.xml": "refused",
  "parser/rss/rss_channel_webMaster_cdata_escaped_markup.xml": "refused",
  "parser/rss/rss_channel_webMaster_cdata_naked_markup.xml": "refused",
  "parser/rss/rss_channel_webMaster_escaped_markup.xml": "refused",
  "parser/rss/rss_channel_webMaster_naked_markup.xml": "refused",
  "translator/rss/feed_author_-_rss_channel_webMaster_email.xml": "refused",
  "translator/rss/feed_author_-_rss_channel_webMaster_emailAndName.xml": "refused",
  "translator/rss/feed_author_-_rss_channel_webMaster_name.xml": "refused",
  "translator/rss/feed_author_-_rss_channel_webMaster_nameAndEmail.xml": "refused",
  "translator/rss/feed_item_author_-_rss_channel_item_author_email.xml": "refused",
  "translator/rss/feed_item_author_-_rss_channel_item_author_emailAndName.xml": "refused",
  "translator/rss/feed_item_author_-_rss_channel_item_author_name.xml": "refused",
  "translator/rss/feed_item_author_-_rss_channel_item_author_nameAndEmail.xml": "refused",
  "translator/rss/feed_item_category_-_rss_channel_item_custom.xml": "refused",
  // Of several links the first is taken, not the last.
  "parser/rss/rdf_channel_links.xml": "link",
  "parser/rss/rdf_item_links.xml": "0 link",
  "parser/rss/rss_channel_item_links.xml": "0 link",
  "parser/rss/rss_channel_links.xml": "link",
  "translator/rss/feed_item_links_-_rss_channel_item_links.xml": "0 link",
  "translator/rss/feed_links_-_rdf_channel_links.xml": "link",
  "translator/rss/feed_links_-_rss_channel_links.xml": "link",
  // Addresses are made whole later, when records are.
  "parser/rss/rss_channel_item_xml_base.xml": "image, 0 link",
  // An image belongs beside the channel of RSS 1.0, not inside.
  "parser/rss/issue_275_unknown_children.xml": "image",
  // Markup in the name of an editor is not kept whole.
  "parser/rss/rss_channel_managingEditor_cdata_naked_markup.xml": "author",
  "parser/rss/rss_channel_managingEditor_escaped_markup.xml": "author",
  "parser/rss/rss_channel_managingEditor_naked_markup.xml": "author",
  // Keywords and subjects are no categories.
  "translator/rss/feed_fallbacks_-_rss_channel_itunes.xml": "categories",
  // dc:author is none of the elements of Dublin Core.
  // Pictures are taken where they are meant to stand for the podcast, not out of the text or its enclosures.
  "translator/rss/feed_image_-_rss_channel_description.xml": "image",
  "translator/rss/feed_image_-_rss_channel_media_content.xml": "author, image",
  "translator/rss/feed_item_enclosure_-_rss_channel_item_enclosure.xml": "0 image",
  "translator/rss/feed_item_fallbacks_-_rss_channel_item_extensions.xml": "0 image",
  "translator/rss/feed_item_image_-_rss_channel_item_content.xml": "0 image",
  "translator/rss/feed_item_image_-_rss_channel_item_description.xml": "0 image",
};

type Json = { [key: string]: Json } & Json[] & string;

/** The names of what two readings of a feed do not agree on. Only what the other one says is compared. */
function deviations(feed: Feed, json: Json): string[] {
  const found: string[] = [];
  const compare = (what: string, theirs: unknown, ours: unknown) => {
    if (theirs !== undefined && JSON.stringify(theirs) !== JSON.stringify(ours)) found.push(what);
  };
  const first = <T>(list: (T | undefined)[]) => list.find((each) => each !== undefined);
  compare("title", json.title, feed.title);
  compare("description", json.description, feed.description);
  compare("link", json.link, feed.link);
  compare("language", json.language, feed.language);
  compare("copyright", json.copyright, feed.copyright);
  compare("feedLink", json.feedLink, feed.addresses[0]);
  compare("author", json.author?.name ?? json.managingEditor, feed.author);
  compare("image", json.image?.url, first(feed.images)?.url);
  compare(
    "categories",
    json.categories?.map((each) => each.value ?? each),
    feed.categories,
  );
  compare(
    "updated",
    json.updatedParsed ?? json.lastBuildDateParsed,
    dateTime(first(feed.dates) ?? ""),
  );
  compare("items", json.items?.length ?? 0, feed.items.length);
  for (const [at, theirs] of (json.items ?? []).entries()) {
    const ours = feed.items[at] as FeedItem;
    compare(`${at} title`, theirs.title, ours.title);
    compare(`${at} link`, theirs.link, ours.link);
    compare(`${at} description`, theirs.description, ours.description);
    compare(`${at} guid`, theirs.guid?.value ?? theirs.guid, ours.guid);
    compare(
      `${at} published`,
      theirs.publishedParsed ?? theirs.pubDateParsed,
      dateTime(first(ours.dates) ?? ""),
    );
    compare(`${at} image`, theirs.image?.url, first(ours.images)?.url);
    compare(`${at} summary`, theirs.itunesExt?.summary, ours.description);
    compare(
      `${at} enclosures`,
      (theirs.enclosures ?? (theirs.enclosure && [theirs.enclosure]))?.map(
        ({ url, type, length }) => ({ url, type, length: length as unknown }),
      ),
      ours.enclosures.map(({ url, type, bytes }) => ({ url, type, length: bytes?.toString() })),
    );
  }
  return found;
}

describe.skipIf(!present)("another parser of feeds reads the same, but for what is listed", () => {
  test("in all of its feeds", () => {
    const found: { [file: string]: string } = {};
    let compared = 0;
    for (const file of filesIn("gofeed")) {
      const json = JSON.parse(readFileSync(join(DIRECTORY, file.replace(/xml$/, "json")), "utf8"));
      const name = file.replace("gofeed/", "");
      compared += 1;
      try {
        const differ = deviations(feedIn(file), json);
        if (differ.length > 0) found[name] = differ.join(", ");
      } catch (error) {
        if (!(error instanceof FormatError)) throw error;
        // That a feed with nothing in it is refused is no deviation.
        const { version, feedType, feedVersion, items = [], ...said } = json;
        if (items.length > 0 || Object.keys(said).length > 0) found[name] = "refused";
      }
    }
    expect(compared).toBe(219);
    expect(found).toEqual(DEVIATIONS);
  });
});

/** What feeds of the folder encoding say, as their comments do. */
const SAID: { [file: string]: (feed: Feed) => unknown } = {
  "bozo_http_i18n.xml": ({ title }) => title === "Iñtërnâtiônàlizætiøn",
  "bozo_invalid-bytes-with-bom.xml": ({ title }) =>
    title === "Valid UTF8: ѨInvalid UTF8: Espa\uFFFDa",
  // Two characters of UTF-8 and a byte that is none; another parser reads all as Windows-1252.
  "bozo_linenoise.xml": ({ items }) => items[0]?.description === "’<>”\uFFFD",
  "demoronize-1.xml": ({ items }) => items[0]?.description === "don’t",
  "demoronize-2.xml": ({ items }) => items[0]?.description === "don’t",
  "demoronize-3.xml": ({ items }) => items[0]?.description === "don&#146;t",
  "euc-kr-attribute.xml": ({ items }) => items[0]?.description === '<img alt="년" />',
  "euc-kr-item.xml": ({ items }) => items[0]?.description === "년",
  "euc-kr.xml": ({ title }) => title === "년",
  "http_i18n.xml": ({ title }) => title === "Iñtërnâtiônàlizætiøn",
  "http_text_xml_charset_2.xml": ({ items }) => items[0]?.description === "This is a £“test.”",
  "http_text_xml_charset_overrides_encoding_2.xml": ({ items }) =>
    items[0]?.description === "This is a £“test.”",
  "http_encoding_attribute_crash.xml": ({ items }) =>
    items[0]?.description?.includes("at ‘ongoing’"),
};

describe.skipIf(!present)("the feeds of many encodings", () => {
  test.each(Object.entries(SAID))("%s says what it should", (file, holds) => {
    expect(holds(feedIn(`encoding/${file}`))).toBe(true);
  });

  test("are all decoded", () => {
    for (const file of filesIn("encoding")) {
      const { text } = decodeFeed(readFileSync(join(DIRECTORY, file)), file);
      expect(text, file).toMatch(/<(?:rss|feed)[\s>]/);
      if (!/linenoise|invalid-bytes/.test(file)) expect(text, file).not.toContain("\uFFFD");
    }
  });
});

/** Elements of the podcast namespace in its example, and what becomes of them. */
const MAPPED: { [element: string]: string | undefined } = {
  alternateEnclosure: "enclosure_url, when there is no enclosure",
  block: undefined,
  chapters: "chapters_url",
  chat: undefined,
  contentLink: undefined,
  episode: "episode_number",
  funding: undefined,
  guid: "podcast_guid",
  image: "images",
  integrity: undefined,
  license: undefined,
  liveItem: undefined,
  location: undefined,
  locked: undefined,
  medium: undefined,
  person: "credits",
  podping: undefined,
  podroll: undefined,
  publisher: undefined,
  remoteItem: undefined,
  season: "season",
  socialInteract: undefined,
  soundbite: undefined,
  source: "enclosure_url, when there is no enclosure",
  trailer: undefined,
  transcript: "transcripts",
  value: "value",
  valueRecipient: "value",
};

describe.skipIf(!present)("the example of the podcast namespace", () => {
  const file = "namespace/example.xml";

  test("has no element that is not accounted for, here and in the documentation", () => {
    const text = readFileSync(join(DIRECTORY, file), "utf8");
    const elements = new Set([...text.matchAll(/<podcast:(\w+)/g)].map(([, name]) => name));
    expect([...elements].sort()).toEqual(Object.keys(MAPPED).sort());
    const page = readFileSync(
      new URL("../../docs/reference/formats/podcast.md", import.meta.url),
      "utf8",
    );
    for (const [element, attribute] of Object.entries(MAPPED)) {
      const line = page.split("\n").find((each) => each.includes(`\`podcast:${element}\``)) ?? "";
      expect(line, element).not.toBe("");
      expect(line.includes("passed over"), element).toBe(attribute === undefined);
    }
  });

  test("is read with all that is mapped", async () => {
    const items: Item[] = [];
    for await (const each of readItems(podcast, fileInput(join(DIRECTORY, file)))) items.push(each);
    const records = items.flatMap((each) => ("record" in each ? [each.record] : []));
    const [show] = records.filter((each) => each.kind === "podcast");
    const episodes = records.filter((each) => each.kind === "episode");
    expect(show).toMatchObject({
      id: "https://example.com/podcast",
      ids: { podcast_guid: "y0ur-gu1d-g035-h3r3" }, // no UUID: kept as the feed states it
      author: "John Doe",
      value: [
        { method: "keysend", suggested: "0.00000005", recipients: [{ split: 99 }, { split: 1 }] },
      ],
    });
    expect(show?.images?.map((each) => each.image_type)).toEqual([
      "front",
      "artwork",
      "social",
      "icon",
      "banner",
    ]);
    expect(
      episodes.map(({ episode_number, season_name }) => [episode_number, season_name]),
    ).toEqual([
      [3, "Podcasting 2.0"],
      [2, "Podcasting 2.0"],
      [1, "Podcasting 2.0"],
    ]);
    expect(episodes.map((each) => each.credits?.map(({ role }) => role))).toEqual([
      ["host", "guest", "cover art designer"],
      ["host", "guest", "cover art designer"],
      ["host", "guest", "cover art designer"],
    ]);
    expect(episodes[0]?.transcripts).toHaveLength(2);
    expect(episodes.every((each) => each.chapters_url !== undefined)).toBe(true);
  });
});
