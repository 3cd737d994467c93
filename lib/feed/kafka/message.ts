/** An event of the feed, with what the entity is now. */
export type PublishedEvent = {
  id: string;
  at: Date;
  kind: string;
  juke_id: string;
  op: "upsert" | "delete" | "merge" | "split";
  version: number;
  /** The attributes and lists that changed; null for an entity that is new. */
  changed: string[] | null;
  /** Who did it; null when only a delivery is known. */
  actor: string | null;
  delivery_id: string | null;
  /** As `catalog.state` tells it, at or after the version of the event; null when the entity is deleted. */
  entity: object | null;
};

/** As it goes over the wire: key, value (null: a tombstone) and headers. */
export type Message = {
  key: string;
  value: string | null;
  headers: Record<string, string>;
};

/** The URN of the schema of the value, `$id` of event.schema.json. */
export const EVENT_SCHEMA = "urn:jukebase:event";

/**
 * The messages of one event: a CloudEvent 1.0 in structured mode, keyed by entity, so that those of an entity are in
 * order. A delete is followed by a tombstone, a message with no value, for which compaction forgets the key. `source`
 * names the catalog; with the id it names the event, and is the same on a duplicate. The headers repeat both, as the
 * Kafka binding of CloudEvents allows: a tombstone has nothing else to tell them.
 */
export function messagesOf(event: PublishedEvent, source: string): Message[] {
  const key = event.juke_id;
  const type = `io.jukebase.entity.${event.op}`;
  const named = { ce_id: event.id, ce_source: source, ce_type: type };
  const value = JSON.stringify({
    specversion: "1.0",
    id: event.id,
    source,
    type,
    subject: event.juke_id,
    time: event.at.toISOString(),
    datacontenttype: "application/json",
    dataschema: EVENT_SCHEMA,
    data: {
      jukeId: event.juke_id,
      kind: event.kind,
      op: event.op,
      version: event.version,
      changed: event.changed,
      actor: event.actor,
      deliveryId: event.delivery_id,
      entity: event.entity,
    },
  });
  const headers = { "content-type": "application/cloudevents+json; charset=UTF-8", ...named };
  const message = { key, value, headers };
  return event.op === "delete" ? [message, { key, value: null, headers: named }] : [message];
}
