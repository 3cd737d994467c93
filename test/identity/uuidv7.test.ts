import { uuidv7obj } from "uuidv7";
import { expect, test } from "vitest";
import { testDatabase } from "../database.ts";

const { sql } = await testDatabase();

/** The fields of RFC 9562, section 5.7. */
function fields(uuid: string) {
  const bits = BigInt(`0x${uuid.replaceAll("-", "")}`);
  return {
    milliseconds: Number(bits >> 80n),
    version: Number((bits >> 76n) & 0xfn),
    variant: Number((bits >> 62n) & 0x3n),
    random: bits & ((1n << 62n) - 1n),
  };
}

test("a uuid carries the layout of RFC 9562 and the time of its making", async () => {
  const rows = await sql`
    select identity.uuidv7() as uuid,
      floor(extract(epoch from clock_timestamp()) * 1000)::bigint as now
    from generate_series(1, 1000)`;
  for (const { uuid, now } of rows) {
    const { milliseconds, version, variant } = fields(uuid);
    expect(version).toBe(7);
    expect(variant).toBe(0b10);
    // The clock is read on both sides of the making.
    expect(Math.abs(milliseconds - Number(now))).toBeLessThanOrEqual(1000);
  }
  expect(new Set(rows.map(({ uuid }) => uuid)).size).toBe(1000);
});

test("the time is that of the vector in RFC 9562, appendix A.6", async () => {
  // 017F22E2-79B0-7CC3-98C4-DC0C0C07398F is of 2022-02-22 14:22:22.00 -05:00.
  const [row] = await sql`
    select identity.uuidv7_at('2022-02-22 14:22:22.00-05:00')::text as uuid`;
  expect(row?.uuid).toMatch(/^017f22e2-79b0-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test.each([
  ["1970-01-01 00:00:00+00", 0],
  ["1970-01-01 00:00:00.0019+00", 1],
  ["2038-01-19 03:14:08+00", 2 ** 31 * 1000],
  ["2024-02-29 23:59:59.999999+00", Date.UTC(2024, 1, 29, 23, 59, 59, 999)],
  ["10889-08-02 05:31:50.655+00", 2 ** 48 - 1],
])("%s is %d milliseconds since 1970", async (at, milliseconds) => {
  const [row] = await sql`select identity.uuidv7_at(${at}::text::timestamptz)::text as uuid`;
  expect(fields(row?.uuid)).toMatchObject({ milliseconds, version: 7, variant: 0b10 });
});

test("uuids of later milliseconds sort after those of earlier ones", async () => {
  const [row] = await sql`
    select bool_and(u.uuid > u.before) as monotone
    from (
      select identity.uuidv7_at(t) as uuid, lag(identity.uuidv7_at(t)) over (order by t) as before
      from generate_series('2024-01-01'::timestamptz, '2024-01-01 00:00:02', '1 millisecond') t
    ) u`;
  expect(row?.monotone).toBe(true);
});

test("the 74 remaining bits are random: each is set about half of the time", async () => {
  const rows =
    await sql`select identity.uuidv7_at(now())::text as uuid from generate_series(1, 2000)`;
  const ones = Array.from({ length: 62 }, () => 0);
  for (const { uuid } of rows) {
    const { random } = fields(uuid);
    for (let bit = 0; bit < 62; bit++)
      ones[bit] = (ones[bit] ?? 0) + Number((random >> BigInt(bit)) & 1n);
  }
  // Twelve standard deviations: a constant bit is far outside, chance never is.
  for (const count of ones) expect(Math.abs(count - 1000)).toBeLessThan(12 * Math.sqrt(500));
});

test("Postgres 18 uses its own generator", async () => {
  const [row] = await sql`
    select current_setting('server_version_num')::int >= 180000 as native,
      pg_get_functiondef('identity.uuidv7()'::regprocedure) like '%pg_catalog.uuidv7()%' as delegates`;
  expect(row?.delegates).toBe(row?.native);
});

test("the layout is that of the npm package uuidv7", async () => {
  const ours = (await sql`select identity.uuidv7()::text as uuid`)[0]?.uuid;
  const theirs = uuidv7obj().toString();
  expect(Math.abs(fields(ours).milliseconds - fields(theirs).milliseconds)).toBeLessThan(5000);
  expect(fields(ours).version).toBe(fields(theirs).version);
  expect(fields(ours).variant).toBe(fields(theirs).variant);
});

test("a primary key that nobody gives is a UUIDv7", async () => {
  const [row] = await sql`
    insert into catalog.entity (kind, display_name) values ('artist', 'x') returning juke_id`;
  expect(fields(row?.juke_id).version).toBe(7);
});
