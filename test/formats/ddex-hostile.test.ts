import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ddexErn } from "../../formats/ddex.ts";
import { FormatError, fileInput, type Item, readItems } from "../../formats/index.ts";
import { fourth, group, item, recording, release, third } from "./ddex-messages.ts";
import { deliver, itemsOf } from "./delivery.ts";

const DIRECTORY = new URL("../../../shared/data/ddex/", import.meta.url).pathname;
const present = existsSync(DIRECTORY);
if (!present) console.warn(`skipped: no DDEX messages in ${DIRECTORY}`);

/** What a file yields when it is read as ERN, whatever it looks like, and the error that ended it. */
async function readAnyway(
  path: string,
): Promise<{ items: Item[]; error: FormatError | undefined }> {
  const items: Item[] = [];
  try {
    for await (const each of readItems(ddexErn, fileInput(path))) items.push(each);
  } catch (error) {
    if (error instanceof FormatError) return { items, error };
    throw error;
  }
  return { items, error: undefined };
}

const refusal = async (xml: string) => readAnyway(await deliver(xml, "message.xml"));

describe.skipIf(!present)("published hostile files", () => {
  test.each([
    ["billion-laughs.xml", "JB248"],
    ["deep-nesting.xml", "JB244"],
  ])("%s is refused as %s", async (file, code) => {
    const { items, error } = await readAnyway(`${DIRECTORY}hostile/${file}`);
    expect(error?.code).toBe(code);
    expect(items).toEqual([]);
    await expect(itemsOf(`${DIRECTORY}hostile/${file}`)).rejects.toBeInstanceOf(FormatError);
  });

  test("published messages that are cut short yield nothing at all", async () => {
    const files = readdirSync(DIRECTORY)
      .filter((folder) => folder.startsWith("ern-"))
      .map((folder) => `${folder}/${readdirSync(DIRECTORY + folder)[0]}`);
    for (const file of files) {
      const whole = readFileSync(DIRECTORY + file);
      for (let tenth = 1; tenth < 10; tenth += 1) {
        const part = whole.subarray(0, Math.floor((whole.length * tenth) / 10));
        const { items, error } = await readAnyway(await deliver(part, "cut.xml"));
        expect(error?.code, `${file} at ${tenth}0 %`).toBe("JB243");
        expect(items).toEqual([]);
      }
    }
  });
});

describe("is refused whole", () => {
  const small = fourth();

  test.each([1, 2, 3, 4, 5, 6, 7, 8, 9])("a message cut at %s tenths", async (tenth) => {
    const { items, error } = await refusal(small.slice(0, Math.floor((small.length * tenth) / 10)));
    expect(error?.code).toBe("JB243");
    expect(items).toEqual([]);
  });

  test("a message without its last character", async () => {
    expect((await refusal(small.slice(0, -1))).error?.code).toBe("JB243");
  });

  const doctype = (content: string) => small.replace("?>", `?><!DOCTYPE x ${content}>`);
  const cases: [what: string, xml: string, code: string, reason: RegExp][] = [
    [
      "an external entity",
      doctype('[<!ENTITY x SYSTEM "file:///etc/passwd">]').replace("Song A1", "&x;"),
      "JB248",
      /entities of its own/,
    ],
    [
      "a parameter entity",
      doctype('[<!ENTITY % x SYSTEM "http://localhost:1/"> %x;]'),
      "JB248",
      /entities of its own/,
    ],
    ["an entity that is not declared", small.replace("Song A1", "&x;"), "JB243", /entity/],
    [
      "a prefix that is not declared",
      small.replace("<ReleaseList>", "<q:ReleaseList>"),
      "JB243",
      /namespace/,
    ],
    [
      "20,000 elements inside each other",
      small.replace("Song A1", `${"<a>".repeat(20_000)}${"</a>".repeat(20_000)}`),
      "JB244",
      /nested/,
    ],
    [
      "a catalog list",
      third({ root: "CatalogListMessage" }),
      "JB245",
      /a CatalogListMessage of ERN 3\.8\.2: not understood/,
    ],
    [
      "an update of ERN 4.3",
      fourth({ root: "UpdateReleaseMessage" }),
      "JB245",
      /an? UpdateReleaseMessage of ERN 4\.3/,
    ],
    ["ERN 2.0", third({ version: "2.0" }), "JB245", /ERN 2\.0, a NewReleaseMessage/],
    ["ERN 3.4.1", third({ version: "3.4.1" }), "JB245", /ERN 3\.4\.1, a NewReleaseMessage/],
    ["ERN 5.0", fourth({ version: "5.0" }), "JB245", /ERN 5\.0/],
    [
      "no ERN that is said",
      "<NewReleaseMessage/>",
      "JB245",
      /without a namespace or MessageSchemaVersionId/,
    ],
  ];
  test.each(cases)("%s", async (_, xml, code, reason) => {
    const path = await deliver(xml, "message.xml");
    const { items, error } = await readAnyway(path);
    expect(error?.code).toBe(code);
    expect(error?.reason).toMatch(reason);
    expect(error?.hint).not.toBe("");
    expect(items).toEqual([]);
    // Detected by itself, it is refused for the same reason.
    await expect(itemsOf(path)).rejects.toMatchObject({ code });
  });

  test("other XML, which is not taken for ERN", async () => {
    const path = await deliver('<rss version="2.0"><channel/></rss>', "feed.xml");
    await expect(itemsOf(path)).rejects.toMatchObject({
      code: "JB245",
      reason: /first element is <rss>/,
    });
    expect((await readAnyway(path)).error?.code).toBe("JB245");
    const dsr = '<m:SalesReport xmlns:m="http://ddex.net/xml/dsr/10"/>';
    await expect(itemsOf(await deliver(dsr, "dsr.xml"))).rejects.toMatchObject({ code: "JB245" });
  });
});

describe("is read all the same", () => {
  test("a version that only MessageSchemaVersionId says", async () => {
    const xml = third().replace(/xmlns:ern="[^"]*"/, 'xmlns:ern="urn:none"');
    expect((await refusal(xml)).items[0]).toEqual({
      about: expect.objectContaining({ version: "3.8.2" }),
    });
    expect(await itemsOf(await deliver(xml, "m.xml"))).toHaveLength(5);
  });

  test.each(["3.7", "3.7.1", "3.8", "3.8.3", "4.1", "4.1.1", "4.2", "4.3", "4.3.2"])(
    "ERN %s",
    async (version) => {
      const xml = version.startsWith("3") ? third({ version }) : fourth({ version });
      const { items, error } = await refusal(xml);
      expect(error).toBeUndefined();
      expect(items[0]).toMatchObject({ about: { version } });
    },
  );

  test("a title of ten million characters, which is kept", async () => {
    const title = "a".repeat(10_000_000);
    const { items, error } = await refusal(
      fourth().replace("Release R0", title).replace("<ICPN>5012345678900</ICPN>", ""),
    );
    expect(error).toBeUndefined();
    const found = items.flatMap((each) =>
      "record" in each && each.record.kind === "release" ? [each.record] : [],
    );
    expect(found[0]?.title).toHaveLength(10_000_000);
    expect(found[0]?.id.length).toBeLessThanOrEqual(500);
  });

  test("ten thousand recordings, once each", async () => {
    const count = 10_000;
    const all = Array.from({ length: count }, (_, index) => `A${index}`);
    const resources = all
      .map((each) => recording(`<ProprietaryId Namespace="N">${each}</ProprietaryId>`, each))
      .join("");
    const releases = release(
      "<ICPN>5012345678900</ICPN>",
      "R0",
      group(all.map((each, index) => item(each, index + 1)).join("")),
    );
    const { items, error } = await refusal(fourth({ resources, releases }));
    expect(error).toBeUndefined();
    expect(items.filter((each) => "record" in each && each.record.kind === "track")).toHaveLength(
      count,
    );
  }, 60_000);

  test("references and names from the prototype of objects", async () => {
    const xml = fourth()
      .replaceAll("A1<", "__proto__<")
      .replace("<ICPN>5012345678900</ICPN>", "<constructor>x</constructor><toString>y</toString>");
    const { items, error } = await refusal(xml);
    expect(error).toBeUndefined();
    expect(items.filter((each) => "record" in each)).toHaveLength(3);
  });

  test("a message in UTF-16", async () => {
    const utf16 = Buffer.from(`\uFEFF${third().replace("UTF-8", "UTF-16")}`, "utf16le");
    expect((await readAnyway(await deliver(utf16, "utf16.xml"))).error).toBeUndefined();
  });

  test("elements that are empty, of another order or of no meaning", async () => {
    const hollow = fourth()
      .replace(/>[^<>]+</g, "><")
      .replaceAll("<ReleaseList>", "<ReleaseList><!-- nothing --><Odd/>");
    const { items, error } = await refusal(hollow);
    expect(error).toBeUndefined();
    expect(items.filter((each) => "record" in each)).toEqual([]);
    expect(items.filter((each) => "refused" in each)).toHaveLength(1);
  });
});
