import type { Ids, Kind } from "../record.ts";
import { identifiers, serviceId } from "../services.ts";
import { type Doc, isDoc, text } from "./read.ts";

/** The ids that the URL relations of an entity state; those that have ended no longer hold. */
export function idsOfUrls(doc: Doc, kind: Kind): Ids {
  const ids: { [scheme: string]: string[] } = {};
  for (const relation of Array.isArray(doc.relations) ? doc.relations : []) {
    if (!isDoc(relation) || relation.ended === true || !isDoc(relation.url)) continue;
    const found = serviceId(text(relation.url.resource), kind);
    if (found) ids[found.scheme] = [...(ids[found.scheme] ?? []), found.id];
  }
  return identifiers(ids);
}
