import { createHash, createHmac } from "node:crypto";

/** A request as it is on the wire: the target undecoded, the names of fields in lower case. */
export type SignedRequest = {
  method: string;
  target: string;
  headers: Record<string, string | undefined>;
};

export type Keys = { accessKeyId: string; secretAccessKey: string; sessionToken?: string };

/**
 * Why a request is not signed as AWS Signature Version 4 asks for S3, in the word S3 has for it; undefined when it is.
 * Written from the specification (Authenticating Requests: Using the Authorization Header), without the library that
 * signs.
 */
export function signatureFault(
  { method, target, headers }: SignedRequest,
  keys: Keys,
  region: string,
  now: Date,
): string | undefined {
  const found =
    /^AWS4-HMAC-SHA256 Credential=([^/,]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request,\s*SignedHeaders=([^,]+),\s*Signature=([0-9a-f]{64})$/.exec(
      headers.authorization ?? "",
    );
  if (!found) return "AccessDenied";
  const [, keyId = "", day = "", signedRegion = "", signedNames = "", signature = ""] = found;
  if (keyId !== keys.accessKeyId) return "InvalidAccessKeyId";
  if (signedRegion !== region) return "AuthorizationHeaderMalformed";
  if (headers["x-amz-security-token"] !== keys.sessionToken) return "InvalidToken";

  const names = signedNames.split(";");
  const must = ["host", ...Object.keys(headers).filter((name) => name.startsWith("x-amz-"))];
  if (must.some((name) => !names.includes(name))) return "AccessDenied";
  if (signedNames !== [...names].sort().join(";")) return "SignatureDoesNotMatch";

  const moment = headers["x-amz-date"] ?? "";
  const iso = moment.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z");
  const away = Math.abs(now.getTime() - Date.parse(iso));
  if (!moment.startsWith(day) || !(away <= 15 * 60_000)) return "RequestTimeTooSkewed";

  const [path = "", query = ""] = target.split("?");
  const canonicalRequest = [
    method,
    uriEncode(decodeURIComponent(path), false),
    canonicalQuery(query),
    ...names.map((name) => `${name}:${headers[name]?.trim().replace(/ +/g, " ")}`),
    "",
    signedNames,
    headers["x-amz-content-sha256"],
  ].join("\n");
  const scope = `${day}/${region}/s3/aws4_request`;
  const hashed = createHash("sha256").update(canonicalRequest).digest("hex");
  const toSign = ["AWS4-HMAC-SHA256", moment, scope, hashed].join("\n");
  const key = [day, region, "s3", "aws4_request"].reduce<string | Buffer>(
    (key, part) => hmac(key, part),
    `AWS4${keys.secretAccessKey}`,
  );
  return hmac(key, toSign).toString("hex") === signature ? undefined : "SignatureDoesNotMatch";
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}

function canonicalQuery(query: string): string {
  return query
    .split("&")
    .filter(Boolean)
    .map((pair) => pair.split("=").map((part) => uriEncode(decodeURIComponent(part), true)))
    .map(([name, value = ""]) => `${name}=${value}`)
    .sort()
    .join("&");
}

/** UriEncode of the specification: byte by byte, all but the unreserved characters. */
function uriEncode(text: string, encodeSlash: boolean): string {
  let encoded = "";
  for (const byte of Buffer.from(text)) {
    const character = String.fromCharCode(byte);
    if (/[A-Za-z0-9\-._~]/.test(character) || (character === "/" && !encodeSlash))
      encoded += character;
    else encoded += `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return encoded;
}
