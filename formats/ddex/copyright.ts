import { distinct, known, someOf } from "../known.ts";
import type { Copyright } from "../record.ts";
import { childOf, type XmlElement } from "../xml.ts";
import { general } from "./territory.ts";
import { text } from "./text.ts";
import { every, type View } from "./view.ts";

/** The P-lines and C-lines of a release or resource, those for the most general territory. */
export function copyrights(view: View): Copyright[] | undefined {
  return someOf(
    distinct(
      (["P", "C"] as const).flatMap((line) =>
        general(every(view, `${line}Line`)).flatMap((element) => copyright(line, element) ?? []),
      ),
    ),
  );
}

function copyright(line: "P" | "C", element: XmlElement): Copyright | undefined {
  const said =
    text(childOf(element, `${line}LineText`)) ?? text(childOf(element, `${line}LineCompany`));
  if (said === undefined) return undefined;
  const year = Number(text(childOf(element, "Year")));
  const isYear = Number.isInteger(year) && year >= 1800 && year <= 2200;
  return known<Copyright>({ line, year: isYear ? year : undefined, text: said });
}
