import type { FormatErrorCode } from "../../formats/index.ts";
import type { Mapping } from "../../formats/mapping.ts";

/** What the thread is asked to read. */
export type ReadingRequest = {
  path: string;
  /** What messages call it. */
  name: string;
  format: string;
  mapping?: Mapping | undefined;
  /** The schemes that ids may be of. */
  schemes: string[];
  /** Items a batch. */
  batchSize: number;
  /** Positions that are dealt with: [first, next) each. */
  done: [first: number, next: number][];
};

/** Items of one run of positions, in their order. */
export type Batch = {
  /** The positions it covers: first to next - 1, from 1 on. */
  first: number;
  next: number;
  records: ReadRecord[];
  refused: RefusedItem[];
  warnings: { position: number; pointer: string; message: string }[];
};

/** A record as it is sent to the database. */
export type ReadRecord = {
  position: number;
  pointer: string;
  kind: string;
  id: string;
  isMention: boolean;
  /** The record as JSON. */
  json: string;
  /** md5 of the JSON: what ingest.differing compares. */
  checksum: string;
};

/** An item that cannot be taken, as ingest.put_aside wants it. */
export type RefusedItem = { pointer: string; code: string; message: string; hint: string };

/** What the document says of itself. */
export type Description = {
  version?: string;
  statedAt?: string;
  messageId?: string;
  sender?: string;
};

/** A FormatError, in parts that can be sent. */
export type Refusal = {
  code: FormatErrorCode;
  file: string;
  line?: number;
  pointer?: string;
  reason: string;
  hint: string;
};

/**
 * What the thread answers, in this order: about (or not), batches, and one of the last three; in between that it is alive, while it
 * passes over what is dealt with.
 */
export type ReadingMessage =
  | { alive: true }
  | { about: Description }
  | { batch: Batch; bytesRead: number }
  | { end: number }
  | { refusal: Refusal }
  | { failure: Error };
