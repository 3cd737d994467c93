-- catalog.external_id: the ids under which others know an entity, whatever its kind; for readers.
create or replace view catalog.external_id as
select x.juke_id, x.kind, x.source, x.external_id, x.since, x.is_contested
from identity.external_id x;
