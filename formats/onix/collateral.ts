import { known, someOf } from "../known.ts";
import type { Image } from "../record.ts";
import { childOf, childrenOf, type XmlElement } from "../xml.ts";
import { MEDIA_FILES, RESOURCES } from "./lists.ts";
import { plainText } from "./plain-text.ts";
import { all, count, inBlock, meaning, textAt, textsAt } from "./read.ts";

/** Descriptions, the best first. List 153: description, short description, abstract; list 33 (2.1): main, long, short. */
const TEXT_TYPES = ["03", "02", "30"];
const OTHER_TEXT_TYPES = ["01", "03", "02"];

/** List 154: for the trade only (booksellers, librarians, the press). */
const RESTRICTED = ["01", "02", "04", "05", "06"];

/** What the product is about, as plain text. */
export function descriptionOf(product: XmlElement): string | undefined {
  const block = inBlock(product, "CollateralDetail");
  const texts = all(block, "TextContent").filter((each) => {
    const audiences = textsAt(each, "ContentAudience");
    return audiences.length === 0 || audiences.some((code) => !RESTRICTED.includes(code));
  });
  const found =
    ofTypes(texts, "TextType", TEXT_TYPES) ??
    ofTypes(all(block, "OtherText"), "TextTypeCode", OTHER_TEXT_TYPES);
  if (found !== undefined) return found;
  const [annotation] = [...all(block, "MainDescription"), ...all(block, "Annotation")];
  return annotation && plainText(annotation, annotation.attributes.textformat);
}

function ofTypes(holders: XmlElement[], tag: string, types: string[]): string | undefined {
  for (const type of types) {
    for (const holder of holders.filter((each) => textAt(each, tag) === type)) {
      const text = childOf(holder, "Text");
      const format = text?.attributes.textformat ?? textAt(holder, "TextFormat");
      const plain = text && plainText(text, format);
      if (plain !== undefined) return plain;
    }
  }
  return undefined;
}

/** Pictures of the product that have an address: SupportingResource in 3.x, MediaFile in 2.1. */
export function imagesOf(product: XmlElement): Image[] | undefined {
  const block = inBlock(product, "CollateralDetail");
  const resources = all(block, "SupportingResource").flatMap((resource) => {
    const image_type = meaning(RESOURCES, textAt(resource, "ResourceContentType"));
    // List 159: 03 is a still image.
    if (!image_type || (textAt(resource, "ResourceMode") ?? "03") !== "03") return [];
    return all(resource, "ResourceVersion").flatMap((version) =>
      textsAt(version, "ResourceLink").map((url) =>
        known<Image>({
          url,
          image_type,
          width: count(feature(version, "03")),
          height: count(feature(version, "02")),
        }),
      ),
    );
  });
  const files = all(block, "MediaFile").flatMap((file) => {
    const image_type = meaning(MEDIA_FILES, textAt(file, "MediaFileTypeCode"));
    return image_type ? textsAt(file, "MediaFileLink").map((url) => ({ url, image_type })) : [];
  });
  const images = [...resources, ...files].filter(
    ({ url }) => /^https?:\/\/\S+$/.test(url) && url.length <= 2000,
  );
  return someOf([...new Map(images.map((image) => [image.url, image])).values()]);
}

/** List 162, features of a file: height (02) and width (03) in pixels. */
function feature(version: XmlElement, type: string): string | undefined {
  const found = childrenOf(version, "ResourceVersionFeature").find(
    (each) => textAt(each, "ResourceVersionFeatureType") === type,
  );
  return textAt(found, "FeatureValue");
}
