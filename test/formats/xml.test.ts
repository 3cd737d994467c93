import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import iconv from "iconv-lite";
import { describe, expect, test, vi } from "vitest";
import { FormatError, type Input } from "../../formats/index.ts";
import { childrenOf, readElements, rootOf, textOf, type XmlElement } from "../../formats/xml.ts";

/** An input of these chunks, as they are. */
function inChunks(chunks: () => Iterable<Buffer>): Input {
  return {
    name: "document",
    open: async function* () {
      yield* chunks();
    },
  };
}

function* cut(bytes: Buffer, size: number): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const inputOf = (document: string | Buffer, size = 1 << 20): Input =>
  inChunks(() => cut(Buffer.from(document), size));

const SECOND = (path: readonly string[]) => path.length === 2;

async function elementsOf(
  input: Input,
  options: Partial<Parameters<typeof readElements>[1]> = {},
): Promise<XmlElement[]> {
  const found: XmlElement[] = [];
  for await (const element of readElements(input, { take: SECOND, ...options }))
    found.push(element);
  return found;
}

async function faultOf(input: Input, options = {}): Promise<FormatError> {
  try {
    await elementsOf(input, options);
  } catch (error) {
    if (error instanceof FormatError) return error;
    throw error;
  }
  throw new Error("it was taken");
}

const DOCUMENT = `<?xml version="1.0" encoding="UTF-8"?>
<!-- a comment -->
<list xmlns:x="urn:x" xmlns="urn:d">
  <item id="1" x:id="2">Häns &amp; Grëtel &#8531; <![CDATA[<b>]]]]><![CDATA[>]]> 𝄞</item>
  <x:item a='"'><name>one</name><!-- not this --><name>two<?pi not that?></name></x:item>
  <item/>
</list>
`;

describe("the wanted elements", () => {
  test("are the same wherever the bytes are cut", async () => {
    const whole = await elementsOf(inputOf(DOCUMENT));
    expect(whole.map(({ name, uri, path, line }) => [name, uri, path, line])).toEqual([
      ["item", "urn:d", "/list/item[1]", 4],
      ["item", "urn:x", "/list/item[2]", 5],
      ["item", "urn:d", "/list/item[3]", 6],
    ]);
    for (const size of [1, 2, 3, 5, 7, 11]) {
      expect(await elementsOf(inputOf(DOCUMENT, size)), `chunks of ${size}`).toEqual(whole);
    }
  });

  test("have their text in its order: references, CDATA, no comments", async () => {
    const [first, second, third] = await elementsOf(inputOf(DOCUMENT));
    expect(textOf(first)).toBe("Häns & Grëtel ⅓ <b>]]> 𝄞");
    expect(first?.attributes).toEqual({ id: "2" });
    expect(second?.attributes).toEqual({ a: '"' });
    expect(childrenOf(second as XmlElement, "name").map(textOf)).toEqual(["one", "two"]);
    expect(textOf(second)).toBe("onetwo");
    expect(textOf(third)).toBeUndefined();
  });

  test("are those that are asked for; what is inside them is part of them", async () => {
    const nested = "<a><b><c>1</c></b><d><b><c>2</c></b></d></a>";
    const take = (path: readonly string[]) => path.at(-1) === "c" || path.at(-1) === "d";
    const found = await elementsOf(inputOf(nested), { take });
    expect(found.map(({ path }) => path)).toEqual(["/a/b[1]/c[1]", "/a/d[1]"]);
    expect(textOf(found[1])).toBe("2");
  });

  test("come while the document is being read, not at its end", async () => {
    let given = 0;
    const input = inChunks(function* () {
      yield Buffer.from("<list>");
      for (given = 1; given <= 1000; given += 1) yield Buffer.from(`<item>${given}</item>`);
      yield Buffer.from("</list>");
    });
    let taken = 0;
    for await (const element of readElements(input, { take: SECOND })) {
      taken += 1;
      expect(textOf(element)).toBe(String(taken));
      expect(given - taken).toBeLessThan(20);
    }
    expect(taken).toBe(1000);
  });

  test("are let go when they have been taken", async () => {
    setFlagsFromString("--expose-gc");
    const gc = runInNewContext("gc") as () => void;
    const input = inChunks(function* () {
      yield Buffer.from("<list>");
      for (let item = 0; item < 60; item += 1) {
        yield Buffer.from(`<item><text>${"x".repeat(100_000)}</text></item>`);
      }
      yield Buffer.from("</list>");
    });
    const held: WeakRef<XmlElement>[] = [];
    for await (const element of readElements(input, { take: SECOND })) {
      held.push(new WeakRef(element));
      // What a WeakRef shows stays alive until the turn ends.
      await new Promise((resolve) => setImmediate(resolve));
      gc();
    }
    expect(held).toHaveLength(60);
    expect(held.filter((each) => each.deref() !== undefined).length).toBeLessThan(5);
  });

  test("may be an unbounded number of siblings in passed-over elements", async () => {
    const many = `<a>${"<b><c/></b>".repeat(50_000)}<d>x</d></a>`;
    const found = await elementsOf(inputOf(many), { take: (path) => path.at(-1) === "d" });
    expect(found.map(textOf)).toEqual(["x"]);
  });
});

describe("namespaces", () => {
  test("go by their address, not by their prefix", async () => {
    const found = await elementsOf(inputOf('<l xmlns:p="urn:1"><p:i/><i xmlns="urn:1"/></l>'));
    expect(found.map(({ name, uri }) => [name, uri])).toEqual([
      ["i", "urn:1"],
      ["i", "urn:1"],
    ]);
  });

  test("that are not declared are refused", async () => {
    expect(await faultOf(inputOf("<l><p:i/></l>"))).toMatchObject({ code: "JB243" });
  });
});

describe("a document that is not whole", () => {
  test("is refused wherever it ends", async () => {
    const bytes = Buffer.from(DOCUMENT.trimEnd());
    for (let length = 0; length < bytes.length; length += 1) {
      expect(await faultOf(inputOf(bytes.subarray(0, length))), `at ${length}`).toMatchObject({
        code: expect.stringMatching(/^JB24[23]$/),
        file: "document",
      });
    }
    expect(await elementsOf(inputOf(bytes))).toHaveLength(3);
  });

  test.each([
    ["two roots", "<a/><b/>"],
    ["text behind the root", "<a/>text"],
    ["tags that do not match", "<a><b></a></b>"],
    ["an attribute twice", '<a><b c="1" c="2"/></a>'],
    ["an attribute without quotes", "<a><b c=1/></a>"],
    ["a bare ampersand", "<a><b>this & that</b></a>"],
    ["an entity nobody declared", "<a><b>&eacute;</b></a>"],
    ["a control character", "<a><b>\u0001</b></a>"],
    ["a reference to a control character", "<a><b>&#1;</b></a>"],
    ["a reference beyond Unicode", "<a><b>&#x110000;</b></a>"],
    ["HTML", "<!DOCTYPE html><html><body><p>one<p>two</body></html>"],
  ])("is refused: %s", async (_, document) => {
    const fault = await faultOf(inputOf(document));
    expect(fault).toMatchObject({ code: "JB243", line: 1 });
    expect(fault.reason).toMatch(/^not well-formed XML: /);
    expect(fault.hint).not.toBe("");
  });

  test("is refused with the line of the fault", async () => {
    expect(await faultOf(inputOf("<a>\n<b>\n</a>"))).toMatchObject({ line: 3 });
  });
});

describe("a DTD", () => {
  const billion = `<!DOCTYPE a [<!ENTITY l "lol">${Array.from(
    { length: 9 },
    (_, n) => `<!ENTITY l${n + 1} "${`&l${n || ""};`.repeat(10)}">`,
  ).join("")}]><a><b>&l9;</b></a>`;

  test.each([
    ["of entities in entities", billion],
    ["of a file", '<!DOCTYPE a [<!ENTITY f SYSTEM "file:///etc/passwd">]><a><b>&f;</b></a>'],
    ["of an address", '<!DOCTYPE a [<!ENTITY f SYSTEM "http://localhost:1/">]><a><b>&f;</b></a>'],
    ["of a parameter entity", '<!DOCTYPE a [<!ENTITY % p SYSTEM "http://localhost:1/"> %p;]><a/>'],
    ["in small letters", '<!DOCTYPE a [<!entity f "x">]><a/>'],
  ])("that declares entities is refused: %s", async (_, document) => {
    expect(await faultOf(inputOf(document))).toMatchObject({ code: "JB248" });
  });

  test("elsewhere is never fetched, and its entities are not known", async () => {
    const fetched = vi.spyOn(globalThis, "fetch");
    const external = '<!DOCTYPE a SYSTEM "http://localhost:1/a.dtd"><a><b>x</b></a>';
    expect((await elementsOf(inputOf(external))).map(textOf)).toEqual(["x"]);
    const entity = '<!DOCTYPE a PUBLIC "-//x" "http://localhost:1/a.dtd"><a><b>&x;</b></a>';
    expect(await faultOf(inputOf(entity))).toMatchObject({ code: "JB243" });
    expect(fetched).not.toHaveBeenCalled();
    fetched.mockRestore();
  });

  test("may be stood in for by entities that the format knows", async () => {
    const found = await elementsOf(inputOf("<a><b>caf&eacute;</b></a>"), {
      entities: { eacute: "é" },
    });
    expect(found.map(textOf)).toEqual(["café"]);
    expect(await faultOf(inputOf("<a><b>caf&eacute;</b></a>"))).toMatchObject({ code: "JB243" });
  });
});

describe("what is beyond the limits is refused before it is held", () => {
  const MEBI = 1 << 20;
  const piece = Buffer.alloc(MEBI / 16, "x");
  /** So many pieces between a beginning and an end; counts what was read of it. */
  const large = (before: string, after: string, pieces: number, filling = piece) => {
    const read = { pieces: 0 };
    const input = inChunks(function* () {
      yield Buffer.from(before);
      for (read.pieces = 0; read.pieces < pieces; read.pieces += 1) yield filling;
      yield Buffer.from(after);
    });
    return { input, read };
  };

  test.each([
    ["a text inside a wanted element", "<a><b>", "</b></a>"],
    ["a text that is passed over", "<a>", "</a>"],
    ["an attribute", '<a><b c="', '"/></a>'],
    ["a comment", "<a><!--", "--></a>"],
    ["CDATA", "<a><b><![CDATA[", "]]></b></a>"],
    ["a processing instruction", "<a><?p ", "?></a>"],
    ["the name of a tag", "<a><", "/></a>"],
    ["a DTD", "<!DOCTYPE a [<!-- ", " -->]><a/>"],
  ])("so much without a tag: %s", async (_, before, after) => {
    const { input, read } = large(before, after, 40);
    const fault = await faultOf(input, { limit: MEBI });
    expect(fault).toMatchObject({ code: "JB244", reason: /1 MiB/ });
    expect(read.pieces).toBeLessThan(20);
    const whole = large(before, after, 8);
    const outcome = await elementsOf(whole.input, { limit: MEBI }).catch((error) => error.reason);
    expect(String(outcome)).not.toMatch(/MiB/);
  });

  test("an attribute of 70 MiB: the limit is 64 unless told otherwise", async () => {
    const { input, read } = large('<a><b c="', '"/></a>', 70 * 16);
    expect(await faultOf(input)).toMatchObject({
      code: "JB244",
      reason: "more than 64 MiB without a tag",
    });
    expect(read.pieces).toBeLessThan(65 * 16);
  });

  test("one wanted element of however many small ones", async () => {
    const { input, read } = large("<a><b>", "</b></a>", 40, Buffer.from("<c/>".repeat(1 << 12)));
    expect(await faultOf(input, { limit: MEBI })).toMatchObject({
      code: "JB244",
      reason: "an element is larger than 1 MiB",
    });
    expect(read.pieces).toBeLessThan(10);
  });

  test("a text in many pieces, since a comment is no tag", async () => {
    const filling = Buffer.from(`${"x".repeat(MEBI / 16)}<!---->`);
    const { input } = large("<a><b>", "</b></a>", 40, filling);
    expect(await faultOf(input, { limit: MEBI })).toMatchObject({ code: "JB244" });
  });

  test("a hundred levels, whether wanted or not", async () => {
    const nested = (levels: number) => `${"<a>".repeat(levels)}${"</a>".repeat(levels)}`;
    expect(await elementsOf(inputOf(nested(100)))).toHaveLength(1);
    expect(await faultOf(inputOf(nested(101)))).toMatchObject({ code: "JB244" });
    expect(await faultOf(inputOf("<a>".repeat(1_000_000)))).toMatchObject({ code: "JB244" });
  });
});

describe("the encoding", () => {
  const document = (encoding: string) =>
    `<?xml version="1.0" encoding="${encoding}"?><a><b>Ärger, Ďábel €</b></a>`;
  const read = async (bytes: Buffer, options = {}) =>
    (await elementsOf(inputOf(bytes, 3), options)).map(textOf);

  test("is that of the byte order mark, whatever is declared", async () => {
    for (const encoding of ["utf-8", "utf-16le", "utf-16be", "utf-32le"]) {
      const bytes = iconv.encode(document("ISO-8859-1"), encoding, { addBOM: true });
      expect(await read(bytes), encoding).toEqual(["Ärger, Ďábel €"]);
    }
  });

  test("is UTF-16 where the bytes are, without a mark too", async () => {
    for (const encoding of ["utf-16le", "utf-16be"]) {
      expect(await read(iconv.encode(document("UTF-16"), encoding))).toEqual(["Ärger, Ďábel €"]);
    }
  });

  test("is the declared one", async () => {
    for (const encoding of ["ISO-8859-2", "windows-1250", "utf-8"]) {
      const text = document(encoding).replace("€", "");
      expect(await read(iconv.encode(text, encoding)), encoding).toEqual(["Ärger, Ďábel"]);
    }
  });

  test("is what the format says when nobody else does, else UTF-8", async () => {
    const bare = "<a><b>Ä</b></a>";
    expect(await read(Buffer.from(bare, "latin1"), { encoding: "latin1" })).toEqual(["Ä"]);
    expect(await read(Buffer.from(bare), {})).toEqual(["Ä"]);
  });

  test("that is declared but not kept is refused", async () => {
    const latin = Buffer.from(document("UTF-8").replace(/[Ď€]/g, ""), "latin1");
    expect(await faultOf(inputOf(latin))).toMatchObject({ code: "JB242", reason: /not UTF-8/ });
    // Declared as UTF-16, though one byte is one letter: such files exist, and are refused rather than guessed at.
    const fault = await faultOf(inputOf(document("UTF-16")));
    expect(fault.code).toMatch(/^JB24[23]$/);
  });

  test("that nobody knows is refused", async () => {
    expect(await faultOf(inputOf(document("KLINGON-1")))).toMatchObject({
      code: "JB242",
      reason: 'declares the unknown encoding "KLINGON-1"',
    });
  });

  test("does not let a NUL through", async () => {
    expect(await faultOf(inputOf("<a><b>\0</b></a>"))).toMatchObject({ code: "JB242" });
  });
});

describe("the root", () => {
  test("is told from the beginning of a document, and nothing else", () => {
    expect(rootOf('<?xml version="1.0"?><!-- --><x:a xmlns:x="urn:x" b="c"><d')).toEqual({
      name: "a",
      uri: "urn:x",
      attributes: { b: "c" },
    });
    expect(rootOf("\uFEFF <a>")).toMatchObject({ name: "a" });
    for (const text of ["", "{}", "text <a>", "<", "<?xml", "<!-- <a> -->", "<a b=", "<a"]) {
      expect(rootOf(text), text).toBeUndefined();
    }
  });
});
