import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { httpServer, httpsServer, type TestServer } from "./servers.ts";
import { type Keys, signatureFault } from "./signature.ts";

type Stored = { body: Buffer; headers: Record<string, string> };

export type S3Server = TestServer & {
  /** What is stored, by `bucket/key`. */
  objects: Map<string, Stored>;
  /** Statuses that are answered next, before anything else is looked at. */
  failures: number[];
};

type S3Options = {
  keys: Keys;
  region?: string;
  tls?: boolean;
  /** The host below which buckets are hosts; they are in the path without it. */
  virtualHost?: string;
};

/**
 * An object storage: PutObject and GetObject of the S3 API, for requests that are signed with the keys. The body of a
 * PUT has to have the signed checksum.
 */
export async function s3Server({
  keys,
  region = "us-east-1",
  tls,
  virtualHost,
}: S3Options): Promise<S3Server> {
  const objects: S3Server["objects"] = new Map();
  const failures: number[] = [];
  const server = await (tls ? httpsServer : httpServer)(async (request, response) => {
    const body = await buffer(request).catch(() => undefined);
    if (body === undefined) return;
    const failure = failures.shift();
    if (failure !== undefined) return refuse(response, failure, "SlowDown");
    const { method = "", url: target = "" } = request;
    const headers = request.headers as Record<string, string>;
    const fault = signatureFault({ method, target, headers }, keys, region, new Date());
    if (fault) return refuse(response, 403, fault);
    const place = decodeURIComponent(`${bucketOfHost(request, virtualHost)}${target}`).slice(1);
    if (method === "PUT") return put(objects, place, body, headers, response);
    return get(objects.get(place), headers, response);
  });
  return { ...server, objects, failures };
}

function bucketOfHost(request: IncomingMessage, virtualHost: string | undefined): string {
  const host = request.headers.host?.replace(/:\d+$/, "") ?? "";
  if (virtualHost === undefined) return "";
  return host.endsWith(`.${virtualHost}`) ? `/${host.slice(0, -virtualHost.length - 1)}` : "/none";
}

function put(
  objects: S3Server["objects"],
  place: string,
  body: Buffer,
  headers: Record<string, string>,
  response: ServerResponse,
): void {
  const sha256 = createHash("sha256").update(body).digest("hex");
  if (headers["x-amz-content-sha256"] !== sha256) {
    refuse(response, 400, "XAmzContentSHA256Mismatch");
    return;
  }
  const kept = Object.entries(headers).filter(([name]) =>
    /^(x-amz-meta-|content-type$)/.test(name),
  );
  objects.set(place, { body, headers: Object.fromEntries(kept) });
  response.setHeader("ETag", etagOf(body)).end();
}

function get(
  stored: Stored | undefined,
  headers: Record<string, string>,
  response: ServerResponse,
): void {
  if (!stored) {
    refuse(response, 404, "NoSuchKey");
    return;
  }
  response.setHeader("ETag", etagOf(stored.body));
  if (headers["if-none-match"] === etagOf(stored.body)) {
    response.writeHead(304).end();
    return;
  }
  for (const [name, value] of Object.entries(stored.headers)) response.setHeader(name, value);
  response.setHeader("Content-Length", stored.body.length);
  response.end(stored.body);
}

function etagOf(body: Buffer): string {
  return `"${createHash("md5").update(body).digest("hex")}"`;
}

function refuse(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { "Content-Type": "application/xml" });
  response.end(`<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code></Error>`);
}
