/** What a fetch may cost. Times are in milliseconds, sizes in bytes. */
export type FetchLimits = {
  /** The most a body may have, as it comes and unpacked. */
  bytes: number;
  /** The most redirects that are followed. */
  redirects: number;
  /** For a connection: looking up the name, TCP and TLS together. */
  connectMs: number;
  /** From the request to the head of the answer. */
  headersMs: number;
  /** The longest silence in a body; and in each such time `idleBytes` have to come. */
  idleMs: number;
  idleBytes: number;
  /** For everything: all attempts, redirects and pauses. */
  totalMs: number;
  /** How often it is tried in all; 1 is once. */
  attempts: number;
  /** The first pause between two attempts; each further one is twice as long, a random half of it off. */
  backoffMs: number;
  /** The longest pause; who asks for a longer one (`Retry-After`) is not asked again. */
  longestPauseMs: number;
};

export const defaultLimits: FetchLimits = {
  bytes: 2 * 1024 ** 3,
  redirects: 5,
  connectMs: 10_000,
  headersMs: 30_000,
  idleMs: 30_000,
  idleBytes: 1024,
  totalMs: 3_600_000,
  attempts: 5,
  backoffMs: 500,
  longestPauseMs: 60_000,
};
