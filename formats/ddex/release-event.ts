import { distinct } from "../known.ts";
import type { ReleaseEvent } from "../record.ts";
import { childrenOf } from "../xml.ts";
import { territories } from "./territory.ts";
import { text } from "./text.ts";
import { partialDate } from "./time.ts";
import { every, type View } from "./view.ts";

/** Where and when it came out: the release dates of all territories. */
export function releaseEvents(view: View): ReleaseEvent[] {
  const details = [...view.parts, ...view.others];
  const dated = details.flatMap((part) => {
    const places = childrenOf(part, "TerritoryCode").flatMap((code) => text(code) ?? []);
    return childrenOf(part, "ReleaseDate").flatMap((element) => {
      const applies = element.attributes.ApplicableTerritoryCode?.split(/\s+/) ?? places;
      return events(applies, partialDate(text(element)));
    });
  });
  const global = every(view, "GlobalReleaseDate").flatMap((element) =>
    events(["Worldwide"], partialDate(text(element))),
  );
  return distinct([...dated, ...global]);
}

function events(places: string[], date: string | undefined): ReleaseEvent[] {
  if (date === undefined) return [];
  const codes = (places.length > 0 ? places : ["Worldwide"]).flatMap(
    (code) => territories(code) ?? [],
  );
  const countries = codes.flatMap((code) => {
    if (code === "Worldwide") return ["XW"];
    return code.length === 2 ? [code] : [];
  });
  return countries.map((country) => ({ country, date }));
}

/** The earliest of them; of several on one day, that which is worldwide. */
export function earliest(events: readonly ReleaseEvent[]): ReleaseEvent | undefined {
  return [...events].sort(byDate)[0];
}

/** The earliest first; on one day, worldwide first. */
function byDate(a: ReleaseEvent, b: ReleaseEvent): number {
  const key = ({ date = "", country }: ReleaseEvent) => `${date}${country === "XW" ? " " : "-"}`;
  return key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0;
}
