/** What kept a delivery from being fetched, or stored, in the order in which a request meets it. */
export type FetchErrorCode =
  /** The URL is none that is fetched: its form, its scheme, credentials in it, plain http. */
  | "JB250"
  /** The host is not on the public internet, and is not allowed. */
  | "JB251"
  /** No connection: the name, the network, TLS. */
  | "JB252"
  /** Too slow: to connect, to answer, from chunk to chunk, in all. */
  | "JB253"
  /** Too many redirects, or one that leads nowhere. */
  | "JB254"
  /** Too large: as declared, as it came, or unpacked. */
  | "JB255"
  /** The body breaks off, or cannot be unpacked. */
  | "JB256"
  /** The server answers that it will not, or cannot now. */
  | "JB257"
  /** A file of ours cannot be read or written. */
  | "JB258"
  /** The object storage is not set up for it, or holds something else than was stored. */
  | "JB259";

export type FetchFault = {
  code: FetchErrorCode;
  /** What was asked for, as it may be shown: see `shownUrl`. */
  url: string;
  /** One sentence, lower case, no full stop: what is wrong. */
  reason: string;
  /** What the system or the server said, word for word. */
  detail?: string | undefined;
  /** What to do about it. */
  hint: string;
  /** Whether the same may well succeed later. */
  retryable: boolean;
  /** The HTTP status that was answered. */
  status?: number | undefined;
  /** The earliest moment at which the server wants to be asked again. */
  retryAt?: Date | undefined;
  cause?: unknown;
};

/** A delivery that could not be fetched or stored, and why. The message reads `url: reason`. */
export class FetchError extends Error {
  readonly code: FetchErrorCode;
  readonly url: string;
  readonly reason: string;
  readonly detail: string | undefined;
  readonly hint: string;
  readonly retryable: boolean;
  readonly status: number | undefined;
  readonly retryAt: Date | undefined;

  constructor(fault: FetchFault) {
    super(
      `${fault.url}: ${fault.reason}`,
      fault.cause === undefined ? undefined : { cause: fault.cause },
    );
    this.name = "FetchError";
    this.code = fault.code;
    this.url = fault.url;
    this.reason = fault.reason;
    this.detail = fault.detail;
    this.hint = fault.hint;
    this.retryable = fault.retryable;
    this.status = fault.status;
    this.retryAt = fault.retryAt;
  }
}
