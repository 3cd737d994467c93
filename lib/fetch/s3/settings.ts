import { isIP } from "node:net";
import { Problem } from "../../problem.ts";
import { oneOf, text, unusable } from "../../setting.ts";
import { bareHost } from "../address.ts";
import { isBucket } from "./object.ts";

/** How a bucket is named in a request: in the path, or as a part of the host. */
const addressings = ["path", "virtual"] as const;

export type S3Settings = {
  /** S3_ENDPOINT: http or https; it may have a path. Being set here, it is allowed wherever it is. */
  endpoint: string;
  /** S3_REGION: what requests are signed for. */
  region: string;
  /** S3_ADDRESSING. */
  addressing: (typeof addressings)[number];
  /** S3_BUCKET: where deliveries are stored; any is read. */
  bucket?: string | undefined;
  /** S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY and S3_SESSION_TOKEN; requests are not signed without. */
  login?:
    | { accessKeyId: string; secretAccessKey: string; sessionToken?: string | undefined }
    | undefined;
};

/** Reads the settings of object storage; undefined without S3_ENDPOINT. Raises JB001 for a value that cannot be used. */
export function readS3Settings(env: NodeJS.ProcessEnv): S3Settings | undefined {
  const endpoint = endpointUrl(env, "S3_ENDPOINT");
  if (endpoint === undefined) return undefined;
  const addressing = oneOf(env, "S3_ADDRESSING", addressings) ?? "path";
  if (addressing === "virtual" && isIP(bareHost(new URL(endpoint).hostname)))
    throw unusable("S3_ADDRESSING", addressing, "an address has no hosts below it: use path");
  return {
    endpoint,
    region: text(env, "S3_REGION") ?? "us-east-1",
    addressing,
    bucket: bucketName(env, "S3_BUCKET"),
    login: readLogin(env),
  };
}

function endpointUrl(env: NodeJS.ProcessEnv, name: string): string | undefined {
  const value = text(env, name);
  if (value === undefined) return undefined;
  const url = URL.parse(value);
  const isPlain = url && !url.username && !url.password && !url.search && !url.hash;
  if (isPlain && /^https?:$/.test(url.protocol)) return url.href.replace(/\/+$/, "");
  // It may hold a password.
  throw new Problem({
    code: "JB001",
    message: `${name} is not the URL of an object storage`,
    hint: "write https://host, without a login and a query; the login is S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY",
  });
}

function bucketName(env: NodeJS.ProcessEnv, name: string): string | undefined {
  const value = text(env, name);
  if (value === undefined || isBucket(value)) return value;
  throw unusable(name, value, "use 3 to 63 lower-case letters, digits, full stops and hyphens");
}

/** The keys are not repeated. */
function readLogin(env: NodeJS.ProcessEnv): S3Settings["login"] {
  const accessKeyId = text(env, "S3_ACCESS_KEY_ID");
  const secretAccessKey = text(env, "S3_SECRET_ACCESS_KEY");
  const sessionToken = text(env, "S3_SESSION_TOKEN");
  if (accessKeyId !== undefined && secretAccessKey !== undefined)
    return { accessKeyId, secretAccessKey, sessionToken };
  if (accessKeyId === undefined && secretAccessKey === undefined && sessionToken === undefined)
    return undefined;
  const missing = accessKeyId === undefined ? "S3_ACCESS_KEY_ID" : "S3_SECRET_ACCESS_KEY";
  throw new Problem({
    code: "JB001",
    message: `${missing} is missing`,
    hint: "set both keys, or neither and no token for buckets that everybody may read",
  });
}
