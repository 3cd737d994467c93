import { parseAtomFeed, parseJsonFeed, parseRdfFeed, parseRssFeed } from "feedsmith";
import { FormatError } from "../error.ts";
import { nesting, parseJson } from "../json.ts";
import { fromAtom } from "./atom.ts";
import type { Feed } from "./feed.ts";
import { fromJsonFeed } from "./json-feed.ts";
import { mend } from "./mend.ts";
import { fromRdf } from "./rdf.ts";
import { fromRss } from "./rss.ts";

/** A feed, what was mended to read it, and whether it stopped in the middle. */
export type Read = { feed: Feed; faults: { line: number; reason: string }[]; endsEarly: boolean };

const NESTING_LIMIT = 100;

/** The text of a feed of any format. Throws FormatError when it is none, or makes no sense. */
export function readFeed(text: string, file: string): Read {
  return /^\s*\{/.test(text) ? readJsonFeed(text, file) : readXmlFeed(text, file);
}

function readXmlFeed(source: string, file: string): Read {
  const { text, items, endsEarly, faults } = mend(source, file);
  const feed = understood(() => parseXml(text), file);
  if (feed.items.length < items) {
    const reason = `${items - feed.items.length} of ${items} items say nothing that is understood`;
    faults.push({ line: 1, reason });
  }
  return { feed, faults, endsEarly };
}

function parseXml(text: string): Feed {
  const version = versionOf(text);
  if (version.startsWith("RSS 2") || /^<(?:[\w-]+:)?rss[\s>]/i.test(text)) {
    return fromRss(parseRssFeed(text), version);
  }
  if (version.startsWith("Atom")) return fromAtom(parseAtomFeed(text), version);
  return fromRdf(parseRdfFeed(text), version);
}

/** What a feed says of its own format, from its first element; only the beginning of the text is needed. */
export function versionOf(text: string): string {
  const [root = "", local = ""] = /<(?:[\w-]+:)?(rss|rdf|feed)(?:\s[^>]*)?>/i.exec(text) ?? [];
  if (/^rss$/i.test(local)) {
    const [, version] = /\sversion\s*=\s*["']\s*([\d.]{1,8})\s*["']/i.exec(root) ?? [];
    return version === undefined ? "RSS" : `RSS ${version}`;
  }
  if (/^feed$/i.test(local)) return root.includes("purl.org/atom/ns#") ? "Atom 0.3" : "Atom 1.0";
  return root.includes("my.netscape.com/rdf") || root.includes("channel.netscape.com/rdf")
    ? "RSS 0.90"
    : "RSS 1.0";
}

function readJsonFeed(text: string, file: string): Read {
  if (nesting(text) > NESTING_LIMIT) {
    throw new FormatError({
      code: "JB244",
      file,
      reason: `nested deeper than ${NESTING_LIMIT} levels`,
      hint: "no feed is; this file was made to do harm or is damaged",
    });
  }
  const parsed = parseJson(text);
  if ("reason" in parsed) {
    const hint = "deliver the feed as it was produced";
    throw new FormatError({ code: "JB243", file, reason: parsed.reason, hint });
  }
  const [, version = "1"] =
    /jsonfeed\.org\/version\/([\d.]{1,8})/.exec(String(Object(parsed.value).version)) ?? [];
  const feed = understood(
    () => fromJsonFeed(parseJsonFeed(parsed.value), `JSON Feed ${version}`),
    file,
  );
  return { feed, faults: [], endsEarly: false };
}

/** What the parser of feeds refuses, in our words: it says no more than that it does. */
function understood(parse: () => Feed, file: string): Feed {
  try {
    return parse();
  } catch (error) {
    const reason = /^(?:DetectError|ParseError)$/.test((error as Error).name)
      ? "an empty feed: it has no channel, or nothing in it"
      : /^MalformedError$/.test((error as Error).name)
        ? "not well-formed: its elements make no feed"
        : undefined;
    if (reason === undefined) throw error;
    const hint = "ask for the feed again; it may have been cut short or damaged";
    throw new FormatError({ code: "JB245", file, reason, hint });
  }
}
