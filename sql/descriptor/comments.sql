-- What GraphQL says of the types of descriptor.
comment on type descriptor.hit is
  E'@name search_hit\n@foreignKey (juke_id) references catalog.entity (juke_id)|@fieldName entity|@forwardDescription The entity.|@behavior -manyRelation:resource:connection -manyRelation:resource:list\nAn entity that a search has found.';
comment on column descriptor.hit.juke_id is E'@notNull\nThe key of the entity.';
comment on column descriptor.hit.kind is E'@notNull\nThe kind of the entity.';
comment on column descriptor.hit.display_name is E'@notNull\nIts name or title.';
comment on column descriptor.hit.score is E'@notNull\nHow well it fits; comparable within one answer.';
