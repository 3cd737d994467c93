import type { Sql } from "postgres";

const query = `query Example($ref: String!) {
  resolve(ref: $ref) { jukeId kind displayName }
}`;

/**
 * Asks the server that has just been started what one of its external ids stands for, and prints the question, as a
 * command to paste, with the answer. An empty catalog has nothing to ask for.
 */
export async function showExample(sql: Sql, address: string): Promise<void> {
  const [known] = await sql<{ ref: string }[]>`
    select x.source || ':' || x.external_id as ref
    from identity.external_id x
    join catalog.entity e on e.juke_id = x.juke_id
    where x.kind = 'artist' and e.status = 'active'
    order by x.source <> 'mbid', e.display_name <> 'Radiohead', x.external_id
    limit 1`;
  if (!known) return;
  const body = JSON.stringify({ query: query.replace(/\s+/g, " "), variables: { ref: known.ref } });
  const response = await fetch(`${address}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
  });
  console.log(`curl -s ${address}/graphql -H 'content-type: application/json' -d '${body}'
${await response.text()}
`);
}
