import { expect, test } from "vitest";
import { readFetchSettings } from "../../lib/fetch/settings.ts";

test("without a setting only what is public is fetched, by https", () => {
  expect(readFetchSettings({})).toEqual({
    allowHttp: false,
    allowPrivate: false,
    limits: {},
    s3: undefined,
  });
});

test("all of them", () => {
  expect(
    readFetchSettings({
      FETCH_ALLOW_HTTP: "true",
      FETCH_ALLOW_PRIVATE: "files.internal, 10.0.0.0/8,,fd00::/8 ",
      FETCH_MAX_BYTES: "1000",
      FETCH_MAX_SECONDS: "60",
      S3_ENDPOINT: "https://s3.example.org/base/",
      S3_REGION: "eu-central-1",
      S3_ADDRESSING: "virtual",
      S3_BUCKET: "deliveries",
      S3_ACCESS_KEY_ID: "AK",
      S3_SECRET_ACCESS_KEY: "secret",
      S3_SESSION_TOKEN: "token",
    }),
  ).toEqual({
    allowHttp: true,
    allowPrivate: ["files.internal", "10.0.0.0/8", "fd00::/8"],
    limits: { bytes: 1000, totalMs: 60_000 },
    s3: {
      endpoint: "https://s3.example.org/base",
      region: "eu-central-1",
      addressing: "virtual",
      bucket: "deliveries",
      login: { accessKeyId: "AK", secretAccessKey: "secret", sessionToken: "token" },
    },
  });
});

test("S3_ENDPOINT alone is enough for what everybody may read", () => {
  expect(readFetchSettings({ S3_ENDPOINT: "http://127.0.0.1:9000" }).s3).toEqual({
    endpoint: "http://127.0.0.1:9000",
    region: "us-east-1",
    addressing: "path",
    bucket: undefined,
    login: undefined,
  });
  expect(readFetchSettings({ FETCH_ALLOW_PRIVATE: "true" }).allowPrivate).toBe(true);
});

const S3_ENDPOINT = "https://s3.example.org";

test.each([
  ["FETCH_ALLOW_HTTP", { FETCH_ALLOW_HTTP: "yes" }],
  ["FETCH_ALLOW_PRIVATE", { FETCH_ALLOW_PRIVATE: "10.0.0.0/33" }],
  ["FETCH_ALLOW_PRIVATE", { FETCH_ALLOW_PRIVATE: "http://files.internal" }],
  ["FETCH_MAX_BYTES", { FETCH_MAX_BYTES: "2GiB" }],
  ["FETCH_MAX_BYTES", { FETCH_MAX_BYTES: "0" }],
  ["FETCH_MAX_SECONDS", { FETCH_MAX_SECONDS: "-1" }],
  ["S3_ENDPOINT", { S3_ENDPOINT: "s3.example.org" }],
  ["S3_ENDPOINT", { S3_ENDPOINT: "https://user:pass@s3.example.org" }],
  ["S3_ENDPOINT", { S3_ENDPOINT: "https://s3.example.org/?a=pass" }],
  ["S3_ENDPOINT", { S3_ENDPOINT: "ftp://s3.example.org" }],
  ["S3_ADDRESSING", { S3_ENDPOINT, S3_ADDRESSING: "host" }],
  ["S3_ADDRESSING", { S3_ENDPOINT: "http://10.0.0.1:9000", S3_ADDRESSING: "virtual" }],
  ["S3_ADDRESSING", { S3_ENDPOINT: "http://[::1]:9000", S3_ADDRESSING: "virtual" }],
  ["S3_BUCKET", { S3_ENDPOINT, S3_BUCKET: "Deliveries" }],
  ["S3_ACCESS_KEY_ID", { S3_ENDPOINT, S3_SECRET_ACCESS_KEY: "pass" }],
  ["S3_SECRET_ACCESS_KEY", { S3_ENDPOINT, S3_ACCESS_KEY_ID: "pass" }],
  ["S3_ACCESS_KEY_ID", { S3_ENDPOINT, S3_SESSION_TOKEN: "pass" }],
])("%s of %o cannot be used", (name, env) => {
  const failing = () => readFetchSettings(env);
  expect(failing).toThrow(expect.objectContaining({ code: "JB001" }));
  expect(failing).toThrow(name);
  expect(failing).not.toThrow("pass");
});
