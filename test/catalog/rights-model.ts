/** What catalog.rights_at answers, thought out anew: the independent side of a property test. */

export type Term = {
  territories?: string[];
  excluded_territories?: string[];
  usages?: string[];
  valid_from?: string;
  valid_until?: string;
};

/** Something that terms hang on, and what lends it theirs when it has none. */
export type Holder = { terms: Term[]; withdrawn?: boolean; lenders?: Holder[] };

export type Question = { territory: string; at: Date; usage: string };

const families: Record<string, string[]> = {
  Stream: [
    "OnDemandStream",
    "NonInteractiveStream",
    "TimeInfluencedStream",
    "ContentInfluencedStream",
  ],
  Download: ["PermanentDownload", "ConditionalDownload", "TetheredDownload", "KioskDownload"],
};

/** Whether a term that allows `allowed` lets somebody do `asked`. */
function suits(allowed: string, asked: string): boolean {
  if (allowed === asked || allowed === "Use" || asked === "Use") return true;
  return Boolean(families[allowed]?.includes(asked) || families[asked]?.includes(allowed));
}

const covers = (codes: string[], territory: string) =>
  codes.some(
    (code) => code === "Worldwide" || code === territory || territory.startsWith(`${code}-`),
  );

/** The first millisecond of a day or moment; of the end of a day, that of the next. */
function instant(said: string, isEnd: boolean): number {
  const day = /^\d{4}-\d\d-\d\d$/.test(said);
  return Date.parse(day ? `${said}T00:00:00Z` : said) + (day && isEnd ? 86_400_000 : 0);
}

/** What the term lacks, in the order of the reasons. */
function lacks(term: Term, { territory, at, usage }: Question): string[] {
  const found: string[] = [];
  if (term.valid_from && at.getTime() < instant(term.valid_from, false)) found.push("not_yet");
  else if (term.valid_until && at.getTime() >= instant(term.valid_until, true))
    found.push("expired");
  if (term.usages && !term.usages.some((each) => suits(each, usage)))
    found.push("usage_not_covered");
  const excluded = term.excluded_territories ?? [];
  const named = excluded.filter((code) => code !== "Worldwide");
  if (covers(named, territory)) found.push("territory_excluded");
  else if (term.territories && !covers(term.territories, territory))
    found.push("territory_not_covered");
  if (excluded.includes("Worldwide")) found.push("withdrawn");
  return found;
}

/** Whether it may be used so, and the fewest things that a term of its lacks. */
export function answer(
  holder: Holder,
  question: Question,
): { streamable: boolean; missing: number; reasons: string[][] } {
  const holders = holder.terms.length > 0 ? [holder] : (holder.lenders ?? []);
  const all = holders.flatMap(({ terms, withdrawn }) =>
    terms.map((term) => {
      const found = lacks(term, question);
      return withdrawn && !found.includes("withdrawn") ? [...found, "withdrawn"] : found;
    }),
  );
  if (all.length === 0) {
    const reasons = [holder.withdrawn ? ["withdrawn"] : ["no_rights_known"]];
    return { streamable: false, missing: 1, reasons };
  }
  const missing = Math.min(...all.map((each) => each.length));
  const reasons = all.filter((each) => each.length === missing);
  return { streamable: missing === 0, missing, reasons };
}
