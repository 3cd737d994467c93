-- What GraphQL says of the types of identity.
comment on type identity.resolution_status is
  E'@name resolution_status\nFOUND; REDIRECTED: it was merged, and this is the survivor; DELETED: a tombstone; AMBIGUOUS: things of several kinds carry this id, say which kind; NOT_FOUND; INVALID: not a reference.';

comment on type identity.resolution is
  E'@name resolution\n@foreignKey (juke_id) references catalog.entity (juke_id)|@fieldName entity|@forwardDescription The entity; null unless the status is FOUND, REDIRECTED or DELETED.|@behavior -manyRelation:resource:connection -manyRelation:resource:list\nWhat a reference stands for, and how that was found out.';
comment on column identity.resolution.ref is E'@notNull\nThe reference as it was given.';
comment on column identity.resolution.status is E'@notNull\nWhether it names something here.';
comment on column identity.resolution.juke_id is 'The key of the entity.';
comment on column identity.resolution.kind is 'The kind of the entity.';
comment on column identity.resolution.rule is 'What answered: `juke_id`, or the scheme of the id that matched.';
comment on column identity.resolution.scheme is 'The scheme the reference was read as; `uuid` when nothing says whose uuid it is.';
comment on column identity.resolution.value is 'The id in its canonical form.';
