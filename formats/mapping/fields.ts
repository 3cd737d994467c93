import type { Template } from "../mapping.ts";
import type { Kind } from "../record.ts";
import { below, type Place, type Scope } from "./rule.ts";
import { textOf } from "./steps.ts";
import { compileTemplate, type Mention } from "./template.ts";
import { attributesOf, typed } from "./typed.ts";
import { Lacking, shown, Unusable } from "./unusable.ts";

export type Facts = { [key: string]: unknown };

/**
 * Compiles the fields of a record or of a mention of one. A field from which nothing can be made is left out, with a warning; one
 * that is required throws Lacking.
 */
export function compileFields(
  kind: Kind,
  fields: { [key: string]: Template },
  place: Place,
): (scope: Scope, mention: Mention) => Facts {
  const attributes = attributesOf(kind);
  const all = Object.entries(fields).map(([key, template]) => {
    const [, scheme] = /^ids\.([a-z][a-z0-9_]{0,62})$/.exec(key) ?? [];
    const at = below(place, key);
    if (scheme === undefined && !attributes.includes(key)) {
      const known = attributes.join(", ");
      throw place.refuse(
        at.pointer,
        `${kind} has no attribute ${shown(key)}; it has ids.<scheme>, ${known}`,
      );
    }
    return { key, scheme, build: compileTemplate(template, at) };
  });
  return (scope, mention) => {
    const facts: Facts = {};
    const ids: { [scheme: string]: string | string[] } = {};
    for (const { key, scheme, build } of all) {
      try {
        const warn = (what: string) => scope.warn(`${key}: ${what}`);
        const value = build({ ...scope, warn }, mention);
        if (value === undefined) continue;
        if (scheme === undefined) {
          const made = typed(kind, key, value);
          if (made !== undefined) facts[key] = made;
        } else ids[scheme] = Array.isArray(value) ? value.map(textOf) : textOf(value);
      } catch (error) {
        if (error instanceof Lacking) throw new Lacking(`${key}: ${error.message}`);
        if (!(error instanceof Unusable)) throw error;
        scope.warn(`${key}: ${error.message}; it is left out`);
      }
    }
    const stated = Object.entries(ids).filter(([, value]) => value.length > 0);
    return stated.length === 0 ? facts : { ids: Object.fromEntries(stated), ...facts };
  };
}
