import { Ajv2020, type AnySchemaObject, type ErrorObject } from "ajv/dist/2020.js";
import ajvFormats from "ajv-formats";
import { isPartialDate } from "./partial-date.ts";
import schema from "./record.schema.json" with { type: "json" };
import { KINDS, type Kind } from "./record.ts";

/** Why a value is no record: a sentence, and the JSON pointer to what it speaks of. */
export type Refusal = { reason: string; pointer: string; hint: string };

/**
 * Checks a value against the schema of its kind. Answers undefined for a record, else the first
 * thing that is wrong with it, in words that name the key and what was expected.
 */
export function refusal(value: unknown): Refusal | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return { pointer: "", reason: `a record is an object, this is ${shown(value)}`, hint: SHAPE };
  }
  const { kind } = value as { kind?: unknown };
  if (kind === undefined) return { pointer: "", reason: '"kind" is missing', hint: KNOWN_KINDS };
  const validate = VALIDATORS.get(kind as Kind);
  if (!validate) {
    return { pointer: "/kind", reason: `unknown kind ${shown(kind)}`, hint: KNOWN_KINDS };
  }
  if (validate(value)) return undefined;
  const { properties } = schema.$defs[kind as Kind];
  const unknown = Object.keys(value).find((key) => !Object.hasOwn(properties, key));
  // Told before all else: it explains why the key that was meant is missing.
  if (unknown !== undefined) {
    const hint = `keys of ${kind}: ${Object.keys(properties).join(", ")}`;
    return { pointer: "", reason: `unknown key ${shown(unknown)}`, hint };
  }
  const errors = validate.errors ?? [];
  // A failed oneOf or if is reported after the failures of its branches, and says more than they.
  const error = errors.find((each) => each.keyword === "oneOf") ?? errors[0];
  return error && explain(error, kind as Kind);
}

const SHAPE = "formats/record.schema.json describes the records";
const KNOWN_KINDS = `kinds: ${KINDS.join(", ")}`;

const ajv = new Ajv2020({ strictTypes: false, verbose: true });
ajvFormats.default(ajv, ["date-time"]);
ajv.addFormat("partial-date", isPartialDate);
ajv.addFormat("moment", isMoment);
ajv.addSchema(schema as AnySchemaObject);

const isDateTime = ajv.compile<string>({ type: "string", format: "date-time" });

const VALIDATORS = new Map(
  KINDS.map((kind) => [kind, ajv.compile({ $ref: `${schema.$id}#/$defs/${kind}` })]),
);

function explain(error: ErrorObject, kind: Kind): Refusal {
  const { keyword, params, instancePath: pointer, data, parentSchema } = error;
  const what = pointer === "" ? "the record" : pointer;
  const described: string = parentSchema?.description ?? "";
  const hint = described || SHAPE;
  if (error.propertyName !== undefined) {
    return { pointer, reason: `${shown(error.propertyName)} is no name of a scheme`, hint };
  }
  switch (keyword) {
    case "additionalProperties": {
      const known = Object.keys(parentSchema?.properties ?? {}).join(", ");
      const reason = `unknown key ${shown(params.additionalProperty)} in ${pointer}`;
      return { pointer, reason, hint: `keys here: ${known}` };
    }
    case "required": {
      const full = error.schemaPath.includes("/else/") ? `: a full ${kind} record carries it` : "";
      return {
        pointer,
        reason: `"${params.missingProperty}" is missing${missingAt(pointer)}${full}`,
        hint,
      };
    }
    case "oneOf": {
      const keys = (error.schema as { required: string[] }[]).map(
        ({ required }) => `"${required}"`,
      );
      return { pointer, reason: `${what} needs either ${keys.join(" or ")}, and only one`, hint };
    }
    case "enum":
    case "const": {
      const allowed = [params.allowedValues ?? params.allowedValue].flat().join(", ");
      return { pointer, reason: `${what} is ${shown(data)}, expected: ${allowed}`, hint };
    }
    case "type": {
      const type = [params.type].flat().join(" or ");
      return { pointer, reason: `${what} is ${shown(data)}, expected: ${type}`, hint };
    }
    case "format":
      return {
        pointer,
        reason: `${what} is ${shown(data)}, expected: ${FORMATS[params.format]}`,
        hint,
      };
    case "pattern":
      return { pointer, reason: `${what} is ${shown(data)}, expected: ${described}`, hint };
    default:
      return { pointer, reason: `${what} is ${shown(data)}: it ${error.message}`, hint };
  }
}

const FORMATS: { [format: string]: string } = {
  "partial-date": "a real date, YYYY or YYYY-MM or YYYY-MM-DD",
  moment: "a real day, YYYY-MM-DD, or a date and time with its offset (RFC 3339)",
  "date-time": "a date and time with its offset (RFC 3339)",
};

function isMoment(text: string): boolean {
  return text.length === 10 ? isPartialDate(text) : isDateTime(text);
}

function missingAt(pointer: string): string {
  return pointer === "" ? "" : ` in ${pointer}`;
}

/** A value in a message: short, and with nothing in it that could disturb a terminal. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object" && value !== null) return "an object";
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}..."` : text;
}
