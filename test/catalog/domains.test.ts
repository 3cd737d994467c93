import { describe, expect, test } from "vitest";
import { testDatabase } from "../database.ts";

const { sql } = await testDatabase();

const CHECK = "23514";

/** The SQLSTATE and the constraint that a value breaks, or null when it is one of the domain. */
async function domainCheck(domain: string, value: string): Promise<[string, string] | null> {
  try {
    await sql.unsafe(`select $1::text::catalog.${domain}`, [value]);
    return null;
  } catch (error) {
    const { code, constraint_name } = error as { code: string; constraint_name: string };
    return [code, constraint_name];
  }
}

describe("a partial date", () => {
  test.each([
    "2023",
    "0001",
    "9999",
    "2023-01",
    "2023-12",
    "2023-01-01",
    "2023-12-31",
    "2024-02-29",
    "2000-02-29",
    "2023-04-30",
    "1582-10-10",
    "0001-01-01",
  ])("%s is one", async (value) => {
    expect(await domainCheck("partial_date", value)).toBeNull();
  });

  test.each([
    "",
    "0000",
    "0000-01",
    "0000-01-01",
    "1999-00",
    "1999-13",
    "1999-1",
    "1999-01-00",
    "1999-01-32",
    "2023-02-29",
    "1900-02-29",
    "2100-02-29",
    "2023-04-31",
    "2023-06-31",
    "2023-1-1",
    "23",
    "19999",
    "1999-",
    "1999-01-",
    "1999-01-01 ",
    " 1999",
    "1999\n",
    "1999-01-01\n",
    "1999-01-01T00:00",
    "-1999",
    "+1999",
    "1999/01/01",
    "01-01-1999",
    "not a date",
    "abcdefghij",
    "１９９９",
    "1999-W01",
    "infinity",
  ])("%j is none", async (value) => {
    expect(await domainCheck("partial_date", value)).toEqual([
      CHECK,
      "partial_date_is_a_year_a_month_or_a_calendar_day",
    ]);
  });

  test("may be unknown, and sorts by what is known", async () => {
    const [row] = await sql`
      select null::catalog.partial_date is null as unknown, array(
        select d from unnest('{2024,2023-02-01,2023-02,2023-10,2023}'::catalog.partial_date[]) d order by d
      ) as sorted`;
    expect(row).toEqual({
      unknown: true,
      sorted: ["2023", "2023-02", "2023-02-01", "2023-10", "2024"],
    });
  });

  test("every day of the calendar is one, and no other day is", async () => {
    const [row] = await sql`
      with candidate as (
        select format('%s-%s-%s', y, lpad(m::text, 2, '0'), lpad(d::text, 2, '0')) as value,
          d <= extract(day from make_date(y, m, 1) + interval '1 month - 1 day') as is_day
        from unnest('{1900,1999,2000,2023,2024,2100}'::int[]) y, generate_series(1, 12) m, generate_series(1, 31) d
      )
      select count(*)::int as days, count(value::catalog.partial_date)::int as taken
      from candidate where is_day`;
    expect(row).toEqual({ days: 365 * 6 + 2, taken: 365 * 6 + 2 });
  });
});

describe("a country code", () => {
  test.each(["GB", "US", "XW", "XE", "XU"])("%s is one", async (value) => {
    expect(await domainCheck("country_code", value)).toBeNull();
  });
  test.each(["", "G", "GBR", "gb", "Gb", "G1", "ÄÖ", "GB ", "GB\n", "ＧＢ"])(
    "%j is none",
    async (value) => {
      expect(await domainCheck("country_code", value)).toEqual([
        CHECK,
        "country_code_is_two_capital_letters",
      ]);
    },
  );
});
