import { expect, test } from "vitest";
import { type SignedRequest, signatureFault } from "./signature.ts";

// The examples of "Signature Calculations for the Authorization Header" of the S3 API Reference.
const keys = {
  accessKeyId: "AKIAIOSFODNN7EXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
};
const then = new Date("2013-05-24T00:00:00Z");
const host = "examplebucket.s3.amazonaws.com";
const empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

function authorization(names: string, signature: string): string {
  return `AWS4-HMAC-SHA256 Credential=${keys.accessKeyId}/20130524/us-east-1/s3/aws4_request,SignedHeaders=${names},Signature=${signature}`;
}

const get: SignedRequest = {
  method: "GET",
  target: "/test.txt",
  headers: {
    host,
    range: "bytes=0-9",
    "x-amz-content-sha256": empty,
    "x-amz-date": "20130524T000000Z",
    authorization: authorization(
      "host;range;x-amz-content-sha256;x-amz-date",
      "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
    ),
  },
};

const put: SignedRequest = {
  method: "PUT",
  target: "/test%24file.text",
  headers: {
    host,
    date: "Fri, 24 May 2013 00:00:00 GMT",
    "x-amz-content-sha256": "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
    "x-amz-date": "20130524T000000Z",
    "x-amz-storage-class": "REDUCED_REDUNDANCY",
    authorization: authorization(
      "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
      "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
    ),
  },
};

test("the server of the tests takes the signatures of the specification", () => {
  expect(signatureFault(get, keys, "us-east-1", then)).toBeUndefined();
  expect(signatureFault(put, keys, "us-east-1", then)).toBeUndefined();
});

test("and no others", () => {
  const fault = (request: SignedRequest, secretAccessKey = keys.secretAccessKey): unknown =>
    signatureFault(request, { ...keys, secretAccessKey }, "us-east-1", then);
  expect(fault(get, "other")).toBe("SignatureDoesNotMatch");
  expect(fault({ ...get, target: "/Test.txt" })).toBe("SignatureDoesNotMatch");
  expect(fault({ ...get, method: "PUT" })).toBe("SignatureDoesNotMatch");
  expect(fault({ ...get, headers: { ...get.headers, host: "other" } })).toBe(
    "SignatureDoesNotMatch",
  );
  expect(fault({ ...get, headers: { ...get.headers, "x-amz-acl": "public" } })).toBe(
    "AccessDenied",
  );
  expect(signatureFault(get, keys, "eu-west-1", then)).toBe("AuthorizationHeaderMalformed");
  expect(signatureFault(get, keys, "us-east-1", new Date("2013-05-24T00:16:00Z"))).toBe(
    "RequestTimeTooSkewed",
  );
});
