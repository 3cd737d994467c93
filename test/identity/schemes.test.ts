import { expect, test } from "vitest";
import { testDatabase } from "../database.ts";

const { sql } = await testDatabase();

test("every scheme has an example, which is canonical and matches its pattern", async () => {
  const rows = await sql`
    select scheme, example, identity.canonical(scheme, example) as canonical, example ~ pattern as matches
    from identity.scheme`;
  expect(rows.length).toBeGreaterThanOrEqual(26);
  for (const { scheme, example, canonical, matches } of rows) {
    expect([scheme, canonical, matches]).toEqual([scheme, example, true]);
  }
});

test("no alias is the name of a scheme, of a kind or of two schemes", async () => {
  const rows = await sql`
    select a.alias
    from identity.scheme s
    cross join unnest(s.aliases) a (alias)
    group by a.alias
    having count(*) > 1
      or a.alias in (select scheme from identity.scheme)
      or a.alias = any (enum_range(null::catalog.entity_kind)::text[])
      or a.alias <> lower(a.alias)`;
  expect([...rows]).toEqual([]);
});

test("what a URL names is of the kinds of its scheme", async () => {
  const rows = await sql`
    select p.domain, p.pattern from identity.url_pattern p join identity.scheme s using (scheme)
    where not p.kinds <@ s.kinds`;
  expect([...rows]).toEqual([]);
});

test("every shape can be met: its lengths are those of some text that it matches", async () => {
  const rows =
    await sql`select scheme, pattern, shortest, longest from identity.shape where longest > 2000`;
  expect([...rows]).toEqual([]);
});

test("the reference of the schemes says what the rows say (vitest -u writes it)", async () => {
  await expect(await reference()).toMatchFileSnapshot("../../docs/reference/schemes.md");
});

/** docs/reference/schemes.md. */
async function reference(): Promise<string> {
  const schemes = await sql`
    select scheme, title, standard, array_to_string(kinds, ', ') as kinds, exclusivity, form, check_rule, example,
      array_to_string(aliases, ', ') as aliases, cardinality(kinds) = cardinality(enum_range(null::catalog.entity_kind)) as is_any
    from identity.scheme order by rank`;
  const shapes = await sql`
    select h.scheme, h.confidence, h.why from identity.shape h join identity.scheme s using (scheme)
    order by h.confidence desc, s.rank, h.pattern`;
  const sites = await sql`
    select s.scheme, string_agg(distinct p.domain, ', ' order by p.domain) as domains,
      array_agg(distinct p.template order by p.template) filter (where p.template is not null) as templates
    from identity.url_pattern p join identity.scheme s using (scheme)
    group by s.scheme, s.rank order by s.rank`;
  const table = (head: string[], rows: string[][]) =>
    [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
  return `# Identifier schemes

The rows of \`identity.scheme\`, the first believed most. This page is written from the database by a test
(\`npx vitest run test/identity/schemes.test.ts -u\`), which fails where the two differ.

${table(
  ["scheme", "what", "standard", "kinds", "exclusivity", "canonical form", "check", "example"],
  schemes.map((s) => [
    `\`${s.scheme}\`${s.aliases ? ` (${s.aliases})` : ""}`,
    s.title,
    s.standard,
    s.is_any ? "any" : s.kinds,
    s.exclusivity,
    s.form,
    s.check_rule ?? "–",
    `\`${s.example}\``,
  ]),
)}

Names in brackets are other names for the scheme in a reference: \`upc:036000291452\`.

## Canonical form and validity

\`identity.canonical(scheme, value)\` returns the one way an id is written, or null when it is not valid. It takes hyphens,
dots, spaces, dashes and full-width digits, either case, and the URL of the thing. An invalid value stays in the record that
states it and in \`identity.record_claims\`, with no value: it links nothing and resolves to nothing.

- **isrc** has no check digit. Its first two letters must be a country of ISO 3166-1 (now or once: an ISRC never expires) or one
  of the prefixes allocated besides, such as QM and QZ.
- **iswc** and **ipi_base** use weights that share factors with ten: they catch about 91 of 100 single wrong digits. Every
  other check catches practically all. Of swapped neighbours, \`gtin\`, \`isbn\` and \`ismn\` miss those that differ by five (one in
  nine); the others catch 99 of 100 or more.
- **gtin** is 14 digits whatever was printed. Eleven digits are a UPC without its zero when the check digit then agrees.
- **isbn** does not take 979-0, which is \`ismn\`.
- **spotify** is a number of 128 bits in the alphabet 0-9a-zA-Z: \`7N42dgm5tFLK9N8MT7fHC7\` is the largest.
- **feed_url** says which feed it is, not where to fetch it: the protocol is always https and trailing slashes go, since the
  rule of the podcast GUID ignores both; host in lower case; no user and password, no default port, no fragment. Path and query
  stay. The address to fetch is the attribute \`feed_url\` of the podcast.
- **podcast_guid** of a feed that states none: \`identity.podcast_guid(feed_url)\`.
- **discogs** numbers each kind by itself: 3840 may be an artist and a label. \`a3840\`, \`m21491\`, \`r249504\`, \`l2294\` and
  \`[r249504]\` say which; on a record of another kind such a value is not valid. 0 means unknown and is not valid.
- **openlibrary** ends in A (author), M (edition) or W (work); both of the latter are books here.
- **handle** is a name of our own: \`artist:radiohead\`, \`album:ok-computer\`. A genre's is its scheme \`genre\`.
- **juke_id** is the key of every entity. Nobody claims one: in a record it is left out, by hand it is refused (JB106).

## Exclusivity

What a shared id says about two records, and what a different one says.

| exclusivity | joins records of two sources | joins two records of one source | another value speaks against a weaker id |
| --- | --- | --- | --- |
| exclusive | yes | yes | yes |
| territory | yes | yes | no: the same thing has other ids in other markets, or at other addresses |
| shared | yes | no: two masterings may carry one ISRC | no |
| unstable | only where an id of another scheme agrees | no | no |

Exclusive schemes come before those by territory in rank, so a registry's id that disagrees outweighs a service's that agrees.

## What a bare code may be

\`identity.identify(text)\` lists the readings of anything pasted. From a confidence of 0.9 on a reading is clear. A reference
with exactly one clear reading resolves: \`identity.resolve('GBAYE6800011')\`. Otherwise it is refused with JB103, whose detail lists
the readings: say which one is meant (\`gtin:36000291452\`).

${table(
  ["confidence", "scheme", "why"],
  shapes.map((h) => [String(h.confidence), `\`${h.scheme}\``, h.why]),
)}

A uuid that nothing qualifies is a juke_id first, then whatever carries it, by rank.

## URLs

\`identity.parse_url\` reads the URLs of these sites, \`identity.url_of(scheme, value, kind)\` writes them.

${table(
  ["scheme", "reads", "writes"],
  sites.map((u) => [
    `\`${u.scheme}\``,
    u.domains,
    (u.templates ?? []).map((template: string) => `\`${template}\``).join(" "),
  ]),
)}

A value that is an address (\`bandcamp\`, \`feed_url\`) is its own URL.

## A scheme of your own

A row is enough; its pattern decides what is valid. Rows of \`identity.url_pattern\` and \`identity.shape\` make its URLs and
its bare values known.

\`\`\`sql
insert into identity.scheme (rank, scheme, title, exclusivity, kinds, pattern)
values (1000, 'shelfmark', 'Shelf of our library', 'exclusive', '{book}', '^S[0-9]{4}$');
\`\`\`
`;
}
