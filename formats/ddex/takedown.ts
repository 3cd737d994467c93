import { known, someOf } from "../known.ts";
import type { Right } from "../record.ts";

/** Where, of what and since when nothing holds any more. A part that is left out means all. */
export type Takedown = Omit<Right, "valid_from" | "valid_until"> & { from?: string | undefined };

/**
 * What remains of a right: itself where or for what it was not taken down, and the rest until a takedown that begins
 * after the message was written.
 */
export function lessTakedown(
  right: Right,
  takedown: Takedown,
  statedAt: string | undefined,
): Right[] {
  if (!meets(right.commercial_models, takedown.commercial_models)) return [right];
  if (!meets(right.usages, takedown.usages)) return [right];
  const inside = within(right, takedown);
  if (!inside) return [right];
  const outside = without(right, takedown);
  const uses = right.usages?.filter((use) => !takedown.usages?.includes(use));
  const spared = takedown.usages && uses && uses.length > 0 ? [{ ...inside, usages: uses }] : [];
  // A day as the end of a right is part of it; the day of a takedown is not.
  const until = takedown.from?.replace(/^(.{10})$/, "$1T00:00:00Z");
  const isAhead =
    until !== undefined && statedAt !== undefined && Date.parse(until) > Date.parse(statedAt);
  const meanwhile = isAhead ? [{ ...inside, valid_until: earlier(inside.valid_until, until) }] : [];
  return [...(outside ? [outside] : []), ...spared, ...meanwhile];
}

function meets(first: string[] | undefined, second: string[] | undefined): boolean {
  return !first || !second || first.some((each) => second.includes(each));
}

function earlier(own: string | undefined, until: string): string {
  return own !== undefined && end(own) <= Date.parse(until) ? own : until;
}

/** The moment at which what ends then is over: for a day, the beginning of the next. */
function end(moment: string): number {
  return Date.parse(moment) + (moment.length === 10 ? 24 * 60 * 60 * 1000 : 0);
}

function isWhole({ territories }: Pick<Right, "territories">): boolean {
  return !territories || territories.includes("Worldwide");
}

/** The part of a right in the territories of the takedown; undefined when there is none. */
function within(right: Right, takedown: Takedown): Right | undefined {
  const barred = takedown.excluded_territories ?? [];
  const exempt = [...new Set([...(right.excluded_territories ?? []), ...barred])];
  if (isWhole(takedown)) {
    const left = right.territories?.filter((each) => !covered(each, barred));
    if (left?.length === 0) return undefined;
    return known<Right>({ ...right, territories: left, excluded_territories: someOf(exempt) });
  }
  const both = (takedown.territories ?? []).flatMap((code) => {
    if (covered(code, exempt)) return [];
    if (isWhole(right) || covered(code, right.territories ?? [])) return [code];
    return (right.territories ?? []).filter((each) => covered(each, [code]));
  });
  return both.length > 0 ? known<Right>({ ...right, territories: both }) : undefined;
}

/** The part of a right outside the territories of the takedown; undefined when there is none. */
function without(right: Right, takedown: Takedown): Right | undefined {
  const barred = takedown.excluded_territories ?? [];
  const own = right.excluded_territories ?? [];
  if (isWhole(takedown)) {
    const left = barred.filter(
      (code) => !covered(code, own) && (isWhole(right) || covered(code, right.territories ?? [])),
    );
    return left.length > 0 ? { ...right, territories: left } : undefined;
  }
  const gone = (takedown.territories ?? []).filter((code) => !covered(code, barred));
  if (isWhole(right)) {
    const excluded = [...new Set([...own, ...gone])];
    return known<Right>({ ...right, excluded_territories: someOf(excluded) });
  }
  const left = right.territories?.filter((each) => !covered(each, gone)) ?? [];
  if (left.length === 0) return undefined;
  const parts = gone.filter((code) => !left.includes(code) && covered(code, left));
  const excluded = [...new Set([...own, ...parts])];
  return known<Right>({ ...right, territories: left, excluded_territories: someOf(excluded) });
}

/** Whether a territory is one of these or a part of one: US-CA of US. */
function covered(code: string, territories: readonly string[]): boolean {
  return territories.some((each) => code === each || code.startsWith(`${each}-`));
}
