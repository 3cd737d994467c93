import { readFileSync } from "node:fs";
import type { Agent } from "undici";
import { projectPath } from "../project.ts";
import { ask, discard, field, refusal } from "./ask.ts";
import { acceptEncoding } from "./content-encoding.ts";
import { FetchError } from "./error.ts";
import type { Fetched } from "./fetched.ts";
import type { FetchLimits } from "./limits.ts";
import { deliveryName, readablePath } from "./name.ts";
import { conditions, isBody, isUnchanged, type Known, receive, told } from "./receive.ts";
import { readUrl, shownUrl } from "./url.ts";

const { version } = JSON.parse(readFileSync(projectPath("package.json"), "utf8"));

export type HttpFetch = {
  agent: Agent;
  directory: string;
  known: Known;
  limits: FetchLimits;
  allowHttp: boolean;
  signal: AbortSignal;
};

/**
 * Fetches once, following redirects: each is checked as the first URL is. A run of permanent ones (301, 308) at the
 * beginning is told. No cookie and no credential is ever sent. Throws JB250 to JB258.
 */
export async function fetchHttp(start: URL, options: HttpFetch): Promise<Fetched> {
  const { agent, directory, known, limits, allowHttp, signal } = options;
  const headers = {
    "user-agent": `jukebase/${version}`,
    accept: "*/*",
    "accept-encoding": acceptEncoding,
    ...conditions(known),
  };
  let url = start;
  let movedPermanentlyTo: string | undefined;
  let isPermanent = true;
  for (let followed = 0; ; followed++) {
    const answer = await ask({ agent, url, headers, signal });
    const { statusCode: status } = answer;
    if (!redirects.includes(status)) {
      const moved = movedPermanentlyTo === undefined ? {} : { movedPermanentlyTo };
      if (isUnchanged(answer, known)) {
        discard(answer);
        return { status: "unchanged", ...moved };
      }
      if (!isBody(answer)) {
        discard(answer);
        throw refusal(shownUrl(url), answer);
      }
      const saved = await receive(shownUrl(url), answer, { directory, limits });
      const name = deliveryName(readablePath(start), start.host);
      return {
        status: "fetched",
        ...saved,
        ...told(answer),
        finalUrl: url.href,
        name,
        ...moved,
      };
    }
    discard(answer);
    if (followed >= limits.redirects)
      throw astray(
        start,
        `more than ${limits.redirects} redirects`,
        `the last is ${shownUrl(url)}`,
      );
    const location = field(answer, "location");
    if (!location) throw astray(url, `the server answers ${status} and does not say where to`);
    url = readUrl(location, { allowHttp, from: url });
    isPermanent &&= status === 301 || status === 308;
    if (isPermanent) movedPermanentlyTo = url.href;
  }
}

const redirects = [301, 302, 303, 307, 308];

function astray(url: URL, reason: string, detail?: string): FetchError {
  const hint = "open the URL in a browser, and use the one it ends at";
  return new FetchError({
    code: "JB254",
    url: shownUrl(url),
    reason,
    detail,
    hint,
    retryable: false,
  });
}
