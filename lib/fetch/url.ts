import { FetchError } from "./error.ts";

/**
 * Reads a URL that HTTP is asked with, by the WHATWG standard: 2130706433 and 0x7f.1 as hosts are 127.0.0.1. With
 * `from` it is a redirect of that page, and may be relative to it. Throws JB250 for another scheme, for credentials,
 * for plain http that is not allowed, and for a way from https to http.
 */
export function readUrl(text: string, { allowHttp = false, from }: ReadUrlOptions = {}): URL {
  const url = URL.parse(text, from?.href);
  const told = from ? `${shownUrl(from)} redirects to` : "";
  if (!url) throw unusable(text, told ? `${told} what is no URL` : "this is no URL");
  if (url.username || url.password) {
    const hint = "deliveries are fetched without a login; take user and password out of the URL";
    throw unusable(url, told ? `${told} a URL with credentials` : "the URL has credentials", hint);
  }
  if (url.protocol === "http:" && from?.protocol === "https:")
    throw unusable(url, `${told} plain http`, "use a URL that stays on https");
  if (url.protocol === "http:" && !allowHttp)
    throw unusable(
      url,
      told ? `${told} plain http` : "plain http is not allowed",
      "use https, or allow http if the network can be trusted",
    );
  if (url.protocol !== "http:" && url.protocol !== "https:")
    throw unusable(url, `${told || "this is"} a URL of the scheme ${url.protocol.slice(0, -1)}`);
  url.hash = "";
  return url;
}

type ReadUrlOptions = { allowHttp?: boolean | undefined; from?: URL };

/**
 * A URL as it may be shown and logged: without credentials, fragment and query, which may be a signature, and at most
 * 300 characters of it.
 */
export function shownUrl(url: URL | string): string {
  const parsed = URL.parse(String(url));
  const text =
    parsed && /^https?:$/.test(parsed.protocol)
      ? `${parsed.origin}${parsed.pathname}${parsed.search && "?…"}`
      : String(url).replace(/\/\/[^/]*@/, "//");
  return text.length > 300 ? `${text.slice(0, 299)}…` : text;
}

/** JB250: a URL that is not fetched, whoever asks. */
export function unusable(
  url: URL | string,
  reason: string,
  hint = "use https://host/path or s3://bucket/key",
): FetchError {
  return new FetchError({ code: "JB250", url: shownUrl(url), reason, hint, retryable: false });
}
