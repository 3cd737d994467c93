import { FormatError } from "./error.ts";
import type { Input } from "./input.ts";
import { decodeFeed } from "./podcast/decode.ts";
import { readFeed, versionOf } from "./podcast/read.ts";
import { recordsFrom } from "./podcast/records.ts";
import type { Format, Head, Item } from "./record.ts";
import { readBytes } from "./text.ts";

/** A feed may be at most this long, in bytes: the largest ones, of thousands of episodes, have 10 MiB. */
const FEED_LIMIT = 32 * 1024 * 1024;

/**
 * Feeds of podcasts: RSS 0.9 to 2.0 with the itunes, podcast, psc, media, googleplay and Dublin Core namespaces, RSS 1.0, Atom, JSON Feed.
 * The channel becomes a podcast, each item an episode, each podcast:person a mention of an artist.
 * Feeds are often ill-formed or not in the encoding they name; they are read as far as a careful reader would, and warnings say what was wrong.
 */
export const podcast: Format = {
  name: "podcast",
  title: "podcast feeds: RSS 0.9 to 2.0, Atom, JSON Feed",
  detect,
  parse,
};

function detect({ text, root, keys }: Head): string | undefined {
  if (keys)
    return /"https?:\/\/(?:www\.)?jsonfeed\.org\/version\//.test(text) ? "JSON Feed" : undefined;
  if (root) return isRoot(root.name, root.uri) ? versionOf(text) : undefined;
  // Not well-formed from the beginning on: known by its first tag that is one of a feed.
  const [, first] = /<(?:[\w-]+:)?(rss|rdf|feed|html|body)(?=[\s>])/i.exec(text) ?? [];
  return first !== undefined && isRoot(first, "") ? versionOf(text) : undefined;
}

function isRoot(name: string, uri: string): boolean {
  if (/^feed$/i.test(name)) return uri === "" || /atom/i.test(uri);
  return /^(?:rss|rdf)$/i.test(name);
}

async function* parse(input: Input): AsyncGenerator<Item> {
  const bytes = await readBytes(input, FEED_LIMIT);
  const { text, warnings } = decodeFeed(bytes, input.name);
  if (text.trim() === "") {
    const hint = "ask for the feed again";
    throw new FormatError({ code: "JB241", file: input.name, reason: "the file is empty", hint });
  }
  const { feed, faults, endsEarly } = readFeed(text, input.name);
  for (const warning of warnings) yield { warning, pointer: "line 1" };
  for (const { line, reason } of faults) yield { warning: reason, pointer: `line ${line}` };
  yield* recordsFrom(feed, input.name, endsEarly);
}
