/** What a mutation expects: the versions that its caller has seen. The functions that take them now are other functions to Postgres. */
import type { Sql } from "postgres";

export async function up(sql: Sql): Promise<void> {
  await sql.unsafe(/* sql */ `
    create type catalog.entity_version as (
      juke_id uuid,
      version integer
    );
    drop function if exists identity.merge(uuid, uuid[], text);
    drop function if exists identity.split(uuid, bigint[], text);
    drop function if exists identity.undo(bigint, uuid, text);
    drop function if exists identity.delete(uuid, text);
    drop function if exists identity.claim(uuid, text, text, real, text);
    drop function if exists identity.retract(uuid, text, text, text);
    drop function if exists identity.decide(bigint, text, text);
    drop function if exists identity.rule(uuid, uuid, identity.verdict, text);
    drop function if exists identity.review_undo(bigint, uuid, text);
    drop function if exists identity.check_merge(uuid, uuid[]);
    drop function if exists identity.check_split(uuid, bigint[]);
    drop function if exists identity.seize(uuid[], identity.id_key[]);
  `);
}

export async function down(sql: Sql): Promise<void> {
  await sql.unsafe(/* sql */ `drop type catalog.entity_version cascade`);
}
