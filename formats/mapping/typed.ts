import schema from "../record.schema.json" with { type: "json" };
import type { Kind } from "../record.ts";
import { booleanOf, isNothing, numberOf, textOf } from "./steps.ts";
import { shown, Unusable } from "./unusable.ts";

type Schema = {
  type?: string | string[];
  $ref?: string;
  items?: Schema;
  properties?: Properties;
  const?: unknown;
};
type Properties = { [key: string]: Schema };

const DEFINITIONS = schema.$defs as unknown as { [name: string]: Schema };

/** The keys a record of this kind may have, besides kind, id, scope and ids. */
export function attributesOf(kind: Kind): string[] {
  return Object.keys(DEFINITIONS[kind]?.properties ?? {}).filter(
    (key) => !["kind", "id", "scope", "ids"].includes(key),
  );
}

/** What stands for a list of objects when only texts are given: the name of a genre or an alias, the address of an image. */
const SHORT: { [key: string]: string } = { genres: "name", aliases: "name", images: "url" };

/**
 * A value as the type that the schema gives the attribute: a cell is a text, and `duration_ms` a number. Texts become numbers and
 * booleans strictly, a single value a list where a list is meant, an id a reference where it can only be of one kind.
 * Throws Unusable.
 */
export function typed(kind: Kind, key: string, value: unknown): unknown {
  const property = DEFINITIONS[kind]?.properties?.[key];
  if (property === undefined || isNothing(value)) return undefined;
  return as(resolved(property), key, value);
}

function as(wanted: Schema, key: string, value: unknown): unknown {
  switch (wanted.type) {
    case "string":
      return textOf(value);
    case "boolean":
      return booleanOf(value);
    case "number":
      return numberOf(value, {});
    case "integer": {
      const number = numberOf(value, {});
      if (Number.isSafeInteger(number)) return number;
      throw new Unusable(`${shown(value)} is no whole number`);
    }
    case "array": {
      const elements = [value].flat().filter((each) => !isNothing(each));
      return elements.length === 0 ? undefined : elements.map((each) => element(wanted, key, each));
    }
    case "object": {
      const referred = wanted.properties?.kind?.const;
      return typeof value === "string" && typeof referred === "string"
        ? { kind: referred, id: value }
        : value;
    }
    // What has no single type, an enumeration, is a text here.
    default:
      return typeof value === "number" ? String(value) : value;
  }
}

function element({ items }: Schema, key: string, value: unknown): unknown {
  const short = SHORT[key];
  if (short !== undefined && typeof value === "string") return { [short]: value };
  if (items === undefined || typeof value === "object") return value;
  return as(resolved(items), key, value);
}

/** Schemas by themselves with what they refer to. */
const RESOLVED = new WeakMap<Schema, Schema>();

function resolved(property: Schema): Schema {
  const known = RESOLVED.get(property);
  if (known) return known;
  const whole = resolve(property);
  RESOLVED.set(property, whole);
  return whole;
}

function resolve(property: Schema): Schema {
  const name = property.$ref?.replace("#/$defs/", "");
  return name === undefined ? property : { ...resolved(DEFINITIONS[name] ?? {}), ...own(property) };
}

function own({ $ref: _, ...rest }: Schema): Schema {
  return rest;
}
