import { distinct, known, someOf } from "../known.ts";
import type { Alias } from "../record.ts";
import { childOf, childrenOf, type XmlElement } from "../xml.ts";
import { applicable } from "./territory.ts";
import { text, words } from "./text.ts";
import { every, type View } from "./view.ts";

/** A title and the others there are. */
export type Titles = { title?: string; aliases?: Alias[] };

/** Longer ones cannot be kept as an alias. */
const ALIAS_LIMIT = 500;

/**
 * The title of a release, resource or work: the display title for the most general territory, then the reference title,
 * then the formal title, then the display title text. A subtitle follows in brackets, as does a version. What else it is called, there or elsewhere,
 * are its aliases: with its language, and with the type of title unless that is the display title.
 */
export function titles(view: View): Titles {
  const structured = every(view, "DisplayTitle", "Title");
  const display = structured.filter(({ name, attributes }) => {
    return name === "DisplayTitle" || (attributes.TitleType ?? "DisplayTitle") === "DisplayTitle";
  });
  const candidates = [
    ...applicable(display),
    ...every(view, "ReferenceTitle"),
    ...structured.filter(({ attributes }) => attributes.TitleType === "FormalTitle"),
    ...applicable(every(view, "DisplayTitleText")),
    ...applicable(every(view, "AdditionalTitle")),
  ];
  const title = candidates.map(whole).find((each) => each !== undefined);
  const elsewhere = view.others.flatMap((details) => childrenOf(details, "Title"));
  const others = [...candidates, ...structured, ...elsewhere].flatMap((element) => {
    const name = whole(element);
    if (name === undefined || name === title || name.length > ALIAS_LIMIT) return [];
    return [alias(name, element)];
  });
  return known<Titles>({ title, aliases: someOf(distinct(others)) });
}

function alias(name: string, element: XmlElement): Alias {
  const { TitleType, LanguageAndScriptCode } = element.attributes;
  return known<Alias>({
    name,
    locale: LanguageAndScriptCode?.trim() || undefined,
    alias_type: TitleType && TitleType !== "DisplayTitle" ? words(TitleType) : undefined,
  });
}

/** "La Première Fois (Video 2D)": a subtitle the title has already is not repeated. */
export function whole(element: XmlElement): string | undefined {
  const main = childOf(element, "TitleText");
  if (!main) return text(element);
  let title = text(main);
  for (const subtitle of childrenOf(element, "SubTitle")) {
    const addition = text(subtitle);
    if (addition === undefined) continue;
    if (title === undefined) title = addition;
    else if (!title.toLowerCase().includes(`(${addition.toLowerCase()})`)) {
      title = /^\(.*\)$/.test(addition) ? `${title} ${addition}` : `${title} (${addition})`;
    }
  }
  return title;
}
