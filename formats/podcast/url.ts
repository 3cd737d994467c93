/** Longest address that the catalog holds. */
const LONGEST = 2000;

/**
 * An http or https address, resolved against the first base that makes it one; undefined when there is none. What is one already keeps its spelling.
 */
export function webAddress(
  text: string | undefined,
  bases: readonly (string | undefined)[] = [],
): string | undefined {
  if (text === undefined) return undefined;
  const given = text.trim();
  if (given === "") return undefined;
  for (const base of [undefined, ...bases]) {
    const url = URL.parse(given, base);
    if (!url) continue;
    if (!/^https?:$/.test(url.protocol)) return undefined;
    const spelling = /^https?:\/\/[^\s/]\S*$/i.test(given) ? given : url.href;
    return spelling.length <= LONGEST ? spelling.replace(/^https?/i, lowered) : undefined;
  }
  return undefined;
}

/** The address of a feed: programs that subscribe write feed:, itpc: and pcast: for https:. */
export function feedAddress(
  text: string | undefined,
  bases: readonly (string | undefined)[] = [],
): string | undefined {
  const given = text?.trim().replace(/^(?:feed|itpc|pcast):(?:\/\/)?(?=https?:)/i, "");
  return webAddress(given?.replace(/^(?:feed|itpc|pcast):\/\//i, "https://"), bases);
}

/** One spelling for all addresses of one feed, by the rule of the scheme feed_url: https, host in lower case, no fragment, no trailing slash. */
export function feedKey(address: string): string {
  const url = new URL(address);
  return `https://${url.host}${url.pathname}${url.search}`.replace(/\/+$/, "");
}

function lowered(text: string): string {
  return text.toLowerCase();
}
