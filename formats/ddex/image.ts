import { known } from "../known.ts";
import type { Image } from "../record.ts";
import { childOf, childrenOf, type XmlElement } from "../xml.ts";
import { term, text, words } from "./text.ts";
import { every, viewOf } from "./view.ts";

/**
 * The pictures of an Image resource that can be fetched: those whose file is named by an http address. A file that is
 * named as it lies beside the message cannot be fetched by anybody, and is left out.
 */
export function imagesOf(element: XmlElement): Image[] {
  const view = viewOf(element);
  const [type] = every(view, "Type", "ImageType").flatMap((each) => term(each) ?? []);
  return every(view, "TechnicalDetails", "TechnicalImageDetails").flatMap((details) =>
    childrenOf(details, "File").flatMap((file) => {
      const url = address(file);
      if (url === undefined) return [];
      return [
        known<Image>({
          url,
          image_type: type && imageType(type),
          width: pixels(details, "ImageWidth"),
          height: pixels(details, "ImageHeight"),
        }),
      ];
    }),
  );
}

function address(file: XmlElement): string | undefined {
  const path = text(childOf(file, "FilePath")) ?? "";
  const name = text(childOf(file, "FileName"));
  const joined = name === undefined ? path : `${path.replace(/\/?$/, "/")}${name}`;
  const stated = [text(childOf(file, "URI")), text(childOf(file, "URL")), joined];
  return stated.find(
    (each) => each !== undefined && /^https?:\/\/\S+$/.test(each) && each.length <= 2000,
  );
}

/** FrontCoverImage is front, BackCoverImage back; others are said in words. */
function imageType(type: string): string {
  return words(type.replace(/^(Front|Back)CoverImage$/, "$1"));
}

function pixels(details: XmlElement, name: string): number | undefined {
  const size = Math.round(Number(text(childOf(details, name))));
  return size >= 1 && size <= 0x7fffffff ? size : undefined;
}
