import { KINDS } from "../../../formats/record.ts";
import { badParameter } from "../http-error.ts";

export type Parameters = {
  after: string | undefined;
  /** Null: all. */
  kinds: string[] | null;
  limit: number | undefined;
};

const known = ["after", "kinds", "limit"] as const;
export type Parameter = (typeof known)[number];

/** The largest that the database takes; what is out of range there is refused by the feed. */
const MAX_INT = 2_147_483_647;

/** The parameters of a request for updates. Raises JB504 for one that is unknown, given twice, or has no usable value. */
export function parametersOf(query: unknown, allowed: readonly Parameter[] = known): Parameters {
  const given = query as Record<string, string | string[]>;
  for (const [name, value] of Object.entries(given)) {
    if (!(allowed as readonly string[]).includes(name)) {
      throw badParameter(
        `there is no parameter ${name.slice(0, 100)}`,
        `The parameters here are ${allowed.join(", ")}.`,
        "Leave it out, or correct its name.",
      );
    }
    if (Array.isArray(value) && name !== "kinds") {
      throw badParameter(
        `${name} is given ${value.length} times`,
        "It has one value.",
        "Give it once.",
      );
    }
  }
  const { after, kinds, limit } = given as { after?: string; kinds?: unknown; limit?: string };
  return {
    after,
    kinds: kinds === undefined ? null : kindsOf([kinds].flat() as string[]),
    limit: limit === undefined ? undefined : limitOf(limit),
  };
}

function kindsOf(values: string[]): string[] {
  const kinds = values.flatMap((value) => value.split(",")).map((kind) => kind.trim());
  const unknown = kinds.find((kind) => !(KINDS as readonly string[]).includes(kind));
  if (unknown !== undefined) {
    throw badParameter(
      unknown === "" ? "kinds names no kind" : `there is no kind ${unknown.slice(0, 100)}`,
      `The kinds are ${KINDS.join(", ")}.`,
      "Name them with commas between: kinds=artist,track; without kinds, all are meant.",
    );
  }
  return kinds;
}

function limitOf(text: string): number {
  if (!/^\d+$/.test(text)) {
    throw badParameter(
      "limit is not a number",
      "It is how many updates to return at most.",
      "Write digits: limit=100.",
    );
  }
  return Math.min(Number(text), MAX_INT);
}
