import { FormatError } from "./error.ts";
import { type Input, readHead } from "./input.ts";
import { moment } from "./onix/date.ts";
import { HTML_ENTITIES } from "./onix/entities.ts";
import { itemsOf } from "./onix/product.ts";
import { textAt } from "./onix/read.ts";
import { referenceName, withReferenceNames } from "./onix/tags.ts";
import type { About, Format, Head, Item } from "./record.ts";
import { headText } from "./text.ts";
import { readElements, rootOf, type XmlElement, type XmlRoot } from "./xml.ts";

/**
 * ONIX for Books 2.1, 3.0 and 3.1 (EDItEUR), with reference names or short tags: each Product becomes a book or an audiobook, its contributors
 * and publishers mentions. Read one product at a time. DTDs are never fetched; the characters that the DTD of 2.1 names are known.
 */
export const onix: Format = {
  name: "onix",
  title: "ONIX for Books 2.1 to 3.1",
  detect: ({ root, text }: Head) => root && versionOf(root, text),
  parse,
};

/** The release: stated by the attribute or by the namespace; else products with blocks are of 3.0 and those without of 2.1. */
function versionOf(root: XmlRoot, text: string): string | undefined {
  const [, inNamespace] = /onix\/(\d\.\d)\/(?:reference|short)$/.exec(root.uri) ?? [];
  if (root.name.toLowerCase() !== "onixmessage") return undefined;
  const stated = root.attributes.release ?? inNamespace;
  if (stated !== undefined) return stated.slice(0, 20);
  return BLOCKS.test(withoutComments(text)) ? "3.0" : "2.1";
}

/** Elements that 2.1 does not have. */
const BLOCKS = /<(?:\w+:)?(?:DescriptiveDetail|descriptivedetail|SentDateTime|x307)[\s>]/;

function withoutComments(text: string): string {
  return text
    .split("-->")
    .map((part) => part.split("<!--", 1)[0])
    .join("");
}

const HEAD_BYTES = 64 * 1024;
const PARTS = ["Header", "Product", "NoProduct"];

async function* parse(input: Input): AsyncGenerator<Item> {
  const text = headText(await readHead(input, HEAD_BYTES));
  const root = rootOf(text);
  const version = root && versionOf(root, text);
  const defaults: { language: string | undefined } = { language: undefined };
  let isTold = false;
  let isEmpty = true;
  const take = (path: readonly string[]) =>
    path.length === 2 && PARTS.includes(referenceName(path[1] ?? ""));
  for await (const raw of readElements(input, { take, entities: HTML_ENTITIES })) {
    const element = withReferenceNames(raw);
    const isHeader = element.name === "Header";
    if (!isTold) {
      isTold = true;
      yield aboutOf(isHeader ? element : undefined, version);
    }
    if (isHeader) defaults.language = textAt(element, "DefaultLanguageOfText");
    else isEmpty = false;
    if (element.name === "Product") yield* itemsOf(element, input.name, defaults);
  }
  if (isEmpty) {
    const hint = "an ONIX message has products, or says that it has none with NoProduct";
    const reason = "the message holds no product";
    throw new FormatError({ code: "JB241", file: input.name, reason, hint });
  }
}

function aboutOf(header: XmlElement | undefined, version: string | undefined): About {
  const statedAt = moment(textAt(header, "SentDateTime") ?? textAt(header, "SentDate"));
  const messageId = textAt(header, "MessageNumber");
  const sender = textAt(header, "Sender", "SenderName") ?? textAt(header, "FromCompany");
  return {
    about: {
      ...(version === undefined ? {} : { version }),
      ...(statedAt === undefined ? {} : { statedAt }),
      ...(messageId === undefined ? {} : { messageId }),
      ...(sender === undefined ? {} : { sender }),
    },
  };
}
