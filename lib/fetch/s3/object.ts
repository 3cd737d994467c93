import { unusable } from "../url.ts";
import type { S3Settings } from "./settings.ts";

/** An object: its bucket, and its key as it is, not percent-encoded. */
export type S3Object = { bucket: string; key: string };

/** Whether a text can be the name of a bucket: S3's rules for new ones. */
export function isBucket(text: string): boolean {
  return /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(text) && !text.includes("..");
}

/**
 * Reads `s3://bucket/key`, where the key is whatever follows: nothing in it is decoded. Throws JB250 for a bucket that
 * none can be called, and for keys that HTTP cannot name: with `.` or `..` between slashes, over 1024 bytes, not Unicode.
 */
export function readS3Url(url: string): S3Object {
  const [, bucket = "", key = ""] = /^s3:\/\/([^/]*)\/(.*)$/is.exec(url) ?? [];
  const parts = key.split("/");
  if (!isBucket(bucket)) throw unusable(url, "this names no bucket", "use s3://bucket/key");
  if (key === "" || key.length > 1024 || Buffer.byteLength(key) > 1024 || !key.isWellFormed())
    throw unusable(url, "this names no object", "use a key of 1 to 1024 bytes");
  if (parts.includes(".") || parts.includes(".."))
    throw unusable(url, "the key cannot be asked for by HTTP", 'use one without "." and ".."');
  return { bucket, key };
}

/** `s3://bucket/key`. */
export function s3Url({ bucket, key }: S3Object): string {
  return `s3://${bucket}/${key}`;
}

/** The URL that an object is asked for with. */
export function objectUrl({ bucket, key }: S3Object, settings: S3Settings): URL {
  const url = new URL(settings.endpoint);
  const path = [settings.addressing === "path" ? bucket : "", ...key.split("/")]
    .map(encoded)
    .join("/");
  if (settings.addressing === "virtual") url.host = `${bucket}.${url.host}`;
  const base = url.pathname.replace(/\/+$/, "");
  url.pathname = settings.addressing === "path" ? `${base}/${path}` : `${base}${path}`;
  return url;
}

/** RFC 3986: all but the unreserved characters, which is what signatures are made of. */
function encoded(part: string): string {
  return encodeURIComponent(part).replace(
    /[!'()*]/g,
    (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
