import type { Template } from "../mapping.ts";
import type { Kind, Reference } from "../record.ts";
import { compileFields, type Facts } from "./fields.ts";
import { below, compileRule, type Place, type Scope } from "./rule.ts";
import { textOf } from "./steps.ts";
import { Unusable } from "./unusable.ts";

/** Takes what a reference says of the thing it refers to. */
export type Mention = (kind: Kind, id: string, facts: Facts) => void;

export type Build = (scope: Scope, mention: Mention) => unknown;

/** Compiles what a field holds. Undefined where there is nothing; throws Unusable, Lacking. */
export function compileTemplate(template: Template, place: Place): Build {
  if (typeof template === "object") {
    if ("each" in template) return each(template, place);
    if ("list" in template) return list(template.list, place);
    if ("object" in template) return object(template.object, place);
    if ("reference" in template) return reference(template.reference, place);
  }
  return compileRule(template, place);
}

function each({ each: rule, as }: { each: Template; as: Template }, place: Place): Build {
  const elements = compileTemplate(rule, below(place, "each"));
  const build = compileTemplate(as, below(place, "as", true));
  return (scope, mention) => {
    const values = elements(scope, mention);
    if (values === undefined) return undefined;
    const made = [values].flat().flatMap((value, index) => {
      const inner: Scope = { ...scope, element: { value, number: index + 1 } };
      return orLeftOut(() => build(inner, mention), scope) ?? [];
    });
    return made.length === 0 ? undefined : made;
  };
}

function list(templates: readonly Template[], place: Place): Build {
  const all = templates.map((template, index) =>
    compileTemplate(template, below(place, `list/${index}`)),
  );
  return (scope, mention) => {
    const made = all.flatMap((build) => orLeftOut(() => build(scope, mention), scope) ?? []);
    return made.length === 0 ? undefined : made;
  };
}

/** An element that cannot be built is left out of its list. */
function orLeftOut(build: () => unknown, { warn }: Scope): unknown {
  try {
    return build();
  } catch (error) {
    if (!(error instanceof Unusable)) throw error;
    warn(`${error.message}; it is left out of the list`);
    return undefined;
  }
}

/** An object whose reference refers to nothing is nothing: a credit of nobody. */
function object(templates: { [key: string]: Template }, place: Place): Build {
  const all = Object.entries(templates).map(([key, template]) => ({
    key,
    isReference: typeof template === "object" && "reference" in template,
    build: compileTemplate(template, below(place, `object/${key}`)),
  }));
  return (scope, mention) => {
    const made: Facts = {};
    for (const { key, isReference, build } of all) {
      const value = build(scope, mention);
      if (value === undefined && isReference) return undefined;
      if (value !== undefined) made[key] = value;
    }
    return Object.keys(made).length === 0 ? undefined : made;
  };
}

function reference(
  { kind, id: rule, fields }: Extract<Template, { reference: unknown }>["reference"],
  place: Place,
): Build {
  const at = below(place, "reference");
  const id = compileRule(rule, below(at, "id"));
  const facts = fields && compileFields(kind, fields, below(at, "fields"));
  return (scope, mention): Reference | undefined => {
    const value = id(scope);
    if (value === undefined) return undefined;
    const own = { kind, id: textOf(value) };
    if (facts) mention(kind, own.id, facts(scope, mention));
    return own;
  };
}
