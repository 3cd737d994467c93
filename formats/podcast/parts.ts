import type { Chapter, Image, Transcript, Value } from "../record.ts";
import { milliseconds, seconds } from "./duration.ts";
import type { FeedItem, ValueBlock } from "./feed.ts";
import { line } from "./title.ts";
import { webAddress } from "./url.ts";

export type Bases = readonly (string | undefined)[];

/** Whole value blocks; of one that lacks its type or method nothing is kept, and no recipient without type, address and split. */
export function valuesFrom(blocks: readonly ValueBlock[], warn: (text: string) => void): Value[] {
  return blocks.flatMap(({ type, method, suggested, recipients }) => {
    if (type === undefined || method === undefined) {
      warn("podcast:value without a type or method was left out");
      return [];
    }
    const whole = recipients.flatMap((recipient): Value["recipients"] => {
      const { name, type, address, split, fee, customKey, customValue } = recipient;
      if (type === undefined || address === undefined || !isSplit(split)) {
        warn("podcast:valueRecipient without type, address or split was left out");
        return [];
      }
      return [
        {
          ...(name !== undefined && { name }),
          type,
          address,
          split,
          ...(fee !== undefined && { fee }),
          ...(customKey !== undefined && { custom_key: customKey }),
          ...(customValue !== undefined && { custom_value: customValue }),
        },
      ];
    });
    return [{ type, method, ...(suggested !== undefined && { suggested }), recipients: whole }];
  });
}

function isSplit(split: number | undefined): split is number {
  return split !== undefined && split >= 0 && split <= 1_000_000_000;
}

/** Pictures with a whole address, each address once. */
export function imagesFrom(images: readonly (Image | undefined)[], bases: Bases): Image[] {
  const found = new Map<string, Image>();
  for (const image of images) {
    const url = webAddress(image?.url, bases);
    if (url !== undefined && !found.has(url)) found.set(url, { ...image, url });
  }
  return [...found.values()];
}

/** Chapters with a start that can be read, in the order of time; one ends where the next begins. */
export function chaptersFrom(
  chapters: FeedItem["chapters"],
  bases: Bases,
  warn: (text: string) => void,
): Chapter[] {
  return chapters
    .flatMap((chapter): Chapter[] => {
      const start = chapter.start === undefined ? undefined : seconds(chapter.start);
      if (start === undefined) {
        warn(`a chapter whose start is ${JSON.stringify(chapter.start ?? "")} was left out`);
        return [];
      }
      const title = line(chapter.title);
      const url = webAddress(chapter.url, bases);
      const image = webAddress(chapter.image, bases);
      return [
        {
          start_ms: milliseconds(start) ?? 0,
          ...(title !== undefined && { title }),
          ...(url !== undefined && { url }),
          ...(image !== undefined && { image_url: image }),
        },
      ];
    })
    .sort((a, b) => a.start_ms - b.start_ms);
}

/** Transcripts with a whole address. */
export function transcriptsFrom(
  transcripts: readonly Partial<Transcript>[],
  bases: Bases,
): Transcript[] {
  return transcripts.flatMap(({ url, language, ...rest }) => {
    const address = webAddress(url, bases);
    const tag = languageTag(language);
    return address === undefined
      ? []
      : [{ url: address, ...rest, ...(tag !== undefined && { language: tag }) }];
  });
}

/** In characters; BCP 47 needs 35. */
const LONGEST = 100;

/** A language tag (BCP 47) as it should be spelled: "en_us" is en-US. Undefined when it is none. */
export function languageTag(text: string | undefined): string | undefined {
  if (text === undefined || text.length > LONGEST) return undefined;
  try {
    return Intl.getCanonicalLocales(text.trim().replaceAll("_", "-"))[0];
  } catch {
    return undefined;
  }
}
