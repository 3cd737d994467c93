-- descriptor.builder_version() → raised whenever descriptor.build makes other documents of the same entity.
create or replace function descriptor.builder_version()
returns int
language sql
immutable
parallel safe
as 'select 3';

comment on function descriptor.builder_version() is 'The version of descriptor.build that documents are stamped with.';
