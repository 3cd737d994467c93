/** What one request may ask for. The figures are in docs/reference/graphql.md too. */
export const limits = {
  /** Items of a page when the query does not say. */
  defaultPage: 20,
  /** Items of a page at most. */
  maxPage: 100,
  /** Rows that a query may touch at most: pages multiply. */
  maxRows: 25_000,
  /** Fields of a query, each counted as often as the fragments it stands in are spread. */
  maxFields: 5_000,
  /** What a list without pages, such as the credits of an album, is counted as. */
  rowsPerList: 10,
  /** What a field without fields of its own is counted as. */
  rowsPerScalar: 0.01,
  /** What a function's `limit` is when the query does not say, and at most. */
  defaultLimit: 100,
  maxLimit: 10_000,
  /** What a query of the schema itself is counted as. */
  rowsPerIntrospection: 1_000,
  /** Items of a list as an argument. `refs` and `jukeIds` are counted by the functions themselves. */
  maxItems: { losers: 1_000, records: 10_000, expectedVersions: 10_000 },
  /** Characters of the name of who is acting. */
  maxActor: 100,
  /** Words and signs of a document: comparing its fields is quadratic. GraphiQL's introspection has about 300. */
  maxTokens: 2_000,
  /** Bytes of a request: 10,000 references fit. */
  maxBody: 1_000_000,
  maxDepth: 14,
  /** Lists within lists. */
  maxListDepth: 5,
  planningMs: 2_000,
  executionMs: 15_000,
  statementMs: 10_000,
  /** Streams of the feed that are open on one server, over HTTP and GraphQL together. */
  maxStreams: 1_000,
  /** Operations of a WebSocket at a time. */
  maxOperations: 20,
  /** Bytes that a WebSocket may hold back before a question of its client is one too many. */
  maxBuffered: 4_000_000,
  /** Updates of a page of a stream. */
  streamPage: 100,
  /** Full reads of the catalog at a time, and how long each part of one may take in the database. */
  maxBootstraps: 2,
  bootstrapFetchMs: 60_000,
  /** Reads of the feed at a time, of all streams together. */
  feedReads: 4,
  /** Pages of subscriptions that are made into answers at a time. */
  pageQueries: 4,
  /** How often an idle stream says that it is alive. */
  heartbeatMs: 15_000,
  /** How long a request may take to arrive, and a connection may stay silent. */
  requestMs: 20_000,
  silenceMs: 90_000,
  /** How long requests that are under way may take when the server ends. */
  closeMs: 5_000,
  /** How long a full read may take its client in all: it holds a snapshot. */
  bootstrapMs: 3_600_000,
  /** How long a client may take nothing of what was sent. */
  drainMs: 30_000,
  /** How often to look at the feed when nobody notifies. */
  lookMs: 5_000,
  /** How long to wait between looks when somebody notifies all the time. */
  lookGapMs: 20,
} as const;
