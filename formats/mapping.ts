import { readFileSync } from "node:fs";
import { extname } from "node:path";
import { Ajv2020, type ErrorObject } from "ajv/dist/2020.js";
import { parse as parseYaml } from "yaml";
import { FormatError } from "./error.ts";
import { parseJson } from "./json.ts";
import { compileRecords, type RowReader } from "./mapping/records.ts";
import schema from "./mapping.schema.json" with { type: "json" };
import type { Kind } from "./record.ts";

/**
 * How the rows of a table or of JSON become records: a declaration of plain data, to be kept as JSON or written as YAML.
 * `mapping.schema.json` beside this file says the same with the meaning of each key; docs/reference/mapping.md explains it.
 */
export type Mapping = {
  /** What it maps, for people. */
  title?: string;
  table?: {
    /** One character; found out when left out. */
    delimiter?: string;
    /** One character, or "" when nothing is quoted; found out when left out. */
    quote?: string;
    /** Of a file without a byte order mark. When left out: UTF-8, or windows-1252 with a warning. */
    encoding?: string;
    /** The names of the columns of a file without a header row. */
    columns?: string[];
  };
  json?: {
    /** JSON pointer to the list of rows in a document. */
    rows?: string;
  };
  records: RecordMapping[];
};

export type RecordMapping = {
  kind: Kind;
  id: Rule;
  scope?: "full" | "partial" | "mention";
  /** Only rows of which this holds. */
  when?: Condition;
  /** Attributes of the record by name; identifiers as `ids.<scheme>`. */
  fields?: { [key: string]: Template };
};

/** Where a value comes from; a text is short for `{ from: text }`. */
export type Rule = string | ((From | { constant: unknown } | { first: Rule[] } | Join) & Then);
/** A column by name or a JSON pointer; inside `each`: "." the element, "./pointer" within it, "#" its number from 1. */
type From = { from: string; optional?: boolean };
type Join = { join: Rule[]; with?: string };
type Then = { steps?: Step[]; required?: boolean };

export type Step =
  | "trim"
  | "lower"
  | "upper"
  | "slug"
  | "mend"
  | "isbn"
  | "integer"
  | "number"
  | "boolean"
  | "json"
  | { split: string }
  | { join: string }
  | { item: number }
  | {
      pattern: string;
      group?: number;
      otherwise?: "fail" | "keep" | "nothing";
      ignore_case?: boolean;
    }
  | { replace: string; with: string; ignore_case?: boolean }
  | { reject: string; ignore_case?: boolean }
  | { lookup: { [value: string]: unknown }; default?: unknown }
  | { nothing: string[] }
  | { date: string | string[] }
  | { number: { thousands?: string; decimal?: string } }
  | { integer: { thousands?: string } }
  | { duration: "milliseconds" | "seconds" | "minutes" | "clock" }
  | { prefix: string };

export type Condition =
  | { all: Condition[] }
  | { any: Condition[] }
  | { not: Condition }
  | { value: Rule; is: unknown }
  | { value: Rule; in: unknown[] }
  | { value: Rule; matches: string }
  | { value: Rule; exists: boolean };

/** What a field holds: a value by a rule, or a list, an object or a reference built of such. */
export type Template =
  | Rule
  | { each: Template; as: Template }
  | { list: Template[] }
  | { object: { [key: string]: Template } }
  | { reference: { kind: Kind; id: Rule; fields?: { [key: string]: Template } } };

/**
 * A mapping from a YAML or JSON file, or from data at hand, checked. Throws FormatError JB240 when the file cannot be
 * read, JB249 when it is no usable mapping; the pointer leads to what is wrong in it.
 */
export function loadMapping(source: string | object): Mapping {
  if (typeof source !== "string") return checked(source, "mapping");
  let text: string;
  try {
    text = readFileSync(source, "utf8");
  } catch (error) {
    const reason = `cannot be read (${(error as NodeJS.ErrnoException).code})`;
    throw new FormatError({ code: "JB240", file: source, reason, hint: "check the path" });
  }
  return checked(parsed(text, source), source);
}

/** What reads the rows of a mapping; compiled once for each. Throws FormatError JB249 when it is not usable. */
export function rowReader(mapping: Mapping): RowReader {
  const known = READERS.get(mapping);
  if (known) return known;
  checked(mapping, "mapping");
  const reader = READERS.get(mapping);
  if (!reader) throw new Error("a checked mapping has a reader");
  return reader;
}

const READERS = new WeakMap<object, RowReader>();

/** The error of a mapping that cannot be used; `pointer` into the mapping. */
export function unusableMapping(file: string, pointer: string, reason: string): FormatError {
  return new FormatError({
    code: "JB249",
    file,
    pointer,
    reason: `the mapping is not usable: ${reason}`,
    hint: "docs/reference/mapping.md explains mappings, formats/mapping.schema.json checks them",
  });
}

function parsed(text: string, file: string): unknown {
  if (extname(file).toLowerCase() === ".json") {
    const json = parseJson(text);
    if ("reason" in json) throw unusableMapping(file, "", json.reason);
    return json.value;
  }
  try {
    return parseYaml(text, { strict: true, uniqueKeys: true });
  } catch (error) {
    throw unusableMapping(file, "", (error as Error).message.split("\n")[0] ?? "no YAML");
  }
}

const validate = new Ajv2020({ strict: true, allowUnionTypes: true, discriminator: false }).compile(
  schema,
);

function checked(value: unknown, file: string): Mapping {
  if (!validate(value)) {
    const error = telling(validate.errors ?? []);
    throw unusableMapping(
      file,
      error?.instancePath ?? "",
      error ? sentence(error) : "it does not fit",
    );
  }
  const mapping = value as unknown as Mapping;
  READERS.set(
    mapping,
    compileRecords(mapping.records, (pointer, reason) => unusableMapping(file, pointer, reason)),
  );
  return mapping;
}

/** The failure deepest in the mapping is what was meant; those of the branches above it only follow. */
function telling(errors: readonly ErrorObject[]): ErrorObject | undefined {
  const depth = ({ instancePath }: ErrorObject) => instancePath.split("/").length;
  const isBranch = ({ keyword }: ErrorObject) => ["anyOf", "oneOf", "if"].includes(keyword);
  return [...errors].sort(
    (one, other) =>
      depth(other) - depth(one) ||
      Number(isBranch(one)) - Number(isBranch(other)) ||
      Number(one.keyword === "type") - Number(other.keyword === "type"),
  )[0];
}

function sentence({ instancePath, keyword, message, params }: ErrorObject): string {
  const where = instancePath === "" ? "it" : instancePath;
  if (keyword === "additionalProperties" || keyword === "unevaluatedProperties") {
    const key = params.additionalProperty ?? params.unevaluatedProperty;
    return `${where} has the unknown key ${JSON.stringify(key)}`;
  }
  if (keyword === "required") return `${where} lacks ${JSON.stringify(params.missingProperty)}`;
  if (keyword === "enum") return `${where} must be one of ${params.allowedValues.join(", ")}`;
  return `${where} ${message ?? "does not fit"}`;
}
