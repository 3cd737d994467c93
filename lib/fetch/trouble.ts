import { coded } from "../problem.ts";
import { FetchError, type FetchErrorCode } from "./error.ts";

/** Where a request was when it failed. */
type Stage = "asking" | "reading";

/** What an error of the HTTP client, of a socket or of an unpacker means. `url` as it may be shown. */
export function troubleOf(error: unknown, url: string, stage: Stage): FetchError {
  if (error instanceof FetchError) return error;
  const { code, message } = coded(error);
  const kind = code ?? (error instanceof Error ? error.name : "");
  const told = trouble.find(({ of }) => of.test(kind)) ?? anything[stage];
  return new FetchError({
    code: told.code,
    url,
    reason: told.reason,
    detail: code && !message.includes(code) ? `${message} (${code})` : message,
    hint: told.hint,
    retryable: told.retryable,
    cause: error,
  });
}

type Told = {
  code: FetchErrorCode;
  reason: string;
  hint: string;
  retryable: boolean;
};

const LATER = "try again later";
const ASK = "ask whoever runs the server";

const trouble: (Told & { of: RegExp })[] = [
  {
    of: /^UND_ERR_CONNECT_TIMEOUT$/,
    code: "JB253",
    reason: "no connection in the time there is for it",
    hint: "see that the server runs and lets this machine in",
    retryable: true,
  },
  {
    of: /^UND_ERR_HEADERS_TIMEOUT$/,
    code: "JB253",
    reason: "no answer in the time there is for it",
    hint: LATER,
    retryable: true,
  },
  {
    of: /^UND_ERR_BODY_TIMEOUT$/,
    code: "JB253",
    reason: "the body stands still",
    hint: LATER,
    retryable: true,
  },
  {
    of: /^(UND_ERR_HEADERS_OVERFLOW|HPE_HEADER_OVERFLOW)$/,
    code: "JB255",
    reason: "the head of the answer is too large",
    hint: ASK,
    retryable: false,
  },
  {
    of: /^UND_ERR_RES_CONTENT_LENGTH_MISMATCH$|^HPE_INVALID_EOF_STATE$|^Z_BUF_ERROR$/,
    code: "JB256",
    reason: "the body ends before it is complete",
    hint: LATER,
    retryable: true,
  },
  {
    of: /^(HPE_|HTTPParserError|UND_ERR_(INVALID|NOT_SUPPORTED))/,
    code: "JB252",
    reason: "the server does not speak HTTP as it should",
    hint: ASK,
    retryable: false,
  },
  {
    of: /^(Z_|ERR_BROTLI|ERR__|BROTLI|ZSTD|ERR_ZSTD)/,
    code: "JB256",
    reason: "the body cannot be unpacked",
    hint: `it is not in its Content-Encoding, or is damaged: ${ASK}`,
    retryable: false,
  },
  {
    of: /^ENOTFOUND$/,
    code: "JB252",
    reason: "there is no such host",
    hint: "check it for a typing error",
    retryable: false,
  },
  {
    of: /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|^ERR_(SSL|TLS)_|^EPROTO$/,
    code: "JB252",
    reason: "the server cannot prove who it is, or speaks no TLS that is accepted",
    hint: `${ASK}; an authority of your own goes into NODE_EXTRA_CA_CERTS`,
    retryable: false,
  },
];

/** Resets, refusals, unreachable networks, and what is not known: all of it may pass. */
const anything: Record<Stage, Told> = {
  asking: {
    code: "JB252",
    reason: "the server cannot be reached",
    hint: "see that it runs and that the URL is right",
    retryable: true,
  },
  reading: { code: "JB256", reason: "the body breaks off", hint: LATER, retryable: true },
};

/** Waits for what is done to a file of ours; throws JB258 when it fails. */
export async function written<T>(url: string, doing: Promise<T>): Promise<T> {
  try {
    return await doing;
  } catch (error) {
    throw new FetchError({
      code: "JB258",
      url,
      reason: "a file cannot be read or written",
      detail: coded(error).message,
      hint: "check the directory, its rights and the room there is",
      retryable: false,
      cause: error,
    });
  }
}
