import { GenericError } from "@platformatic/kafka";
import type { Logger } from "pino";
import { coded } from "../../problem.ts";

/** What keeps the feed from being published, as the log tells it. */
export type Trouble = {
  /** One of JB320 to JB323, or what Postgres said. */
  code: string | undefined;
  message: string;
  detail?: string | undefined;
  hint?: string | undefined;
  /** An error needs somebody; a warning may pass by itself. */
  level: "warn" | "error";
};

/** An error that is told with a code, a detail and a hint. */
export class PublishError extends Error {
  readonly trouble: Trouble;

  constructor(trouble: Trouble) {
    super(trouble.message);
    this.trouble = trouble;
  }
}

export type TroubleLog = {
  tell(trouble: Trouble): void;
  over(): void;
};

/** Tells trouble once: when it begins, when it turns into another, and when it is over. */
export function troubleLog(logger: Logger): TroubleLog {
  let current: string | undefined;
  return {
    tell({ level, message, ...rest }) {
      const kind = rest.code ?? message;
      if (kind === current) return;
      current = kind;
      logger[level](rest, `kafka: ${message}`);
    },
    over() {
      if (current !== undefined) logger.warn("kafka: the feed is being published again");
      current = undefined;
    },
  };
}

/** What an error of the client, of Postgres or of ours means to an operator. */
export function troubleOf(error: unknown, consumer: string): Trouble {
  if (error instanceof PublishError) return error.trouble;
  return GenericError.isGenericError(error as GenericError)
    ? brokerTrouble(error)
    : databaseTrouble(error, consumer);
}

function brokerTrouble(error: unknown): Trouble {
  const detail = coded(rootOf(error)).message;
  const refused = refusal(error);
  // A broker that is starting, or has lost its others, answers that it cannot yet.
  if (refused === undefined || (rootOf(error) as { canRetry?: boolean }).canRetry) {
    const message = "no broker is ready";
    const hint =
      "It is tried again by itself; see that the brokers of KAFKA_BROKERS run, and whether they want TLS or a login.";
    return { code: "JB320", message, detail, hint, level: "warn" };
  }
  if (TOO_LARGE.includes(refused)) {
    const message = "a message is larger than the topic takes";
    const hint = "Raise max.message.bytes of the topic; nothing is left out meanwhile.";
    return { code: "JB323", message, detail, hint, level: "error" };
  }
  const hint = refused.includes("AUTH")
    ? "Check KAFKA_TLS, KAFKA_USERNAME, KAFKA_PASSWORD and KAFKA_MECHANISM, and what the user may do with the topic."
    : "See the log of the broker.";
  return { code: "JB321", message: `the broker refuses: ${refused}`, detail, hint, level: "error" };
}

function databaseTrouble(error: unknown, consumer: string): Trouble {
  const { code, message } = coded(error);
  const { detail, hint } = error as { detail?: string; hint?: string };
  if (!LOST_PLACE.includes(code ?? "")) {
    return { code, message: `Postgres says: ${message}`, detail, hint, level: "warn" };
  }
  const reset = `select feed.reset('${consumer}') goes on at the oldest event that is kept; entities that changed before it and not since are in feed.bootstrap.`;
  return { code, message, detail, hint: reset, level: "error" };
}

/** What the feed says of a place that it cannot go on from. */
const LOST_PLACE = ["JB301", "JB302", "JB305"];
const TOO_LARGE = ["MESSAGE_TOO_LARGE", "RECORD_LIST_TOO_LARGE"];

/** Whether the broker takes no batch of this size. */
export function isTooLarge(error: unknown): boolean {
  return TOO_LARGE.includes(refusal(error) ?? "");
}

/** What the broker answered, say TOPIC_AUTHORIZATION_FAILED; undefined when it did not answer. */
export function refusal(error: unknown): string | undefined {
  const root = rootOf(error) as { apiId?: string; code?: string };
  return root.apiId ?? (root.code === "PLT_KFK_AUTHENTICATION" ? "AUTHENTICATION" : undefined);
}

/** The innermost of errors that wrap one another: the last attempt's. */
function rootOf(error: unknown): unknown {
  const { errors, cause } = error as { errors?: unknown[]; cause?: unknown };
  const inner = errors?.findLast((each) => each instanceof Error) ?? cause;
  return inner instanceof Error ? rootOf(inner) : error;
}
