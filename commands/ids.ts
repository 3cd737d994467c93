import { printable } from "../lib/printable.ts";
import { Problem } from "../lib/problem.ts";

/** Ids as they were typed, as numbers. Raises JB001 for what is none. */
export function idsOf(texts: string[], hint: string): number[] {
  const bad = texts.find((text) => !/^\d{1,15}$/.test(text));
  if (bad === undefined) return texts.map(Number);
  throw new Problem({ code: "JB001", message: `"${printable(bad.slice(0, 40))}" is no id`, hint });
}
