import fc from "fast-check";
import { expect, test } from "vitest";
import { isPartialDate, leadingDate } from "../../formats/partial-date.ts";
import schema from "../../formats/record.schema.json" with { type: "json" };
import { KINDS } from "../../formats/record.ts";
import { refusal } from "../../formats/validate.ts";
import { recordsOf } from "./delivery.ts";

type Schema = { [keyword: string]: unknown };

/** Values of a schema, made from the schema itself: no attribute can be forgotten here. */
function valuesOf(given: Schema): fc.Arbitrary<unknown> {
  const { $ref, ...rest } = given;
  const node = $ref ? { ...definition($ref as string), ...rest } : given;
  if ("const" in node) return fc.constant(node.const);
  if (Array.isArray(node.enum)) return fc.constantFrom(...node.enum);
  const type = [node.type].flat()[0];
  if (type === "boolean") return fc.boolean();
  if (type === "integer" || type === "number") {
    const limits = { min: node.minimum as number, max: (node.maximum ?? 1e6) as number };
    return type === "integer"
      ? fc.integer(limits)
      : fc.float({ ...limits, noNaN: true }).map(Math.abs);
  }
  if (type === "array")
    return fc.array(valuesOf(node.items as Schema), {
      minLength: (node.minItems ?? 0) as number,
      maxLength: 3,
    });
  if (type === "object") return objectsOf(node);
  return stringsOf(node);
}

function stringsOf(node: Schema): fc.Arbitrary<string> {
  if (node.format === "partial-date") return partialDates;
  if (node.format === "moment") return fc.constantFrom("2024-02-29", "2024-02-29T23:59:59+01:00");
  if (node.format === "date-time") {
    return fc
      .date({ noInvalidDate: true, min: new Date(0) })
      .filter((date) => date.getFullYear() < 9999)
      .map((date) => date.toISOString());
  }
  if (typeof node.pattern === "string") return fc.stringMatching(new RegExp(node.pattern));
  const maxLength = Math.min((node.maxLength ?? 20) as number, 20);
  const text = fc.string({ unit: "grapheme", minLength: 1, maxLength });
  return text.filter((each) => !each.includes("\0"));
}

function objectsOf(node: Schema): fc.Arbitrary<unknown> {
  if (node.propertyNames) {
    return fc.dictionary(
      fc.stringMatching(/^[a-z][a-z0-9_]{0,20}$/),
      fc.string({ minLength: 1 }).filter((each) => !each.includes("\0")),
      { maxKeys: 3 },
    );
  }
  const properties = Object.entries(node.properties as { [key: string]: Schema });
  const choices = (node.oneOf as { required: string[] }[] | undefined)?.flatMap(
    ({ required }) => required,
  );
  const model = (chosen?: string) => {
    const kept = properties.filter(([key]) => key === chosen || !choices?.includes(key));
    const requiredKeys = [...((node.required as string[]) ?? []), ...(chosen ? [chosen] : [])];
    const minimum = node.minProperties ? kept.map(([key]) => key) : [];
    return fc.record(Object.fromEntries(kept.map(([key, each]) => [key, valuesOf(each)])), {
      requiredKeys: [...new Set([...requiredKeys, ...minimum])],
    });
  };
  return choices ? fc.constantFrom(...choices).chain(model) : model();
}

function definition(ref: string): Schema {
  return schema.$defs[ref.replace("#/$defs/", "") as keyof typeof schema.$defs] as Schema;
}

const partialDates = fc
  .tuple(
    fc.date({ min: new Date("0001-01-01"), max: new Date("9999-12-31"), noInvalidDate: true }),
    fc.constantFrom(4, 7, 10),
  )
  .map(([date, length]) => date.toISOString().slice(0, length));

/** A full record of the kind: with its name or title, its other keys by chance. */
function recordsOfKind(kind: (typeof KINDS)[number]) {
  const { properties } = schema.$defs[kind];
  const named = "name" in properties ? "name" : "title";
  return fc
    .tuple(valuesOf(definition(kind)), fc.string({ minLength: 1 }))
    .map(([record, name]) => ({
      [named]: name.replaceAll("\0", "x"),
      ...(record as object),
    }));
}

test.each(KINDS)("any valid %s survives being written and read", async (kind) => {
  const records = fc.array(recordsOfKind(kind), { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(records, async (given) => {
      // Genres by name are expanded; that they are, is tested with the other promises of NDJSON.
      const written = given.map((record) => withoutNamedGenres(record));
      expect(await recordsOf(written.map((each) => JSON.stringify(each)).join("\n"))).toEqual(
        written,
      );
    }),
    { numRuns: 25 },
  );
});

function withoutNamedGenres(record: object): object {
  if (!("genres" in record)) return record;
  return { ...record, genres: (record.genres as object[]).filter((entry) => "genre" in entry) };
}

test("whatever is no record is refused in words, and nothing throws", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(...KINDS, "nothing"), (value, kind) => {
      const refused = refusal(
        typeof value === "object" && value !== null && !Array.isArray(value)
          ? { kind, id: "x", scope: "mention", ...value, unheard_of: 1 }
          : value,
      );
      expect(refused?.reason).toMatch(/\S/);
      expect(refused?.reason.length).toBeLessThan(500);
    }),
  );
});

test("every definition of the schema, and every attribute, says what it means", () => {
  const bare = Object.entries(schema.$defs).flatMap(([name, each]) => [
    ...("description" in each ? [] : [name]),
    ...Object.entries("properties" in each ? each.properties : {})
      .filter(
        ([, property]) => !("description" in property || "$ref" in property || "const" in property),
      )
      .map(([key]) => `${name}.${key}`),
  ]);
  expect(bare).toEqual([]);
});

test("a partial date is real, and of any text the leading part that is one is found", () => {
  fc.assert(fc.property(partialDates, (date) => isPartialDate(date) && leadingDate(date) === date));
  fc.assert(
    fc.property(fc.stringMatching(/^[0-9?]{4}-[0-9?]{2}-[0-9?]{2}$/), (text) => {
      const found = leadingDate(text);
      return found === undefined || (isPartialDate(found) && text.startsWith(found));
    }),
  );
});
