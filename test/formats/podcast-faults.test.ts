import fc from "fast-check";
import iconv from "iconv-lite";
import { describe, expect, test } from "vitest";
import { bufferInput, FormatError, readItems } from "../../formats/index.ts";
import { dateTime } from "../../formats/podcast/date.ts";
import { seconds } from "../../formats/podcast/duration.ts";
import { podcast } from "../../formats/podcast.ts";
import { deliver, refusalOf } from "./delivery.ts";
import { item, read, rss } from "./podcast-feed.ts";

describe("what a careful reader mends", () => {
  test.each([
    [
      "text before the XML",
      (feed: string) => `Warning: cache\n${feed}`,
      "line 1: text before the XML was dropped",
    ],
    [
      "a comment before the declaration",
      (feed: string) => `<!-- x -->${feed}`,
      "line 1: the XML declaration is not at the start",
    ],
    ["blank lines before the declaration", (feed: string) => `\n\n${feed}`, undefined],
    [
      "control characters",
      (feed: string) => feed.replace("Harbour", "Har\u0008bour"),
      "line 2: control characters were dropped",
    ],
    [
      "a bare &",
      (feed: string) => feed.replace("1.mp3", "1.mp3?a=1&b=2"),
      "line 2: an & that is not written &amp;",
    ],
    [
      "an undeclared entity",
      (feed: string) => feed.replace("<item>", "<description>&nope;</description><item>"),
      "line 2: the entity &nope; is not declared",
    ],
    [
      "an undeclared prefix",
      (feed: string) => feed.replace("<item>", "<item><x:y>z</x:y>"),
      "line 2: the namespace prefix x is not declared",
    ],
    [
      "an end tag of nothing",
      (feed: string) => feed.replace("</item>", "</b></item>"),
      "line 2: an end tag without a start was dropped or spelled like its start",
    ],
    [
      "an end tag in other letters",
      (feed: string) => feed.replace("<item><title>One</title>", "<item><Title>One</title>"),
      "line 2: an end tag without a start was dropped or spelled like its start",
    ],
    [
      "a missing end tag inside",
      (feed: string) => feed.replace("<item>", "<description>a <br> b</description><item>"),
      "line 2: an end tag that closes other elements with its own",
    ],
    [
      "missing end tags at the end",
      (feed: string) => feed.replace("</channel></rss>", ""),
      "line 2: the text ends before <channel> does",
    ],
    [
      "an end tag without its >",
      (feed: string) => feed.slice(0, -1),
      "line 2: the text ends before <rss> does",
    ],
    [
      "an attribute without quotes",
      (feed: string) => feed.replace('length="1000"', "length=1000"),
      "line 2: unquoted attribute value",
    ],
  ])("%s", async (_, harm, warning) => {
    const { podcast, episodes, warnings } = await read(harm(rss(item())));
    expect(podcast.title).toBe("Harbour Talk");
    expect(episodes).toMatchObject([{ id: "urn:x:1", title: "One", enclosure_bytes: 1000 }]);
    if (warning === undefined) expect(warnings).toEqual([]);
    else expect(warnings).toContain(warning);
  });

  test("an & does not swallow what follows it", async () => {
    const { podcast, episodes } = await read(
      rss(`<description>A & B</description><copyright>C &amp; D</copyright>${item()}`),
    );
    expect(podcast).toMatchObject({ description: "A & B", copyright: "C & D" });
    expect(episodes).toHaveLength(1);
  });

  test("the last episode of a feed that ends early claims no more than it says", async () => {
    const feed = rss(
      item() + item("<itunes:duration>10:00</itunes:duration>", "<guid>urn:x:2</guid>"),
    );
    const { episodes, warnings } = await read(feed.slice(0, feed.indexOf("10:00") + 2));
    expect(episodes.map(({ id, scope }) => [id, scope])).toEqual([
      ["urn:x:1", undefined],
      ["urn:x:2", "partial"],
    ]);
    expect(episodes[1]).not.toHaveProperty("duration_ms");
    expect(warnings).toContain("line 2: the text ends before <item> does");
  });

  test("an item that says nothing is told of", async () => {
    const { episodes, warnings } = await read(rss(`${item()}<item/>`));
    expect(episodes).toHaveLength(1);
    expect(warnings).toEqual(["line 1: 1 of 2 items say nothing that is understood"]);
  });

  test("whatever else is wrong ends in records or a refusal that says why", async () => {
    const whole = rss(
      `<description><![CDATA[<p>a</p>]]></description><itunes:category text="A"/>${item("<itunes:duration>1:00</itunes:duration><podcast:person>Bo</podcast:person>&amp;")}<!-- c --><podcast:guid>x</podcast:guid>`,
    );
    const harms = fc.constantFrom(
      ..."<>&;\"'/=!-[]? \n\0\ud800é".split(""),
      "</",
      "<!--",
      "-->",
      "<![CDATA[",
      "]]>",
      "<?",
      "&#0;",
      "&#x110000;",
      "<!DOCTYPE",
      "<item>",
      "</item>",
      "</channel>",
      "<rss>",
      "<__proto__>",
      "<a:b:c>",
      ' xmlns:itunes="x"',
      " xmlns=''",
      "<itunes:explicit>",
      "<podcast:value/>",
      "</>",
      "< ",
    );
    const place = fc.integer({ min: 0, max: whole.length });
    const cuts = fc.array(fc.tuple(place, fc.integer({ min: 0, max: 12 }), harms), {
      minLength: 1,
      maxLength: 6,
    });
    let taken = 0;
    await fc.assert(
      fc.asyncProperty(cuts, async (all) => {
        let feed = whole;
        for (const [at, length, harm] of all)
          feed = feed.slice(0, at) + harm + feed.slice(at + length);
        try {
          for await (const each of readItems(podcast, bufferInput(Buffer.from(feed), "f"))) {
            if ("refused" in each)
              throw new Error(`a record that does not fit: ${each.refused.message}`);
            if ("record" in each) taken += 1;
          }
        } catch (error) {
          if (!(error instanceof FormatError)) throw error;
          expect(error.reason).not.toBe("");
        }
      }),
      { numRuns: Number(process.env.FEED_HARMS ?? 300), seed: 7 },
    );
    expect(taken).toBeGreaterThan(300);
  });

  test("a description of 10 MB is read whole", async () => {
    const { podcast: show } = await read(
      rss(`<description>${"x & ".repeat(2_500_000)}</description>`),
    );
    expect(show.description).toHaveLength(9_999_999);
  });

  test("names of the language itself are nothing special", async () => {
    const { episodes } = await read(
      rss(
        item(
          "<itunes:constructor>x</itunes:constructor><itunes:explicit>constructor</itunes:explicit>&toString;",
        ),
      ),
    );
    expect(episodes).toHaveLength(1);
  });
});

describe("encodings", () => {
  const feed = (encoding: string, title: string) =>
    `<?xml version="1.0"${encoding && ` encoding="${encoding}"`}?><rss version="2.0"><channel><title>${title}</title></channel></rss>`;

  test.each([
    ["utf-8", "utf-8", "Grüße – 日本"],
    ["windows-1252", "windows-1252", "Grüße – “x”"],
    ["iso-8859-1", "windows-1252", "Grüße – “x”"],
    ["iso-8859-7", "iso-8859-7", "Ωδή"],
    ["koi8-r", "koi8-r", "Привет"],
    ["shift_jis", "shift_jis", "日本語"],
    ["gb2312", "gbk", "中文"],
    ["utf-16", "utf-16le", "日本 é"],
    ["utf-16", "utf-16be", "日本 é"],
    ["utf-8", "utf-16le", "日本 é"],
    ["utf-32", "utf-32be", "日本 é"],
    ["", "utf-32le", "日本 é"],
  ])("declared %s and written in %s", async (declared, written, title) => {
    const { podcast, warnings } = await read(iconv.encode(feed(declared, title), written));
    expect(podcast.title).toBe(title);
    expect(warnings).toEqual([]);
  });

  test.each([
    [
      "a byte order mark over the declaration",
      iconv.encode(feed("koi8-r", "Grüße"), "utf-8", { addBOM: true }),
      "Grüße",
      undefined,
    ],
    [
      "Windows-1252 declared as UTF-8",
      iconv.encode(feed("utf-8", "Grüße – “x”"), "windows-1252"),
      "Grüße – “x”",
      "line 1: is not UTF-8: read as Windows-1252",
    ],
    [
      "UTF-8 declared as UTF-16",
      Buffer.from(feed("utf-16", "Grüße")),
      "Grüße",
      "line 1: declares the encoding utf-16, but is not: read as UTF-8",
    ],
    [
      "an encoding that there is not",
      Buffer.from(feed("klingon", "Grüße")),
      "Grüße",
      'line 1: declares the unknown encoding "klingon"',
    ],
    [
      "damage in UTF-8",
      Buffer.concat([
        Buffer.from(feed("utf-8", "Grüße日本").split("</title>")[0] ?? ""),
        Buffer.from([0xe4]),
        Buffer.from("</title></channel></rss>"),
      ]),
      "Grüße日本\uFFFD",
      "line 1: holds 1 bytes or more that are no UTF-8: they are U+FFFD now",
    ],
  ])("%s", async (_, bytes, title, warning) => {
    const { podcast, warnings } = await read(bytes);
    expect(podcast.title).toBe(title);
    expect(warnings).toEqual(warning === undefined ? [] : [warning]);
  });

  test("an encoding that nothing names is not guessed among scripts", async () => {
    const error = await refusalOf(await deliver(iconv.encode(feed("", "Привет всем"), "koi8-r")));
    expect(error).toMatchObject({
      code: "JB242",
      reason: expect.stringContaining("declares no encoding"),
    });
  });
});

describe("what is refused", () => {
  const refusal = async (content: string | Buffer) => {
    try {
      for await (const _ of podcast.parse(bufferInput(Buffer.from(content), "f"), {}));
    } catch (error) {
      return error;
    }
    throw new Error("taken");
  };

  test.each([
    ["nothing", " \n", "JB241", "the file is empty"],
    [
      "an HTML page",
      "<!DOCTYPE html><html><body><rss></rss></body></html>",
      "JB245",
      "an HTML page, not a feed",
    ],
    [
      "another XML",
      "<opml><body/></opml>",
      "JB245",
      "XML whose first element is <opml>, not a feed",
    ],
    ["no XML", "hello", "JB245", "no XML, not a feed"],
    ["a comment", "<!-- rss -->", "JB245", "XML without an element"],
    [
      "an empty feed",
      "<rss version='2.0'></rss>",
      "JB245",
      "an empty feed: it has no channel, or nothing in it",
    ],
    [
      "two feeds",
      rss("") + rss("").replace(/<\?.*?\?>/, ""),
      "JB243",
      "not well-formed XML: <rss> follows after the end of the document",
    ],
    [
      "declared entities",
      `<!DOCTYPE rss [<!ENTITY a "b">]>${rss("").replace(/<\?.*?\?>/, "")}`,
      "JB248",
      "the document declares entities of its own",
    ],
    ["deep nesting", rss("<a>".repeat(100)), "JB244", "nested deeper than 100 levels"],
    [
      "nonsense",
      rss("< ".repeat(20_000)),
      "JB243",
      "not well-formed XML in more than 10000 places: disallowed character in tag name",
    ],
    [
      "nothing but end tags",
      rss("</b>".repeat(100)),
      "JB243",
      "not well-formed XML: too many end tags without a start, such as </b>",
    ],
    [
      "half a JSON Feed",
      '{"version":"https://jsonfeed.org/version/1.1"',
      "JB243",
      "truncated: the text ends in the middle of the JSON",
    ],
    [
      "deep JSON",
      `{"version":"https://jsonfeed.org/version/1.1","a":${"[".repeat(200)}`,
      "JB244",
      "nested deeper than 100 levels",
    ],
  ])("%s", async (_, content, code, reason) => {
    expect(await refusal(content)).toMatchObject({ code, reason });
  });

  test("more than 32 MiB", async () => {
    expect(await refusal(Buffer.alloc(32 * 1024 * 1024 + 1, "<"))).toMatchObject({
      code: "JB244",
      reason: "the document is longer than 32 MiB",
    });
  });
});

describe("dates", () => {
  test.each([
    ["Sat, 07 Sep 2002 00:00:01 GMT", "2002-09-07T00:00:01Z"],
    ["Sat, 07 Sep 2002 00:00:01 +0200", "2002-09-06T22:00:01Z"],
    ["Mon, 07 Sep 2002 00:00:01 GMT", "2002-09-07T00:00:01Z"],
    ["7 Sep 02 0:00 EST", "2002-09-07T05:00:00Z"],
    ["Saturday, September 7, 2002 1:02 pm", "2002-09-07T13:02:00Z"],
    ["Sat, 7 Sept 2002 09:05:00 PDT", "2002-09-07T16:05:00Z"],
    ["sat, 07 sep 2002 00:00:01 gmt", "2002-09-07T00:00:01Z"],
    ["Sat, 07 Sep 2002 00:00:01 UTC", "2002-09-07T00:00:01Z"],
    ["Sat, 07 Sep 2002 00:00:01 GMT+0200", "2002-09-06T22:00:01Z"],
    ["Sat, 07 Sep 2002 00:00:01 +02:00", "2002-09-06T22:00:01Z"],
    ["Sat, 07 Sep 2002 00:00:01", "2002-09-07T00:00:01Z"],
    ["07 September 2002", "2002-09-07T00:00:00Z"],
    ["2002-09-07", "2002-09-07T00:00:00Z"],
    ["2002-09-07T01:02:03+01:00", "2002-09-07T00:02:03Z"],
    ["2002-09-07 01:02:03", "2002-09-07T01:02:03Z"],
    ["2002/9/7 1:02", "2002-09-07T01:02:00Z"],
    ["Sat, 07 Sep 2002 00:00:01 Europe/Berlin", "2002-09-06T22:00:01Z"],
    ["Wed, 05 Jun 1935 20:00:00 GMT", "1935-06-05T20:00:00Z"],
  ])("%s is %s", (text, date) => expect(dateTime(text)).toBe(date));

  test.each([
    "",
    "yesterday",
    "Thu, 01 Jan 1970 00:00:00 GMT",
    "Mon, 31 Feb 2020 10:00:00 GMT",
    "0000-00-00T00:00:00Z",
    "Mon, 01 Jan 0001 00:00:00 +0000",
    "Mon, 01 Jan 2020 25:00:00 GMT",
    "Τρι, 29 Ιούν 2004 12:53:00 GMT",
    "1/2/2003",
    "9".repeat(1000),
  ])("%s is none", (text) => expect(dateTime(text)).toBeUndefined());

  test("that make no sense are left out and told of", async () => {
    const { episodes, warnings } = await read(
      rss(item("<pubDate>Mon, 31 Feb 2020 10:00:00 GMT</pubDate>")),
    );
    expect(episodes[0]).not.toHaveProperty("published_at");
    expect(warnings).toEqual([
      '/rss/channel/item[1]: the date "Mon, 31 Feb 2020 10:00:00 GMT" makes no sense and was left out',
    ]);
  });
});

describe("durations", () => {
  test.each([
    ["3723", 3723],
    ["62:03", 3723],
    ["1:02:03", 3723],
    ["01:02:03", 3723],
    ["1:02:03.5", 3723.5],
    ["00:62:03,5", 3723.5],
    [" 12 ", 12],
    ["PT1H2M3S", 3723],
    ["1h 2m 3s", 3723],
    ["62 min", 3720],
    ["1 hour 2 minutes", 3720],
    ["45 seconds", 45],
    ["0", 0],
  ])("%s is %d seconds", (text, length) => expect(seconds(text)).toBe(length));

  test.each([
    "",
    "-5",
    "1:2:3:4",
    "long",
    "3723000",
    "PT",
    ":",
    "1::2",
    "h",
    "1e9",
    `${"1".repeat(100)}`,
  ])("%s is none", (text) => expect(seconds(text)).toBeUndefined());

  test("that are none are left out and told of; zero says that it is not known", async () => {
    const { episodes, warnings } = await read(
      rss(
        item("<itunes:duration>long</itunes:duration>") +
          item("<itunes:duration>00:00</itunes:duration>", "<guid>urn:x:2</guid>"),
      ),
    );
    expect(episodes.map((each) => each.duration_ms)).toEqual([undefined, undefined]);
    expect(warnings).toEqual(['line 2: itunes:duration is "long", no duration']);
  });
});
