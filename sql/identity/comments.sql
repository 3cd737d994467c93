-- What GraphQL says of the types of identity.
comment on type identity.resolution_status is
  E'@name resolution_status\nFOUND; REDIRECTED: it was merged, and this is the survivor; DELETED: a tombstone; AMBIGUOUS: things of several kinds carry this id, say which kind; NOT_FOUND; INVALID: not a reference.';

comment on type identity.resolution is
  E'@name resolution\n@foreignKey (juke_id) references catalog.entity (juke_id)|@fieldName entity|@forwardDescription The entity; null unless the status is FOUND or REDIRECTED.|@behavior -manyRelation:resource:connection -manyRelation:resource:list\nWhat a reference stands for, and how that was found out.';
comment on column identity.resolution.ref is E'@notNull\nThe reference as it was given.';
comment on column identity.resolution.status is E'@notNull\nWhether it names something here.';
comment on column identity.resolution.juke_id is 'The key of the entity.';
comment on column identity.resolution.kind is 'The kind of the entity.';
comment on column identity.resolution.rule is 'What answered: `juke_id`, or the scheme of the id that matched.';
comment on column identity.resolution.scheme is 'The scheme the reference was read as; `uuid` when nothing says whose uuid it is.';
comment on column identity.resolution.value is 'The id in its canonical form.';
comment on column identity.resolution.is_contested is
  E'@notNull\nWhether another entity claims the id too: the answer is that of the best claim, and `explain` shows the others.';

-- Operations and reviews, as editors see them.
comment on type identity.operation_kind is E'@name operation_kind\nWhat was done.';
comment on table identity.operation is
  E'@name operation\n@behavior -query:resource:list -query:resource:connection -query:resource:single\nA change of identity: what `undo` takes back.';
comment on column identity.operation.operation_id is 'What `undo` takes.';
comment on column identity.operation.op is 'What was done.';
comment on column identity.operation.juke_id is 'The survivor of a merge, the entity split, deleted or claimed for.';
comment on column identity.operation.actor is 'Who did it.';
comment on column identity.operation.reason is 'Why.';
comment on column identity.operation.at is 'When.';
comment on column identity.operation.undoes is 'The operation that this one takes back, whole or in part.';
comment on column identity.operation.undone_by is 'The undo, when nothing of it stands any more.';
comment on constraint operation_juke_id_fkey on identity.operation is
  E'@fieldName entity\n@forwardDescription The survivor of a merge, the entity split, deleted or claimed for.\n@behavior -manyRelation:resource:list -manyRelation:resource:connection';
comment on constraint operation_undoes_fkey on identity.operation is E'@behavior -*';
comment on constraint operation_undone_by_fkey on identity.operation is E'@behavior -*';

comment on table identity.changed_entity is
  E'@name operation_change\n@behavior -query:resource:list -query:resource:connection -query:resource:single\nAn entity that an operation has made, merged, deleted or brought back.';
comment on column identity.changed_entity.operation_id is E'@behavior -*';
comment on column identity.changed_entity.juke_id is 'The key of the entity: a loser of a merge, the new entity of a split.';
comment on column identity.changed_entity.from_status is 'What it was before; null when the operation has made it.';
comment on column identity.changed_entity.from_merged_into is 'What it redirected to before.';
comment on column identity.changed_entity.to_status is 'What it was afterwards.';
comment on column identity.changed_entity.to_merged_into is 'What it redirected to afterwards.';
comment on column identity.changed_entity.undone_by is 'The undo that took this back.';
comment on constraint changed_entity_operation_id_fkey on identity.changed_entity is
  E'@foreignSimpleFieldName changed\n@backwardDescription The entities that it made, merged, deleted or brought back.\n@behavior -singleRelation:resource:single -manyRelation:resource:connection +manyRelation:resource:list';
comment on constraint changed_entity_juke_id_fkey on identity.changed_entity is E'@behavior -*';
comment on constraint changed_entity_undone_by_fkey on identity.changed_entity is E'@behavior -*';

comment on type identity.review_topic is
  E'@name review_topic\nCONTESTED: both claim an id; UNDO_REFUSED: an undo that later operations stood in the way of; NEAR_MATCH: they are alike.';
comment on type identity.review_status is E'@name review_status\nOPEN; MERGED, KEPT_APART, SKIPPED: decided so; SETTLED: it has become needless.';
comment on table identity.review is
  E'@name review\n@behavior -query:resource:list -query:resource:connection -query:resource:single\nA question to a person: are these two one?';
comment on column identity.review.review_id is 'What `decide` takes.';
comment on column identity.review.topic is 'Why somebody should look at it.';
comment on column identity.review.kind is 'The kind of both.';
comment on column identity.review.a_juke_id is 'The key of the one: the survivor when they are merged.';
comment on column identity.review.b_juke_id is 'The key of the other.';
comment on column identity.review.source is 'The scheme of a contested id.';
comment on column identity.review.external_id is 'The contested id.';
comment on column identity.review.evidence is 'What was found.';
comment on column identity.review.worth is 'How much hangs on the decision.';
comment on column identity.review.status is 'Whether it is open, and else what was decided.';
comment on column identity.review.note is 'What the person noted.';
comment on column identity.review.decided_by is 'Who decided it.';
comment on column identity.review.decided_at is 'When it was decided.';
comment on column identity.review.operation_id is 'The merge that followed.';
comment on column identity.review.opened_at is 'Since when it has been open.';
comment on constraint review_a_juke_id_fkey on identity.review is
  E'@fieldName a\n@forwardDescription The one: the survivor when they are merged. Null when it was merged or deleted since.\n@behavior -manyRelation:resource:list -manyRelation:resource:connection';
comment on constraint review_b_juke_id_fkey on identity.review is
  E'@fieldName b\n@forwardDescription The other. Null when it was merged or deleted since.\n@behavior -manyRelation:resource:list -manyRelation:resource:connection';
comment on constraint review_operation_id_fkey on identity.review is
  E'@fieldName operation\n@forwardDescription The merge that followed.\n@behavior -manyRelation:resource:list -manyRelation:resource:connection';

comment on type identity.verdict is E'@name verdict\nMUST_LINK: they are one; CANNOT_LINK: they are two.';
comment on table identity.link_fact is
  E'@name link_fact\n@behavior -query:resource:list -query:resource:connection -query:resource:single\nWhat a person has said of two entities; later runs obey it.';
comment on column identity.link_fact.a_juke_id is 'The key of the one.';
comment on column identity.link_fact.b_juke_id is 'The key of the other.';
comment on column identity.link_fact.verdict is 'What was said.';
comment on column identity.link_fact.actor is 'Who said it.';
comment on column identity.link_fact.reason is 'Why.';
comment on column identity.link_fact.at is 'When.';
comment on column identity.link_fact.operation_id is 'The split that said it; it falls with it.';
comment on constraint link_fact_a_juke_id_fkey on identity.link_fact is
  E'@fieldName a\n@forwardDescription The one. Null when it was merged or deleted since.\n@behavior -manyRelation:resource:list -manyRelation:resource:connection';
comment on constraint link_fact_b_juke_id_fkey on identity.link_fact is
  E'@fieldName b\n@forwardDescription The other. Null when it was merged or deleted since.\n@behavior -manyRelation:resource:list -manyRelation:resource:connection';
comment on constraint link_fact_operation_id_fkey on identity.link_fact is E'@behavior -*';
