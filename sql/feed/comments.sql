-- What GraphQL says of the types of feed.
comment on type feed.op is
  E'@name update_op\nUPSERT: new or changed. DELETE: gone. MERGE: it redirects to another entity now. SPLIT: its records were parted.';

comment on type feed.update is
  E'@name update\n@foreignKey (juke_id) references catalog.entity (juke_id)|@fieldName entity|@forwardDescription The entity as it is now; null when it is gone.|@behavior -manyRelation:resource:connection -manyRelation:resource:list\nThat an entity was changed by a transaction.';
comment on column feed.update.next_cursor is E'@notNull\nThe cursor that continues right after this update.';
comment on column feed.update.id is E'@behavior -*';
comment on column feed.update.at is E'@notNull\nThe start of the transaction.';
comment on column feed.update.kind is E'@notNull\nThe kind of the entity.';
comment on column feed.update.juke_id is E'@notNull\nThe key of the entity.';
comment on column feed.update.op is E'@notNull\nWhat happened to it.';
comment on column feed.update.version is E'@notNull\nThe version of the entity after the change.';
comment on column feed.update.changed is 'The attributes and lists that changed, as the database names them; null when the entity is new.';
comment on column feed.update.actor is 'Who changed it; null when a delivery did by itself.';
comment on column feed.update.delivery_id is 'The delivery it came by; null when it came by none.';
comment on table feed.event is 'That an entity was changed by a transaction: at most once.';
comment on table feed.consumer is 'The named consumers and their places in the feed.';
comment on table feed.retention is 'How long events are kept; the last ones that were dropped.';
