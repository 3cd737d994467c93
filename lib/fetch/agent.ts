import type { LookupAddress } from "node:dns";
import { lookup as systemLookup } from "node:dns/promises";
import { isIP, type LookupFunction } from "node:net";
import { getCACertificates } from "node:tls";
import { Agent, buildConnector } from "undici";
import { type Allowance, bareHost, refusedAddress } from "./address.ts";
import { FetchError } from "./error.ts";
import type { FetchLimits } from "./limits.ts";

/** Finds the addresses of a name. */
export type Resolver = (hostname: string) => Promise<LookupAddress[]>;

/** What whoever fetches may bring of the network. */
export type NetworkOptions = {
  /** Certificate authorities (PEM) that are trusted besides those of the system. */
  ca?: string[] | undefined;
  /** Finds the addresses of names; the system does without it. */
  resolver?: Resolver | undefined;
};

export type AgentOptions = NetworkOptions & { allowance: Allowance; limits: FetchLimits };

/**
 * An HTTP agent that connects to public addresses and to those of the allowance alone. The address that is judged is
 * the one that is connected to: a name is looked up once for each connection, in the connecting itself, so there is
 * no moment in which it could come to mean another. Proxies of the environment are not used: they would look up the
 * name themselves. Certificates are always verified. It speaks HTTP/1.1. Destroy it after use.
 */
export function guardedAgent({ allowance, limits, ca, resolver = system }: AgentOptions): Agent {
  const connect = buildConnector({
    allowH2: false,
    maxCachedSessions: 0,
    timeout: limits.connectMs,
    rejectUnauthorized: true,
    autoSelectFamily: true,
    lookup: guardedLookup(allowance, resolver),
    ...(ca && { ca: [...getCACertificates("default"), ...ca] }),
  });
  return new Agent({
    connections: 1,
    allowH2: false,
    headersTimeout: limits.headersMs,
    bodyTimeout: limits.idleMs,
    connect: (options, callback) => {
      // Nothing is looked up for an address.
      const host = bareHost(options.hostname);
      const why = isIP(host) ? refusedAddress(host, host, allowance) : undefined;
      if (why) callback(refused(host, [why]), null);
      else connect(options, callback);
    },
  });
}

function guardedLookup(allowance: Allowance, resolver: Resolver): LookupFunction {
  return (host, options, callback) => {
    resolver(host).then(
      (found) => {
        const why = new Map(
          found.map(({ address }) => [address, refusedAddress(host, address, allowance)]),
        );
        const open = found.filter(({ address }) => !why.get(address));
        const [first] = open;
        if (!first) callback(refused(host, [...why.values()]), []);
        else if (options.all) callback(null, open);
        else callback(null, first.address, first.family);
      },
      (error) => callback(error, []),
    );
  };
}

function system(hostname: string): Promise<LookupAddress[]> {
  return systemLookup(hostname, { all: true });
}

/** The addresses are left out: who may not connect to them need not learn them. */
function refused(host: string, why: (string | undefined)[]): FetchError {
  const kinds = [...new Set(why)].join(", ") || "none";
  return new FetchError({
    code: "JB251",
    url: host,
    reason: `the host is not on the public internet (${kinds})`,
    hint: "allow the host or its range of addresses if it is meant",
    retryable: false,
  });
}
