import { hash } from "node:crypto";
import { parentPort } from "node:worker_threads";
import {
  FormatError,
  fileInput,
  formatNamed,
  type Located,
  readItems,
} from "../../formats/index.ts";
import type { Batch, ReadingMessage, ReadingRequest, Refusal } from "./reading.ts";

/** Batches that are on their way at most: reading waits for those who apply them. */
const AHEAD = 4;
/** Characters of a batch, beside its number of items. */
const BATCH_CHARACTERS = 4 * 1024 * 1024;

/** How often to say so while items are passed over, in milliseconds: most of a dump may be dealt with. */
const ALIVE_MS = 1000;

const port = parentPort;
if (!port) throw new Error("this file is the body of a thread: lib/ingest/reader.ts starts it");

let underWay = 0;
let onTaken = () => {};
port.on("message", (message: ReadingRequest | "taken") => {
  if (message !== "taken") void read(message);
  else {
    underWay -= 1;
    onTaken();
  }
});

async function read(request: ReadingRequest): Promise<void> {
  underWay = 0;
  try {
    send({ end: await readBatches(request) });
  } catch (error) {
    if (error instanceof FormatError) send({ refusal: refusalOf(error) });
    else send({ failure: error instanceof Error ? error : new Error(String(error)) });
  }
}

/** Sends the batches of an input; returns the position after its last item. */
async function readBatches(request: ReadingRequest): Promise<number> {
  const { path, name, mapping, batchSize } = request;
  const format = formatNamed(request.format);
  if (!format) throw new Error(`there is no format named "${request.format}"`);
  const schemes = new Set(request.schemes);
  const isDone = within(request.done);
  let bytesRead = 0;
  const input = fileInput(path, name, (bytes) => {
    bytesRead += bytes;
  });

  let position = 0;
  let batch = emptyBatch(1);
  let characters = 0;
  let saidAt = performance.now();
  const flush = async (next: number) => {
    if (batch.first < next) {
      while (underWay >= AHEAD) {
        await new Promise<void>((resolve) => {
          onTaken = resolve;
        });
      }
      underWay += 1;
      send({ batch: { ...batch, next }, bytesRead });
    }
    batch = emptyBatch(next);
    characters = 0;
  };

  for await (const item of readItems(format, input, { mapping })) {
    if ("about" in item) {
      send({ about: item.about });
      continue;
    }
    position += 1;
    if (isDone(position)) {
      await flush(position);
      batch.first = position + 1;
      if (performance.now() - saidAt > ALIVE_MS) {
        send({ alive: true });
        saidAt = performance.now();
      }
      continue;
    }
    const { pointer } = item;
    if ("warning" in item) batch.warnings.push({ position, pointer, message: item.warning });
    else if ("refused" in item) batch.refused.push(asideOf(item.refused, pointer));
    else {
      const stranger = unknownScheme(item, schemes);
      if (stranger === undefined) {
        const json = JSON.stringify(item.record);
        const { kind, id, scope } = item.record;
        const isMention = scope === "mention";
        const checksum = hash("md5", json);
        batch.records.push({ position, pointer, kind, id, isMention, json, checksum });
        characters += json.length;
      } else {
        const { kind, id } = item.record;
        batch.refused.push({
          pointer,
          code: "JB246",
          message: `${kind} "${id}" has an id of the unknown scheme "${stranger}"`,
          hint: `schemes: ${request.schemes.join(", ")}; a new one is a row of identity.scheme`,
        });
      }
    }
    if (position - batch.first + 1 >= batchSize || characters >= BATCH_CHARACTERS) {
      await flush(position + 1);
    }
  }
  await flush(position + 1);
  return position + 1;
}

function emptyBatch(first: number): Batch {
  return { first, next: first, records: [], refused: [], warnings: [] };
}

function unknownScheme({ record: { ids } }: Located, schemes: Set<string>): string | undefined {
  if (ids === undefined) return undefined;
  for (const scheme in ids) if (!schemes.has(scheme)) return scheme;
  return undefined;
}

/** Whether a position lies in one of the ranges; asked in ascending order. */
function within(ranges: [first: number, next: number][]): (position: number) => boolean {
  const sorted = ranges.toSorted(([a], [b]) => a - b);
  let at = 0;
  return (position) => {
    while (at < sorted.length && position >= (sorted[at]?.[1] ?? 0)) at += 1;
    return position >= (sorted[at]?.[0] ?? Number.POSITIVE_INFINITY);
  };
}

function asideOf(error: FormatError, pointer: string) {
  const inside = error.pointer && error.pointer !== pointer ? `${error.pointer}: ` : "";
  return { pointer, code: error.code, message: `${inside}${error.reason}`, hint: error.hint };
}

function refusalOf({ code, file, line, pointer, reason, hint }: FormatError): Refusal {
  const at = {
    ...(line === undefined ? {} : { line }),
    ...(pointer === undefined ? {} : { pointer }),
  };
  return { code, file, ...at, reason, hint };
}

function send(message: ReadingMessage): void {
  port?.postMessage(message);
}
