import { describe, expect, test } from "vitest";
import { deliver, refusalOf } from "./delivery.ts";
import { item, read, rss } from "./podcast-feed.ts";

describe("a podcast", () => {
  test("is what the channel says", async () => {
    const { podcast, records, items, warnings } = await read(
      rss(`<description>Ships &amp; sailors</description><language>en_gb</language>
        <copyright>2024 Harbour</copyright><lastBuildDate>Tue, 02 Jan 2024 10:00:00 +0100</lastBuildDate>
        <atom:link rel="self" href="https://harbour.example/feed.xml"/>
        <podcast:guid>917393E3-1B1E-5CEF-ACE4-EDAA54E1F810</podcast:guid>
        <itunes:author>crew@harbour.example (The Crew)</itunes:author><itunes:explicit>clean</itunes:explicit>
        <itunes:type>Serial</itunes:type><itunes:image href="/cover.jpg"/>
        <itunes:category text="Society &amp; Culture"><itunes:category text="Places"/></itunes:category>
        <category>not this one</category>
        <image><url>https://harbour.example/small.png</url><width>144</width></image>`),
    );
    expect(podcast).toEqual({
      kind: "podcast",
      id: "917393e3-1b1e-5cef-ace4-edaa54e1f810",
      title: "Harbour Talk",
      ids: {
        podcast_guid: "917393e3-1b1e-5cef-ace4-edaa54e1f810",
        feed_url: ["https://harbour.example/feed.xml"],
      },
      author: "The Crew",
      description: "Ships & sailors",
      language: "en-GB",
      website_url: "https://harbour.example/",
      feed_url: "https://harbour.example/feed.xml",
      explicit: false,
      podcast_type: "serial",
      copyright: "2024 Harbour",
      genres: [
        { genre: { kind: "genre", id: "society & culture" } },
        { genre: { kind: "genre", id: "places" } },
      ],
      images: [
        { url: "https://harbour.example/cover.jpg", image_type: "front" },
        { url: "https://harbour.example/small.png", image_type: "logo", width: 144 },
      ],
    });
    expect(records.map(({ kind }) => kind)).toEqual(["genre", "genre", "podcast"]);
    expect(items[0]).toEqual({ about: { version: "RSS 2.0", statedAt: "2024-01-02T09:00:00Z" } });
    expect(warnings).toEqual([]);
  });

  test.each([
    [
      "its feed's new address",
      '<itunes:new-feed-url>https://New.example/f/</itunes:new-feed-url><atom:link rel="self" href="https://old.example/f"/>',
      "https://new.example/f",
    ],
    [
      "the address of its feed",
      '<atom:link rel="self" href="http://old.example/f?a=1#x"/>',
      "https://old.example/f?a=1",
    ],
    ["its website", "", "https://harbour.example"],
    [
      "its website, when the guid is none",
      "<podcast:guid>x</podcast:guid>",
      "https://harbour.example",
    ],
  ])("without a GUID is known by %s", async (_, channel, id) => {
    expect((await read(rss(channel))).podcast.id).toBe(id);
  });

  test("that moves is still known by its old address", async () => {
    const { podcast } = await read(
      rss(
        '<itunes:new-feed-url>https://new.example/f</itunes:new-feed-url><atom:link rel="self" href="https://old.example/f"/>',
      ),
    );
    expect(podcast.feed_url).toBe("https://new.example/f");
    expect(podcast.ids).toEqual({ feed_url: ["https://new.example/f", "https://old.example/f"] });
  });

  test("without a title claims no more than it says", async () => {
    const { podcast, warnings } = await read(rss("", ""));
    expect(podcast).toMatchObject({ scope: "partial", id: "https://harbour.example" });
    expect(warnings).toEqual(["/rss/channel: the feed has no title"]);
  });

  test("without anything that says which it is, is refused", async () => {
    const error = await refusalOf(
      await deliver("<rss version='2.0'><channel><language>en</language></channel></rss>"),
    );
    expect(error).toMatchObject({
      code: "JB245",
      reason: expect.stringContaining("names no guid"),
    });
  });

  test.each([
    ["yes", true],
    ["TRUE", true],
    ["explicit", true],
    ["no", false],
    ["false", false],
    ["clean", false],
  ])("is explicit or not by the word %s", async (word, explicit) => {
    const { podcast } = await read(rss(`<itunes:explicit> ${word} </itunes:explicit>`));
    expect(podcast.explicit).toBe(explicit);
  });

  test("says nothing of that by another word", async () => {
    const { podcast, warnings } = await read(rss("<itunes:explicit>maybe</itunes:explicit>"));
    expect(podcast).not.toHaveProperty("explicit");
    expect(warnings).toEqual(['line 2: itunes:explicit is "maybe", neither yes nor no']);
  });

  test.each([
    ["Q&amp;A", "Q&A"],
    ["Q&amp;amp;A", "Q&A"],
    ["<![CDATA[<p>Part <b class='x'>one</b></p>]]>", "Part one"],
    ["What &lt;p&gt; means, and 1 &lt; 2 &gt; 0", "What <p> means, and 1 < 2 > 0"],
    ["<![CDATA[Q&amp;A]]>", "Q&A"],
    ["<![CDATA[a < b & c]]>", "a < b & c"],
    ["caf&eacute; &#8211; don&#146;t", "café – don’t"],
    ["Fish & Chips &amp; Peas", "Fish & Chips & Peas"],
    ["?page=1&copy=2;", "?page=1&copy=2;"],
    [" two\n lines ", "two lines"],
  ])("has the title that %s means", async (title, meant) => {
    expect((await read(rss("", `<title>${title}</title>`))).podcast.title).toBe(meant);
  });

  test("keeps value blocks that are whole", async () => {
    const { podcast, warnings } = await read(
      rss(`<podcast:value type="lightning" method="keysend" suggested="0.00000005">
        <podcast:valueRecipient name="A" type="node" address="02ab" split="95" customKey="7" customValue="x"/>
        <podcast:valueRecipient type="node" address="03cd" split="5" fee="true"/>
        <podcast:valueRecipient type="node" split="5"/></podcast:value>`),
    );
    expect(podcast.value).toEqual([
      {
        type: "lightning",
        method: "keysend",
        suggested: "0.00000005",
        recipients: [
          {
            name: "A",
            type: "node",
            address: "02ab",
            split: 95,
            custom_key: "7",
            custom_value: "x",
          },
          { type: "node", address: "03cd", split: 5, fee: true },
        ],
      },
    ]);
    expect(warnings).toEqual([
      "/rss/channel: podcast:valueRecipient without type, address or split was left out",
    ]);
  });
});

describe("an episode", () => {
  test("is what its item says", async () => {
    const { episodes, podcast, warnings } = await read(
      rss(
        item(`<description><![CDATA[<p>A &amp; B</p>]]></description><pubDate>Mon, 01 Jan 2024 06:00:00 EST</pubDate>
          <itunes:duration>1:02:03</itunes:duration><itunes:season>0</itunes:season><itunes:episode>12</itunes:episode>
          <podcast:season name="The Beginning">0</podcast:season><itunes:episodeType>Bonus</itunes:episodeType>
          <itunes:explicit>yes</itunes:explicit><itunes:image href="https://harbour.example/1.jpg"/>
          <podcast:chapters url="https://harbour.example/1.json" type="application/json+chapters"/>
          <podcast:transcript url="https://harbour.example/1.vtt" type="text/vtt" language="EN" rel="captions"/>
          <psc:chapters><psc:chapter start="00:01:00.500" title="Second" href="/second"/><psc:chapter start="0" title="First"/><psc:chapter start="soon" title="?"/></psc:chapters>`),
      ),
    );
    expect(episodes).toEqual([
      {
        kind: "episode",
        id: "urn:x:1",
        ids: { episode_guid: "urn:x:1" },
        title: "One",
        description: "<p>A &amp; B</p>",
        season: 0,
        season_name: "The Beginning",
        episode_number: 12,
        episode_type: "bonus",
        duration_ms: 3_723_000,
        published_at: "2024-01-01T11:00:00Z",
        explicit: true,
        enclosure_url: "https://harbour.example/1.mp3",
        enclosure_type: "audio/mpeg",
        enclosure_bytes: 1000,
        podcast: { kind: "podcast", id: podcast.id },
        chapters: [
          { start_ms: 0, title: "First" },
          { start_ms: 60_500, title: "Second", url: "https://harbour.example/second" },
        ],
        chapters_url: "https://harbour.example/1.json",
        transcripts: [
          {
            url: "https://harbour.example/1.vtt",
            media_type: "text/vtt",
            language: "en",
            rel: "captions",
          },
        ],
        images: [{ url: "https://harbour.example/1.jpg", image_type: "front" }],
      },
    ]);
    expect(warnings).toEqual([
      '/rss/channel/item[1]: a chapter whose start is "soon" was left out',
    ]);
  });

  test.each([
    ["an address", "<guid>https://a.example/?p=1</guid>", "https://a.example/?p=1"],
    [
      "a UUID",
      "<guid>0f9a4a3e-1d1c-4d4b-9d5e-2d7c2b8f0a11</guid>",
      "0f9a4a3e-1d1c-4d4b-9d5e-2d7c2b8f0a11",
    ],
    ["a number, within its podcast", "<guid> 12 </guid>", "https://harbour.example#12"],
    ["none, by its enclosure", "", "https://harbour.example/1.mp3"],
  ])("is known by its guid: %s", async (_, guid, id) => {
    expect((await read(rss(item("", guid)))).episodes.map((each) => each.id)).toEqual([id]);
  });

  test("without guid and enclosure is known by its link and date", async () => {
    const { episodes, warnings } = await read(
      rss(`${item()}<item><title>Two</title><link>/two</link><pubDate>2024-01-01</pubDate></item>`),
    );
    expect(episodes[1]?.id).toBe(
      "https://harbour.example#https://harbour.example/two 2024-01-01T00:00:00Z",
    );
    expect(warnings).toEqual([
      "/rss/channel/item[2]: no enclosure: an episode without anything to hear",
      "/rss/channel/item[2]: no guid: known by its enclosure, or its link and date",
    ]);
  });

  test("of a guid that several items bear is known by its enclosure, whichever comes first", async () => {
    const [a, b] = ["a", "b"].map(
      (each) =>
        `<item><title>${each}</title><guid>same</guid><enclosure url="https://x.example/${each}.mp3"/></item>`,
    );
    const ids = async (...items: (string | undefined)[]) =>
      (await read(rss(items.join("")))).episodes.map(({ id }) => id);
    expect(await ids(a, b)).toEqual(["https://x.example/a.mp3", "https://x.example/b.mp3"]);
    expect(await ids(b, a)).toEqual(["https://x.example/b.mp3", "https://x.example/a.mp3"]);
  });

  test("that comes twice is taken once", async () => {
    const { episodes, warnings } = await read(rss(item() + item()));
    expect(episodes).toHaveLength(1);
    expect(warnings).toEqual([
      '/rss/channel/item[2]: the episode "urn:x:1" comes again: the first one was taken',
    ]);
  });

  test("without a title claims no more than it says", async () => {
    const { episodes, warnings } = await read(
      rss('<item><guid>urn:x:9</guid><enclosure url="https://x.example/9.mp3"/></item>'),
    );
    expect(episodes[0]).toMatchObject({ scope: "partial", id: "urn:x:9" });
    expect(warnings).toEqual(["/rss/channel/item[1]: no title"]);
  });

  test("is found by addresses relative to xml:base, else to the website", async () => {
    const { episodes } = await read(
      rss(
        '<item xml:base="https://cdn.example/a/"><title>t</title><enclosure url="b.mp3"/></item><item><title>u</title><enclosure url="/c.mp3"/></item>',
      ),
    );
    expect(episodes.map((each) => each.enclosure_url)).toEqual([
      "https://cdn.example/a/b.mp3",
      "https://harbour.example/c.mp3",
    ]);
  });

  test.each([
    [
      "a link of Atom",
      '<atom:link rel="enclosure" href="https://x.example/1.mp3" type="audio/mpeg" length="5"/>',
    ],
    [
      "media:content",
      '<media:group><media:content url="https://x.example/1.mp3" type="audio/mpeg" fileSize="5"/></media:group>',
    ],
    [
      "the default alternate enclosure",
      '<podcast:alternateEnclosure type="audio/opus" length="6"><podcast:source uri="https://x.example/1.opus"/></podcast:alternateEnclosure><podcast:alternateEnclosure type="audio/mpeg" length="5" default="true"><podcast:source uri="ipfs://x"/><podcast:source uri="https://x.example/1.mp3"/></podcast:alternateEnclosure>',
    ],
  ])("without an enclosure is heard by %s", async (_, more) => {
    const { episodes } = await read(
      rss(`<item><title>t</title><guid>urn:x:2</guid>${more}</item>`),
    );
    expect(episodes[0]).toMatchObject({
      enclosure_url: "https://x.example/1.mp3",
      enclosure_type: "audio/mpeg",
      enclosure_bytes: 5,
    });
  });

  test("has the first enclosure; pictures are none", async () => {
    const { episodes, warnings } = await read(
      rss(
        '<item><title>t</title><guid>urn:x:3</guid><enclosure url="https://x.example/1.jpg" type="image/jpeg"/><enclosure url="https://x.example/1.mp3" length="0"/><enclosure url="https://x.example/2.mp3"/></item>',
      ),
    );
    expect(episodes[0]?.enclosure_url).toBe("https://x.example/1.mp3");
    expect(episodes[0]).not.toHaveProperty("enclosure_bytes");
    expect(warnings).toEqual(["/rss/channel/item[1]: 1 more enclosures were passed over"]);
  });

  test("is none in a feed to be read", async () => {
    const { episodes, podcast, warnings } = await read(
      rss("<item><title>t</title><guid>urn:x:4</guid></item>"),
    );
    expect(podcast.title).toBe("Harbour Talk");
    expect(episodes).toEqual([]);
    expect(warnings).toEqual([
      "/rss/channel: no item has an enclosure: a feed to be read, not heard; its 1 items are no episodes",
    ]);
  });

  test("keeps what is not a number out of its numbers", async () => {
    const { episodes, warnings } = await read(
      rss(
        item(
          "<itunes:season>two</itunes:season><itunes:episode>007</itunes:episode><itunes:episodeType>special</itunes:episodeType>",
        ),
      ),
    );
    expect(episodes[0]).toMatchObject({ episode_number: 7 });
    expect(episodes[0]).not.toHaveProperty("season");
    expect(warnings).toEqual([
      'line 2: itunes:season is "two", no number',
      '/rss/channel/item[1]: itunes:episodeType is "special"',
    ]);
  });
});

describe("persons", () => {
  test("are mentions before what credits them; the address says who it is, else the name within the podcast", async () => {
    const { records, episodes } = await read(
      rss(
        `<podcast:person role="Host" href="https://who.example/ada" img="https://who.example/ada.jpg">Ada</podcast:person>${item(
          `<podcast:person>Bo  Smith</podcast:person><podcast:person role="Guest" group="Cast" href="https://who.example/ada">Ada L.</podcast:person><podcast:person role="editor" href="https://who.example/ada">Ada L.</podcast:person>`,
        )}`,
      ),
    );
    expect(records.map(({ kind, id }) => `${kind} ${id}`)).toEqual([
      "artist https://who.example/ada",
      "podcast https://harbour.example",
      "artist https://harbour.example#bo smith",
      "episode urn:x:1",
    ]);
    expect(records[0]).toEqual({
      kind: "artist",
      id: "https://who.example/ada",
      scope: "mention",
      name: "Ada",
      images: [{ url: "https://who.example/ada.jpg" }],
    });
    expect(episodes[0]?.credits).toEqual([
      {
        contributor: { kind: "artist", id: "https://harbour.example#bo smith" },
        role: "host",
        position: 1,
      },
      {
        contributor: { kind: "artist", id: "https://who.example/ada" },
        role: "guest",
        position: 2,
        attributes: ["cast"],
      },
      {
        contributor: { kind: "artist", id: "https://who.example/ada" },
        role: "editor",
        position: 3,
      },
    ]);
  });
});

describe("other formats of feeds", () => {
  test("Atom", async () => {
    const { items, podcast, episodes } =
      await read(`<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><id>urn:f</id><title type="html">T &amp;amp; U</title><subtitle>s</subtitle>
      <updated>2024-02-01T00:00:00Z</updated><link href="https://x.example/"/><link rel="self" href="https://x.example/atom"/><author><name>N</name></author><rights>R</rights>
      <entry><id>urn:e:1</id><title>E</title><published>2024-01-01T00:00:00+02:00</published><summary>S</summary><link rel="enclosure" type="audio/mpeg" length="9" href="https://x.example/e.mp3"/></entry></feed>`);
    expect(items[0]).toEqual({ about: { version: "Atom 1.0", statedAt: "2024-02-01T00:00:00Z" } });
    expect(podcast).toMatchObject({
      id: "https://x.example/atom",
      title: "T & U",
      author: "N",
      description: "s",
      copyright: "R",
      language: "de",
      website_url: "https://x.example/",
    });
    expect(episodes).toEqual([
      {
        kind: "episode",
        id: "urn:e:1",
        ids: { episode_guid: "urn:e:1" },
        title: "E",
        description: "S",
        published_at: "2023-12-31T22:00:00Z",
        enclosure_url: "https://x.example/e.mp3",
        enclosure_type: "audio/mpeg",
        enclosure_bytes: 9,
        podcast: { kind: "podcast", id: "https://x.example/atom" },
      },
    ]);
  });

  test("RSS 1.0", async () => {
    const { items, podcast, episodes } =
      await read(`<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:media="http://search.yahoo.com/mrss/" xmlns:dc="http://purl.org/dc/elements/1.1/">
      <channel rdf:about="https://x.example/"><title>T</title><link>https://x.example/</link><dc:language>fr</dc:language><items><rdf:Seq><rdf:li rdf:resource="https://x.example/1"/></rdf:Seq></items></channel>
      <item rdf:about="https://x.example/1"><title>E</title><link>https://x.example/1</link><dc:date>2005-01-01T00:00Z</dc:date><media:content url="https://x.example/1.mp3" type="audio/mpeg"/></item></rdf:RDF>`);
    expect(items[0]).toEqual({ about: { version: "RSS 1.0" } });
    expect(podcast).toMatchObject({ id: "https://x.example", title: "T", language: "fr" });
    expect(episodes).toMatchObject([
      {
        id: "https://x.example/1",
        title: "E",
        published_at: "2005-01-01T00:00:00Z",
        enclosure_url: "https://x.example/1.mp3",
      },
    ]);
  });

  test("JSON Feed", async () => {
    const feed = {
      version: "https://jsonfeed.org/version/1.1",
      title: "T",
      home_page_url: "https://x.example/",
      feed_url: "https://x.example/f.json",
      language: "en",
      authors: [{ name: "N" }],
      items: [
        {
          id: "7",
          title: "E",
          content_text: "S",
          date_published: "2024-01-01T00:00:00Z",
          attachments: [
            {
              url: "https://x.example/7.mp3",
              mime_type: "audio/mpeg",
              size_in_bytes: 5,
              duration_in_seconds: 61.5,
            },
          ],
        },
      ],
    };
    const { items, podcast, episodes } = await read(JSON.stringify(feed), "f.json");
    expect(items[0]).toEqual({ about: { version: "JSON Feed 1.1" } });
    expect(podcast).toMatchObject({ id: "https://x.example/f.json", title: "T", author: "N" });
    expect(episodes).toMatchObject([
      {
        id: "https://x.example/f.json#7",
        duration_ms: 61_500,
        enclosure_bytes: 5,
        published_at: "2024-01-01T00:00:00Z",
      },
    ]);
  });

  test("are told with their version", async () => {
    const { items } = await read('<rss version="0.92"><channel><title>t</title></channel></rss>');
    expect(items[0]).toEqual({ about: { version: "RSS 0.92" } });
  });
});

test("a feed that holds later episodes than its own date does not say when it was made", async () => {
  const { items } = await read(
    rss(
      `<lastBuildDate>Mon, 01 Jan 2024 00:00:00 GMT</lastBuildDate>${item("<pubDate>Tue, 02 Jan 2024 00:00:00 GMT</pubDate>")}`,
    ),
  );
  expect(items[0]).toEqual({ about: { version: "RSS 2.0" } });
});

test("reading a feed twice yields the same", async () => {
  const feed = rss(item("<podcast:person>Bo</podcast:person>") + item("", ""));
  expect((await read(feed)).items).toEqual((await read(feed)).items);
});
