import { distinct, known, someOf } from "../known.ts";
import type { Credit, Reference, WorkEntry } from "../record.ts";
import { childOf, childrenOf, type XmlElement } from "../xml.ts";
import { contribution } from "./credit.ts";
import { bounded, identifiersIn, idsOf, keyOf } from "./identifier.ts";
import { add, byReference, type Message, warn } from "./message.ts";
import { text } from "./text.ts";
import { titles } from "./title.ts";
import { every, type View, viewOf } from "./view.ts";

/** The musical works of a message by their reference, added as records. */
export type Works = ReadonlyMap<string, Reference<"work">>;

/** Adds the works of the WorkList of ERN 3. `home` is the id of the message's main release, for works without an id of their own. */
export function readWorks(message: Message, home: string): Works {
  const list = childOf(message.root, "WorkList");
  const elements = list ? childrenOf(list, "MusicalWork") : [];
  const found = byReference(message, elements, "MusicalWorkReference");
  const works = new Map<string, Reference<"work">>();
  for (const [reference, element] of found) {
    works.set(reference, readWork(message, element, `${home}#${reference}`));
  }
  return works;
}

function readWork(message: Message, element: XmlElement, fallback: string): Reference<"work"> {
  const view = viewOf(element);
  const contributors = every(view, "MusicalWorkContributor");
  const found = distinct(contributors.flatMap((each) => contribution(message, each)));
  return addWork(message, element, every(view, "MusicalWorkId"), fallback, {
    ...titles(view),
    credits: someOf(found),
  });
}

function addWork(
  message: Message,
  element: XmlElement,
  holders: XmlElement[],
  fallback: string,
  facts: { title?: string; credits?: Credit[] | undefined },
): Reference<"work"> {
  const identifiers = identifiersIn(holders);
  const id = keyOf(identifiers) ?? bounded(fallback);
  const opus = identifiers.flatMap(({ type, value }) => {
    if (type === "OpusNumber") return [/^\d/.test(value) ? `Op. ${value}` : value];
    return type === "ComposerCatalogNumber" ? [value] : [];
  });
  const record = known<object>({
    ids: idsOf("work", identifiers),
    disambiguation: opus.length > 0 ? opus.join(", ") : undefined,
    ...facts,
  });
  add(message, { kind: "work", id, scope: "partial", ...record }, element);
  return { kind: "work", id };
}

/**
 * The works a recording performs: those of the WorkList it refers to (ERN 3), and those whose ids it states itself
 * (ERN 4). Of the latter nothing but the ids is known.
 */
export function performed(message: Message, view: View, works: Works): WorkEntry[] | undefined {
  const referred = every(view, "ResourceMusicalWorkReferenceList").flatMap((list) =>
    childrenOf(list).flatMap((each) => {
      const reference = text(childOf(each, "ResourceMusicalWorkReference"));
      const work = works.get(reference ?? "");
      if (work) return [work];
      warn(message, each, `the work ${reference ?? ""} is not in the WorkList: passed over`);
      return [];
    }),
  );
  const stated = every(view, "WorkId", "MusicalWorkId").filter((each) =>
    keyOf(identifiersIn([each])),
  );
  const own = stated.map((each) => addWork(message, each, [each], "", {}));
  const entries = [...referred, ...own].map((work) => ({ work, relation: "performance" }));
  return someOf(distinct(entries));
}
