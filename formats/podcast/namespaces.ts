import type { ItunesNs, MediaNs, PodcastNs, PscNs } from "feedsmith";
import type { Image } from "../record.ts";
import type { Enclosure, FeedItem, Person, ValueBlock } from "./feed.ts";

/** Categories of the itunes namespace, each before those inside it, every one once. */
export function itunesCategories(categories: ItunesNs.Category[] = []): string[] {
  const names = categories.flatMap(({ text, categories: inner }) => [
    ...(text === undefined ? [] : [text]),
    ...itunesCategories(inner),
  ]);
  return [...new Set(names)];
}

/** podcast:person. */
export function personsOf(persons: PodcastNs.Person[] = []): Person[] {
  return persons.flatMap(({ display, img, ...rest }) =>
    display === undefined ? [] : [{ ...rest, name: display, image: img }],
  );
}

/** podcast:value, with its recipients; time splits are passed over. */
export function valuesOf(values: PodcastNs.Value[] = []): ValueBlock[] {
  return values.map(({ type, method, suggested, valueRecipients = [] }) => ({
    type,
    method,
    suggested: suggested === undefined ? undefined : decimal(suggested),
    recipients: valueRecipients,
  }));
}

/** A number without an exponent: amounts of Bitcoin are as small as 0.00000001. */
function decimal(amount: number): string {
  const text = String(amount);
  return text.includes("e") ? amount.toFixed(20).replace(/0+$/, "") : text;
}

/** podcast:image and the older podcast:images. */
export function imagesOf(images: PodcastNs.Image[] = []): Image[] {
  return images.flatMap(({ href, purpose, width, height }) =>
    href === undefined
      ? []
      : [
          {
            url: href,
            ...(purpose && { image_type: purpose.toLowerCase() }),
            ...sizes(width, height),
          },
        ],
  );
}

/** A picture with its type, when it has an address. */
export function image(
  url: string | undefined,
  type: string | undefined,
  width?: number,
  height?: number,
): Image | undefined {
  if (url === undefined) return undefined;
  return { url, ...(type !== undefined && { image_type: type }), ...sizes(width, height) };
}

function sizes(width: number | undefined, height: number | undefined): Partial<Image> {
  return { ...(isSize(width) && { width }), ...(isSize(height) && { height }) };
}

function isSize(size: number | undefined): size is number {
  return Number.isInteger(size) && (size as number) > 0 && (size as number) < 2 ** 31;
}

/** psc:chapter (Podlove Simple Chapters). */
export function chaptersOf(item: PscNs.Item | undefined): FeedItem["chapters"] {
  return (item?.chapters ?? []).map(({ start, title, href, image: picture }) => ({
    start,
    title,
    url: href,
    image: picture,
  }));
}

/** The sound and video of media:content, in its groups or not. */
export function mediaEnclosures(media: MediaNs.ItemOrFeed | undefined): Enclosure[] {
  const contents = [
    ...(media?.contents ?? []),
    ...(media?.groups ?? []).flatMap((group) => group.contents ?? []),
  ];
  return contents
    .filter(({ type, medium }) => /^(?:audio|video)/.test(type ?? medium ?? ""))
    .map(({ url, type, fileSize }) => ({ url, type, bytes: fileSize }));
}

/** The first source of podcast:alternateEnclosure that has an address, the default one before others. */
export function alternateEnclosures(alternates: PodcastNs.AlternateEnclosure[] = []): Enclosure[] {
  return alternates
    .toSorted((a, b) => Number(b.default ?? false) - Number(a.default ?? false))
    .flatMap(({ sources = [], type, length }) =>
      sources.map(({ uri, contentType }) => ({
        url: uri,
        type: contentType ?? type,
        bytes: length,
      })),
    )
    .filter(({ url }) => /^https?:/i.test(url ?? ""));
}
