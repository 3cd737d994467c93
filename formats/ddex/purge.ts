import { known } from "../known.ts";
import type { Ids } from "../record.ts";
import { childrenOf } from "../xml.ts";
import { identifiersIn, idsOf, keyOf } from "./identifier.ts";
import { add, type Message, refuse } from "./message.ts";
import { every, viewOf } from "./view.ts";

/** Reads a PurgeReleaseMessage: each release it names is withdrawn and has no rights any more. */
export function readPurge(message: Message): void {
  for (const element of childrenOf(message.root, "PurgedRelease")) {
    const identifiers = identifiersIn(every(viewOf(element), "ReleaseId"));
    const id = keyOf(identifiers);
    if (id === undefined) {
      refuse(
        message,
        element,
        "a purged release without an id",
        "state the GRid, the ICPN or the proprietary id with which it was delivered",
      );
      continue;
    }
    const ids = known<{ ids?: Ids }>({ ids: idsOf("release", identifiers) });
    add(
      message,
      { kind: "release", id, scope: "partial", ...ids, status: "withdrawn", rights: [] },
      element,
    );
  }
}
