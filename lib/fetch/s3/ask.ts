import { AwsV4Signer } from "aws4fetch";
import type { Agent } from "undici";
import { readAllowance } from "../address.ts";
import { guardedAgent, type NetworkOptions } from "../agent.ts";
import { type Answer, ask, type Question } from "../ask.ts";
import type { FetchLimits } from "../limits.ts";
import { objectUrl, type S3Object } from "./object.ts";
import type { S3Settings } from "./settings.ts";

/** The checksum of a file, as it is kept with its object. */
export const sha256Field = "x-amz-meta-sha256";

/** Where the endpoint is has been said by who runs us, and no redirect is followed: any address will do. */
export function storageAgent({ ca, resolver }: NetworkOptions, limits: FetchLimits): Agent {
  return guardedAgent({ allowance: readAllowance(true), limits, ca, resolver });
}

type ObjectQuestion = Omit<Question, "url" | "headers"> & {
  object: S3Object;
  /** Fields that are signed. */
  headers: Record<string, string>;
  /** Fields that whatever stands in between may change. */
  unsigned: Record<string, string>;
};

/** Asks for an object, signed with AWS Signature Version 4 if there is a login. */
export async function askObject(
  settings: S3Settings,
  { object, headers, unsigned, ...question }: ObjectQuestion,
): Promise<Answer> {
  const url = objectUrl(object, settings);
  const method = question.method ?? "GET";
  const signed = settings.login
    ? await sign(url, method, headers, settings.region, settings.login)
    : headers;
  return ask({ ...question, url, headers: { ...signed, ...unsigned } });
}

async function sign(
  url: URL,
  method: string,
  headers: Record<string, string>,
  region: string,
  { accessKeyId, secretAccessKey, sessionToken }: NonNullable<S3Settings["login"]>,
): Promise<Record<string, string>> {
  const signer = new AwsV4Signer({
    method,
    url: url.href,
    headers,
    service: "s3",
    region,
    accessKeyId,
    secretAccessKey,
    ...(sessionToken !== undefined && { sessionToken }),
  });
  return Object.fromEntries((await signer.sign()).headers);
}
