import { repairIsbn } from "../isbn.ts";
import { parseJson } from "../json.ts";
import type { Step } from "../mapping.ts";
import { compileDate } from "./date-pattern.ts";
import { isDamaged, mended } from "./mend.ts";
import { compilePattern, type Pattern } from "./pattern.ts";
import { shown, Unusable } from "./unusable.ts";

/** A step: a value becomes another, undefined when there is none. Throws Unusable; `warn` tells of what was taken all the same. */
export type Apply = (value: unknown, warn: (what: string) => void) => unknown;

/** Texts that patterns are applied to may have at most this many characters. */
const PATTERN_TEXT_LIMIT = 10_000;

/** Compiles the steps of a rule into one. A list goes through element by element, except where a step is about lists. Throws SyntaxError. */
export function compileSteps(steps: readonly Step[]): Apply {
  const all = steps.map(compileStep);
  return (value, warn) =>
    all.reduce((each, step) => (isNothing(each) ? undefined : step(each, warn)), value);
}

/** Nothing: not there, null, or a text of spaces only. */
export function isNothing(value: unknown): boolean {
  return (
    value === undefined || value === null || (typeof value === "string" && value.trim() === "")
  );
}

function compileStep(step: Step): Apply {
  if (typeof step === "string") return overElements(SIMPLE[step]);
  if ("split" in step) {
    return overElements((value) =>
      textOf(value)
        .split(step.split)
        .map((piece) => piece.trim())
        .filter((piece) => piece !== ""),
    );
  }
  if ("join" in step) {
    return (value) => (Array.isArray(value) ? value.map(textOf).join(step.join) : value);
  }
  if ("item" in step) return (value) => (Array.isArray(value) ? value.at(step.item) : value);
  if ("pattern" in step) return overElements(patternStep(step));
  if ("replace" in step) {
    const pattern = compilePattern(step.replace, step.ignore_case);
    return overElements((value) => replaced(textOf(value), pattern, step.with));
  }
  if ("reject" in step) {
    const pattern = compilePattern(step.reject, step.ignore_case);
    return overElements((value) => {
      if (!pattern.find(charsOf(textOf(value)))) return value;
      throw new Unusable(`${shown(value)} is rejected by the mapping (${step.reject})`);
    });
  }
  if ("lookup" in step) {
    const table = new Map(Object.entries(step.lookup));
    return overElements((value) => {
      const key = textOf(value);
      if (table.has(key)) return table.get(key);
      if (step.default !== undefined) return step.default;
      throw new Unusable(`${shown(value)} is not in the table of the mapping`);
    });
  }
  if ("nothing" in step) {
    return overElements((value) =>
      step.nothing.includes(textOf(value).trim()) ? undefined : value,
    );
  }
  if ("date" in step) {
    const dates = [step.date].flat().map(compileDate);
    return overElements((value) => {
      for (const date of dates) {
        const found = date(textOf(value));
        if (found !== undefined) return found;
      }
      throw new Unusable(
        `${shown(value)} is no date of the form ${[step.date].flat().join(" or ")}`,
      );
    });
  }
  if ("number" in step) return overElements((value) => numberOf(value, step.number));
  if ("integer" in step) {
    return overElements((value) => whole(numberOf(value, { ...step.integer }), value));
  }
  if ("duration" in step) return overElements((value) => milliseconds(value, step.duration));
  return overElements((value) => step.prefix + textOf(value));
}

const SIMPLE: { [name in Extract<Step, string>]: Apply } = {
  trim: (value) => textOf(value).trim(),
  lower: (value) => textOf(value).toLowerCase(),
  upper: (value) => textOf(value).toUpperCase(),
  slug: (value) => slug(textOf(value)),
  mend: (value) => {
    const text = mended(textOf(value));
    if (isDamaged(text)) throw new Unusable(`${shown(value)} has lost characters on its way`);
    return text;
  },
  isbn: (value, warn) => {
    const proven = repairIsbn(textOf(value));
    if (!proven)
      warn(`${shown(value)} is no ISBN that its check digit proves; it is stated as it came`);
    return proven?.isbn13 ?? value;
  },
  integer: (value) => whole(numberOf(value, {}), value),
  number: (value) => numberOf(value, {}),
  boolean: (value) => booleanOf(value),
  json: (value) => {
    if (typeof value !== "string") return value;
    const parsed = parseJson(value);
    if ("reason" in parsed) throw new Unusable(`${shown(value)} is ${parsed.reason}`);
    return parsed.value;
  },
};

/** Elements that cannot be used are left out of their list, and told of. */
function overElements(apply: Apply): Apply {
  return (value, warn) => {
    if (!Array.isArray(value)) return apply(value, warn);
    return value.flatMap((each) => {
      if (isNothing(each)) return [];
      try {
        const made = apply(each, warn);
        return isNothing(made) ? [] : made;
      } catch (error) {
        if (!(error instanceof Unusable)) throw error;
        warn(`${error.message}; it is left out of the list`);
        return [];
      }
    });
  };
}

/** A text or number as text. */
export function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  throw new Unusable(`${shown(value)} is no text`);
}

function charsOf(text: string): string[] {
  const chars = Array.from(text);
  if (chars.length <= PATTERN_TEXT_LIMIT) return chars;
  throw new Unusable(`a text of ${chars.length} characters is too long for a pattern`);
}

function patternStep(step: Extract<Step, { pattern: string }>): Apply {
  const pattern = compilePattern(step.pattern, step.ignore_case);
  const group = step.group ?? Math.min(1, pattern.groups);
  if (group > pattern.groups) throw new SyntaxError(`the pattern has no group ${group}`);
  return (value) => {
    const chars = charsOf(textOf(value));
    const found = pattern.find(chars);
    if (found) {
      return group === 0 ? chars.slice(found.start, found.end).join("") : found.groups[group - 1];
    }
    if (step.otherwise === "keep") return value;
    if (step.otherwise === "nothing") return undefined;
    throw new Unusable(`${shown(value)} does not match ${step.pattern}`);
  };
}

function replaced(text: string, pattern: Pattern, by: string): string {
  const chars = charsOf(text);
  const pieces: string[] = [];
  let at = 0;
  while (at <= chars.length) {
    const found = pattern.find(chars, at);
    if (!found) break;
    pieces.push(...chars.slice(at, found.start));
    pieces.push(by.replace(/\$(\d)/g, (_, digit) => found.groups[Number(digit) - 1] ?? ""));
    at = found.end;
    if (found.end === found.start) {
      pieces.push(...chars.slice(at, at + 1));
      at += 1;
    }
  }
  return [...pieces, ...chars.slice(at)].join("");
}

/** Letters and digits of any script in lower case, hyphens between them. */
function slug(text: string): string {
  const words = text
    .normalize("NFKC")
    .toLowerCase()
    .match(/[\p{L}\p{M}\p{N}]+/gu);
  // A name of signs alone ("!!!") has no such form; it is its own.
  return words ? words.join("-") : text.trim();
}

/** A decimal number, strictly: thousands separators only where they are declared, and only between groups of three. */
export function numberOf(
  value: unknown,
  { thousands, decimal = "." }: { thousands?: string; decimal?: string },
): number {
  if (typeof value === "number") return value;
  const text = textOf(value).trim();
  const [whole = "", fraction, ...more] = text.split(decimal);
  const sign = /^[-+]/.exec(whole)?.[0] ?? "";
  const groups = thousands ? whole.slice(sign.length).split(thousands) : [whole.slice(sign.length)];
  const isGrouped =
    groups.length === 1 ||
    groups.every((group, index) => (index === 0 ? /^\d{1,3}$/ : /^\d{3}$/).test(group));
  const digits = groups.join("");
  if (more.length === 0 && isGrouped && /^\d+$/.test(digits) && /^\d*$/.test(fraction ?? "")) {
    return Number(`${sign}${digits}.${fraction || "0"}`);
  }
  throw new Unusable(`${shown(value)} is no number`);
}

function whole(number: number, value: unknown): number {
  if (Number.isSafeInteger(number)) return number;
  throw new Unusable(`${shown(value)} is no whole number`);
}

/** true, false, yes, no, 1, 0 in any case. */
export function booleanOf(value: unknown): boolean {
  if (typeof value === "boolean") return value;
  const word = textOf(value).trim().toLowerCase();
  if (["true", "yes", "1"].includes(word)) return true;
  if (["false", "no", "0"].includes(word)) return false;
  throw new Unusable(`${shown(value)} is neither true nor false`);
}

const UNITS = { milliseconds: 1, seconds: 1000, minutes: 60_000 };

function milliseconds(value: unknown, unit: keyof typeof UNITS | "clock"): number {
  if (unit !== "clock") return Math.round(numberOf(value, {}) * UNITS[unit]);
  const [, hours = "0", minutes, seconds, fraction = ""] =
    /^(?:(\d{1,3}):)?(\d{1,3}):([0-5]\d)(?:\.(\d{1,3}))?$/.exec(textOf(value).trim()) ?? [];
  if (minutes === undefined || seconds === undefined) {
    throw new Unusable(`${shown(value)} is no duration of the form 3:45 or 1:03:45`);
  }
  const total = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
  return total * 1000 + Number(fraction.padEnd(3, "0"));
}
