import type { Chapter } from "../record.ts";
import { childOf, type XmlElement } from "../xml.ts";
import { all, count, inBlock, inSequence, meaning, textAt } from "./read.ts";
import { titlesOf } from "./title.ts";

/** List 23, page counts: main content, content, numbered pages, absolute, notional of a digital product, of the printed counterpart, production. */
const PAGE_COUNTS = ["00", "11", "05", "07", "10", "08", "06"];
const PAGES = "03";

/** The number of pages, of the count that readers mean by it: the main content, else the next best. */
export function pageCount(product: XmlElement): number | undefined {
  const block = inBlock(product, "DescriptiveDetail");
  const extents = all(block, "Extent").filter((each) => textAt(each, "ExtentUnit") === PAGES);
  const counts = PAGE_COUNTS.flatMap((type) => {
    const extent = extents.find((each) => textAt(each, "ExtentType") === type);
    return count(textAt(extent, "ExtentValue")) ?? [];
  });
  return count(textAt(block, "NumberOfPages")) ?? counts[0];
}

/** List 23: duration (09), of the main content (14), of the production (16). */
const DURATIONS = ["09", "14", "16"];

/** How long it is, in milliseconds. */
export function durationMs(product: XmlElement): number | undefined {
  const extents = all(inBlock(product, "DescriptiveDetail"), "Extent");
  const durations = DURATIONS.flatMap((type) =>
    extents
      .filter((each) => textAt(each, "ExtentType") === type)
      .flatMap(
        (each) => milliseconds(textAt(each, "ExtentValue"), textAt(each, "ExtentUnit")) ?? [],
      ),
  );
  return durations[0];
}

const [SECOND, MINUTE, HOUR] = [1000, 60_000, 3_600_000];

/** A length in a unit of list 24 as milliseconds: hours, minutes (integer and decimals), seconds, HHH, HHHMM, HHHMMSS and HHHMMSScc. */
export function milliseconds(text = "", unit = ""): number | undefined {
  const factor = meaning({ "04": HOUR, "05": MINUTE, "06": SECOND, "14": HOUR }, unit);
  if (factor !== undefined) {
    return /^\d{1,9}(?:[.,]\d{1,9})?$/.test(text)
      ? positive(Math.round(Number(text.replace(",", ".")) * factor))
      : undefined;
  }
  if (unit === "15") return clock(`${text}00`);
  return unit === "16" ? clock(text) : undefined;
}

/** HHHMMSS or HHHMMSScc; those who leave out leading zeros are understood. */
export function clock(text: string): number | undefined {
  const [, hours = 0, minutes, seconds, hundredths = 0] =
    /^(\d{1,3})?([0-5]\d)([0-5]\d)$/.exec(text) ??
    /^(\d{3})([0-5]\d)([0-5]\d)(\d\d)$/.exec(text) ??
    [];
  if (minutes === undefined) return undefined;
  return (
    Number(hours) * HOUR +
    Number(minutes) * MINUTE +
    Number(seconds) * SECOND +
    Number(hundredths) * 10
  );
}

function positive(ms: number): number | undefined {
  return ms > 0 && ms <= 2147483647 ? ms : undefined;
}

/**
 * The chapters of an audiobook: the content items of ContentDetail that say when they are heard (AVItem: TimeRun), in that order; without
 * times, the top-level items one after the other when all of them say how long they are (AVDuration). Undefined when neither is
 * so, as in 2.1, whose content items know no time.
 */
export function chaptersOf(product: XmlElement): Chapter[] | undefined {
  const items = all(childOf(product, "ContentDetail"), "ContentItem");
  const timed = items.flatMap((item) => timedChapter(item) ?? []);
  if (timed.length > 0) return timed.sort((a, b) => a.start_ms - b.start_ms);
  const top = inSequence(items).filter(
    (item) => !textAt(item, "LevelSequenceNumber")?.includes("."),
  );
  const chapters: Chapter[] = [];
  let start = 0;
  for (const item of ordered(top)) {
    const duration = clock(textAt(item, "AVItem", "AVDuration") ?? "");
    if (duration === undefined) return undefined;
    chapters.push(chapter(item, start, start + duration));
    start += duration;
  }
  return chapters.length > 0 ? chapters : undefined;
}

/** By LevelSequenceNumber where all have one. */
function ordered(items: XmlElement[]): XmlElement[] {
  const numbers = items.map((item) => count(textAt(item, "LevelSequenceNumber")));
  if (numbers.some((each) => each === undefined)) return items;
  return items
    .map((item, at) => ({ item, number: numbers[at] ?? 0 }))
    .sort((a, b) => a.number - b.number)
    .map(({ item }) => item);
}

function timedChapter(item: XmlElement): Chapter | undefined {
  const audio = childOf(item, "AVItem");
  const start = clock(textAt(audio, "TimeRun", "StartTime") ?? "");
  if (start === undefined) return undefined;
  const end = clock(textAt(audio, "TimeRun", "EndTime") ?? "");
  const duration = clock(textAt(audio, "AVDuration") ?? "");
  return chapter(item, start, end ?? (duration === undefined ? undefined : start + duration));
}

function chapter(item: XmlElement, start: number, end: number | undefined): Chapter {
  const title = titlesOf(item).title ?? componentName(item);
  return {
    start_ms: start,
    ...(end !== undefined && end > start ? { end_ms: end } : {}),
    ...(title ? { title } : {}),
  };
}

/** "Chapter" and "3". */
function componentName(item: XmlElement): string | undefined {
  const parts = [textAt(item, "ComponentTypeName"), textAt(item, "ComponentNumber")];
  return parts.filter(Boolean).join(" ") || undefined;
}
