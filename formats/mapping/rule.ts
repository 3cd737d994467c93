import type { Condition, Rule } from "../mapping.ts";
import { compilePattern } from "./pattern.ts";
import { compileSteps, isNothing, textOf } from "./steps.ts";
import { Lacking, Unusable } from "./unusable.ts";

/** What a rule reads from: a row, and inside `each` the element and its number. */
export type Scope = {
  /** The value of a column, or at a JSON pointer of the row. */
  row: (from: string) => unknown;
  element?: { value: unknown; number: number };
  warn: (what: string) => void;
};

export type Evaluate = (scope: Scope) => unknown;

/** Throws the error of a mapping that cannot be used. */
export type Refuse = (pointer: string, reason: string) => Error;

/** A place in a mapping under compilation. */
export type Place = {
  pointer: string;
  refuse: Refuse;
  /** Columns that must be there. */
  needed: Set<string>;
  isInside: boolean;
};

export function below(place: Place, key: string | number, isInside = place.isInside): Place {
  return { ...place, pointer: `${place.pointer}/${key}`, isInside };
}

/** Compiles a rule. What it answers is undefined where there is no value; it throws Unusable, and Lacking when a value is required. */
export function compileRule(rule: Rule, place: Place): Evaluate {
  if (typeof rule === "string") return from(rule, false, place);
  const source = compileSource(rule, place);
  const apply = guarded(below(place, "steps"), () => compileSteps(rule.steps ?? []));
  const evaluate: Evaluate = (scope) => {
    const value = apply(source(scope), scope.warn);
    return isNothing(value) ? undefined : value;
  };
  if (!rule.required) return evaluate;
  return (scope) => {
    let value: unknown;
    try {
      value = evaluate(scope);
    } catch (error) {
      if (error instanceof Unusable) throw new Lacking(error.message);
      throw error;
    }
    if (value === undefined) throw new Lacking("it is required and has no value");
    return value;
  };
}

function compileSource(rule: Exclude<Rule, string>, place: Place): Evaluate {
  if ("from" in rule) return from(rule.from, rule.optional === true, place);
  if ("constant" in rule) return () => rule.constant;
  if ("first" in rule) {
    const all = rule.first.map((each, index) => compileRule(each, below(place, `first/${index}`)));
    return (scope) => firstOf(all, scope);
  }
  const all = rule.join.map((each, index) => compileRule(each, below(place, `join/${index}`)));
  return (scope) => {
    const values = all.flatMap((each) => each(scope));
    // A join of parts, such as year, month and day, is the parts that are there up to the first that is missing.
    const gap = values.indexOf(undefined);
    const present = (gap < 0 ? values : values.slice(0, gap)).map(textOf);
    return present.length === 0 ? undefined : present.join(rule.with ?? " ");
  };
}

/** The first that has a value; one that cannot be used counts as none while others follow. */
function firstOf(all: readonly Evaluate[], scope: Scope): unknown {
  let unusable: Unusable | undefined;
  for (const each of all) {
    try {
      const value = each(scope);
      if (value !== undefined) return value;
    } catch (error) {
      if (!(error instanceof Unusable)) throw error;
      unusable ??= error;
    }
  }
  if (unusable) throw unusable;
  return undefined;
}

function from(name: string, isOptional: boolean, place: Place): Evaluate {
  if (name === "." || name === "#" || name.startsWith("./")) {
    if (!place.isInside) {
      throw place.refuse(
        place.pointer,
        `"${name}" speaks of an element, and stands outside of "each"`,
      );
    }
    if (name === "#") return ({ element }) => element?.number;
    const pointer = name.slice(1);
    return ({ element }) => present(atPointer(element?.value, pointer));
  }
  if (!isOptional) place.needed.add(name);
  return ({ row }) => present(row(name));
}

function present(value: unknown): unknown {
  return isNothing(value) ? undefined : value;
}

/** The value at a JSON pointer (RFC 6901); undefined where there is none. */
export function atPointer(value: unknown, pointer: string): unknown {
  if (pointer === "") return value;
  let at = value;
  for (const step of pointer.split("/").slice(1)) {
    const key = step.replaceAll("~1", "/").replaceAll("~0", "~");
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as { [key: string]: unknown })[key];
  }
  return at;
}

/** Compiles a condition. A value that cannot be used is none. */
export function compileCondition(condition: Condition, place: Place): (scope: Scope) => boolean {
  if ("all" in condition) {
    const all = condition.all.map((each, index) =>
      compileCondition(each, below(place, `all/${index}`)),
    );
    return (scope) => all.every((each) => each(scope));
  }
  if ("any" in condition) {
    const any = condition.any.map((each, index) =>
      compileCondition(each, below(place, `any/${index}`)),
    );
    return (scope) => any.some((each) => each(scope));
  }
  if ("not" in condition) {
    const not = compileCondition(condition.not, below(place, "not"));
    return (scope) => !not(scope);
  }
  const rule = compileRule(condition.value, below(place, "value"));
  const value: Evaluate = (scope) => firstOf([(inner) => quietly(rule, inner)], scope);
  if ("is" in condition) return (scope) => same(value(scope), condition.is);
  if ("in" in condition) {
    return (scope) => {
      const found = value(scope);
      return condition.in.some((each) => same(found, each));
    };
  }
  if ("exists" in condition) return (scope) => (value(scope) !== undefined) === condition.exists;
  const pattern = guarded(below(place, "matches"), () => compilePattern(condition.matches));
  return (scope) => {
    const found = value(scope);
    return (
      found !== undefined && pattern.find(Array.from(textOf(found)).slice(0, 10_000)) !== undefined
    );
  };
}

function quietly(rule: Evaluate, scope: Scope): unknown {
  try {
    return rule({ ...scope, warn: () => {} });
  } catch (error) {
    if (error instanceof Unusable || error instanceof Lacking) return undefined;
    throw error;
  }
}

/** Cells are texts: 1 and "1" are the same here. */
function same(found: unknown, wanted: unknown): boolean {
  if (typeof found === "object" || typeof wanted === "object") return false;
  return found !== undefined && String(found) === String(wanted);
}

function guarded<T>(place: Place, compile: () => T): T {
  try {
    return compile();
  } catch (error) {
    if (error instanceof SyntaxError) throw place.refuse(place.pointer, error.message);
    throw error;
  }
}
