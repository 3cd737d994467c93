import { distinct } from "../known.ts";
import type { Image } from "../record.ts";
import { childrenOf, type XmlElement } from "../xml.ts";
import { imagesOf } from "./image.ts";
import { complete, type Message } from "./message.ts";
import type { Resources } from "./resource.ts";
import { below } from "./stated-release.ts";
import { text } from "./text.ts";

/**
 * The pictures of a release. One that is linked to a recording of it (a screen capture of a video) goes to that recording; a cover
 * linked there is the release's as well.
 */
export function releaseImages(
  message: Message,
  element: XmlElement,
  resources: Resources,
): Image[] {
  const pictures = (each: XmlElement): Image[] => {
    const resource = resources.get(text(each) ?? "");
    return resource?.element.name === "Image" ? imagesOf(resource.element) : [];
  };
  const own = below(element, /^ReleaseResourceReference$/);
  const linked = below(element, /^ResourceGroup$/).flatMap(linkedTo);
  const covers: Image[] = [];
  for (const item of below(element, /^ResourceGroupContentItem$/)) {
    const images = linkedTo(item).flatMap(pictures);
    for (const image of images) if (COVERS.includes(image.image_type ?? "")) covers.push(image);
    for (const each of childrenOf(item, "ReleaseResourceReference")) {
      const { recording } = resources.get(text(each) ?? "") ?? {};
      if (recording && images.length > 0) complete(message, recording.reference, { images }, item);
    }
  }
  return distinct([...[...own, ...linked].flatMap(pictures), ...covers]);
}

const COVERS = ["front", "back"];

/** The links of a group or item itself, and of the groups inside a group. */
function linkedTo(part: XmlElement): XmlElement[] {
  const inside = childrenOf(part, "ResourceGroup").flatMap(linkedTo);
  return [...childrenOf(part, "LinkedReleaseResourceReference"), ...inside];
}
