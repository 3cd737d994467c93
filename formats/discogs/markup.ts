import { withoutNumber } from "./name.ts";

/**
 * The markup of Discogs as plain text: [a=Name] and [l=Name] are the name, [url=…]text[/url] is the text, bold and its like go.
 * A reference by number ([a123], [r=456]) has no text of its own and goes too; `isWhole` is false then.
 */
export function plainText(markup: string): { text: string; isWhole: boolean } {
  let isWhole = true;
  const text = markup
    .replace(/\r\n?/g, "\n")
    .replace(/\[url=[^\]]*\]\s*\[\/url\]/gi, "")
    .replace(/\[\/?(?:url|b|i|u|s|quote)(?:=[^\]]*)?\]/gi, "")
    .replace(/\[img=[^\]]*\]/gi, "")
    .replace(/\[[almrgt]=?\d+\]/gi, () => {
      isWhole = false;
      return "";
    })
    .replace(/\[[almrgt]=([^\]]*)\]/gi, (_, name: string) => withoutNumber(name.trim()))
    .replace(/[ \t]+/g, " ")
    .trim();
  return { text, isWhole };
}

const SUMMARY_LIMIT = 120;
const SENTENCES = new Intl.Segmenter("en", { granularity: "sentence" });

/**
 * What a profile says first, as far as it can tell one thing from others of the same name: its first paragraph when that is short, else
 * the first sentence when that is. Undefined for longer ones and for those that point to something without naming it.
 */
export function summaryOf(profile: string): string | undefined {
  const first = profile.trim().split(/\r?\n/)[0] ?? "";
  const { text, isWhole } = plainText(first);
  if (!isWhole || text === "") return undefined;
  const [sentence] = [...SENTENCES.segment(text.slice(0, SUMMARY_LIMIT * 4))];
  const found = [text, sentence?.segment.trim() ?? ""].find((each) => each.length <= SUMMARY_LIMIT);
  const summary = found?.replace(/[.:]$/, "");
  return summary === "" ? undefined : summary;
}
