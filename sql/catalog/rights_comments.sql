-- What GraphQL says of the answers on rights, and of the tables behind them.
comment on type catalog.right_reason is
  E'@name right_reason\nWhy something may not be used. NOT_YET: `validFrom` says from when. EXPIRED: `validUntil` says since when. USAGE_NOT_COVERED, TERRITORY_NOT_COVERED: the term does not name it. TERRITORY_EXCLUDED: the term excludes it. WITHDRAWN: the release is withdrawn or cancelled, or the term is excluded everywhere, because its source has taken all terms back. NO_RIGHTS_KNOWN: nobody has said anything. ENTITY_DELETED, ENTITY_UNKNOWN: there is no such entity any more, or never was.';

comment on type catalog.availability is
  E'@name availability\n@foreignKey (juke_id) references catalog.entity (juke_id)|@fieldName entity|@forwardDescription The entity; when it was merged, the one that it redirects to. Null when there is none.|@behavior -manyRelation:resource:connection -manyRelation:resource:list\n@foreignKey (held_by) references catalog.entity (juke_id)|@fieldName heldBy|@forwardDescription Whose term it is: the entity itself, a release that it is on, or the podcast of the episode. Null when no term is known.|@behavior -manyRelation:resource:connection -manyRelation:resource:list\nWhether something may be used in a territory, at a moment, in a certain way; by which term, or why not.';
comment on column catalog.availability.asked_id is 'The key as it was given.';
comment on column catalog.availability.juke_id is 'The key of the entity; when it was merged, of the one that it redirects to.';
comment on column catalog.availability.streamable is E'@notNull\nWhether it may.';
comment on column catalog.availability.reasons is E'@notNull\nWhy not: what the term lacks that lacks the least; empty when it may.';
comment on column catalog.availability.held_by is E'@behavior -*\nWhose term it is.';
comment on column catalog.availability.position is 'The place of the term among those of `heldBy`.';
comment on column catalog.availability.valid_from is 'Since when the term holds.';
comment on column catalog.availability.valid_until is 'The first moment at which the term no longer holds.';

comment on table catalog.use_type is
  E'@behavior -*\nThe DDEX allowed value set UseType, each below what covers it.';
comment on constraint use_type_parent_fkey on catalog.use_type is '@behavior -*';
comment on table catalog.territory is
  E'@behavior -*\nThe codes of ISO 3166-1 alpha-2, and what has become of those that were withdrawn.';
comment on constraint territory_renamed_to_fkey on catalog.territory is '@behavior -*';
