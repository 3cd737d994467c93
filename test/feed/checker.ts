/** An event, as the feed tells it and as feed.event keeps it. */
export type Event = { id: number; kind: string; juke_id: string; version: number };

/**
 * What a reader got at a time. It is done with the events when they are acked: it will go on after them. What is not acked is
 * to come again.
 */
export type Delivery = { events: Event[]; acked: boolean };

export type Verdict = {
  /** Events of the truth that were never acked. */
  missing: number;
  /** Events that came again after they were acked, or twice in a delivery. */
  twice: number;
  /** Events that came after a later version of their entity. */
  disordered: number;
  /** Events that are not true: rolled back, or of another content. */
  untrue: number;
};

export const flawless: Verdict = { missing: 0, twice: 0, disordered: 0, untrue: 0 };

/** The verdict on all that a reader got, in its order; of some kinds or of all. */
export function judge(
  log: readonly Delivery[],
  truth: readonly Event[],
  kinds?: readonly string[],
): Verdict {
  const due = new Map(
    truth.filter(({ kind }) => kinds?.includes(kind) ?? true).map((event) => [event.id, event]),
  );
  const acked = new Set<number>();
  const versions = new Map<string, number>();
  const verdict = { ...flawless };
  for (const delivery of log) {
    const here = new Set<number>();
    // Where an entity is within this delivery: when it is not acked, the next one begins again.
    const reached = new Map<string, number>();
    for (const event of delivery.events) {
      const { id, juke_id, version } = event;
      if (acked.has(id) || here.has(id)) verdict.twice += 1;
      here.add(id);
      const last = reached.get(juke_id) ?? versions.get(juke_id) ?? 0;
      if (version <= last) verdict.disordered += 1;
      reached.set(juke_id, Math.max(version, last));
      const told = due.get(id);
      if (told?.juke_id !== juke_id || told.version !== version) verdict.untrue += 1;
    }
    if (!delivery.acked) continue;
    for (const id of here) acked.add(id);
    for (const [juke_id, version] of reached) versions.set(juke_id, version);
  }
  for (const id of due.keys()) if (!acked.has(id)) verdict.missing += 1;
  return verdict;
}

/** The entities whose versions have a gap, a repetition or another order than their events, and those that do not begin at 1. */
export function gaps(truth: readonly Event[]): string[] {
  const versions = new Map<string, number[]>();
  for (const { juke_id, version } of truth.toSorted((a, b) => a.id - b.id)) {
    const list = versions.get(juke_id);
    if (list) list.push(version);
    else versions.set(juke_id, [version]);
  }
  return [...versions]
    .filter(([, list]) => list.some((version, index) => version !== index + 1))
    .map(([juke_id]) => juke_id);
}

/** The entities that have another number of events than transactions that changed them and were committed. */
export function miscounted(truth: readonly Event[], committed: Map<string, number>): string[] {
  const counts = new Map<string, number>();
  for (const { juke_id } of truth) counts.set(juke_id, (counts.get(juke_id) ?? 0) + 1);
  return [...committed].filter(([id, count]) => counts.get(id) !== count).map(([id]) => id);
}
