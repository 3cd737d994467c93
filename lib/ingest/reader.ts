import { Worker } from "node:worker_threads";
import { FormatError } from "../../formats/index.ts";
import type { Batch, Description, ReadingMessage, ReadingRequest } from "./reading.ts";

/** Reads deliveries in a thread of its own, with bounded memory and time; one at a time. */
export type Reader = {
  /** What a delivery holds, batch by batch. Throws FormatError, and whatever ends the thread. */
  read(request: ReadingRequest): AsyncGenerator<Reading>;
  /** Ends the thread. */
  close(): Promise<void>;
};

export type Reading =
  | { about: Description }
  /** `bytesRead` of the file, as it lies there. */
  | { batch: Batch; bytesRead: number };

/** Memory that reading may take, in MiB: a message that is read as a whole takes some ten times its size. */
const MEMORY_MIB = 2048;
/** How long reading may go on without yielding anything, in milliseconds. */
const SILENCE_MS = 120_000;

/** Makes a reader; its thread starts with the first reading and is started anew when a delivery has ended it. */
export function createReader({ silenceMs = SILENCE_MS, memoryMiB = MEMORY_MIB } = {}): Reader {
  let thread: Worker | undefined;

  const start = () => {
    const worker = new Worker(new URL("./reader-thread.ts", import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: memoryMiB },
    });
    worker.on("error", () => {}); // whoever reads hears of it; between two deliveries nobody does
    return worker;
  };
  const end = async () => {
    const ending = thread;
    thread = undefined;
    await ending?.terminate();
  };

  return {
    close: end,
    async *read(request) {
      thread ??= start();
      const worker = thread;
      const messages = mailbox(worker);
      let isOver = false;
      try {
        worker.postMessage(request);
        for (;;) {
          const message = await messages.next(silenceMs);
          if (message === undefined) throw tooSlow(request.name, silenceMs);
          if ("alive" in message) continue;
          if ("about" in message) yield message;
          else if ("batch" in message) {
            yield message;
            worker.postMessage("taken");
          } else {
            isOver = true;
            if ("refusal" in message) throw new FormatError(message.refusal);
            if ("failure" in message) throw message.failure;
            return;
          }
        }
      } catch (error) {
        throw isOutOfMemory(error) ? tooBig(request.name, memoryMiB) : error;
      } finally {
        messages.close();
        // It would go on with what nobody takes any more.
        if (!isOver) await end();
      }
    },
  };
}

/** The messages of a thread as they are asked for. */
function mailbox(worker: Worker) {
  const waiting: ReadingMessage[] = [];
  let failure: Error | undefined;
  let wake = () => {};
  const onMessage = (message: ReadingMessage) => {
    waiting.push(message);
    wake();
  };
  const onEnd = (cause: Error | number) => {
    failure ??=
      cause instanceof Error ? cause : new Error(`the thread that reads ended (${cause})`);
    wake();
  };
  worker.on("message", onMessage).on("error", onEnd).on("exit", onEnd);
  return {
    /** The next one; undefined when there is none within that time. */
    async next(timeoutMs: number): Promise<ReadingMessage | undefined> {
      const timer = setTimeout(() => wake(), timeoutMs);
      try {
        if (waiting.length === 0 && !failure) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      } finally {
        clearTimeout(timer);
      }
      const message = waiting.shift();
      if (!message && failure) throw failure;
      return message;
    },
    close() {
      worker.off("message", onMessage).off("error", onEnd).off("exit", onEnd);
    },
  };
}

function isOutOfMemory(error: unknown): boolean {
  return (error as { code?: string }).code === "ERR_WORKER_OUT_OF_MEMORY";
}

function tooSlow(file: string, ms: number): FormatError {
  return new FormatError({
    code: "JB244",
    file,
    reason: `nothing could be read of it for ${ms / 1000} seconds`,
    hint: "no catalog takes that long: this file was made to do harm, or the disk hangs",
  });
}

function tooBig(file: string, mib: number): FormatError {
  return new FormatError({
    code: "JB244",
    file,
    reason: `reading it takes more than ${mib} MiB of memory`,
    hint: "split it; a document that is one message is read as a whole",
  });
}
