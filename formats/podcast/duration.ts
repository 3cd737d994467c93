/** Nothing that is heard in one go is longer; a larger number is of another unit, or a mistake. */
const LONGEST_SECONDS = 7 * 24 * 3600;

/** In characters; no spelling of a duration is longer. */
const LONGEST = 40;

/**
 * Seconds of a duration as feeds spell it: "3723", "62:03", "1:02:03", "1:02:03.5", "PT1H2M3S", "1h 2m 3s", "62 min".
 * Undefined when it is none of these, or longer than a week.
 */
export function seconds(text: string): number | undefined {
  if (text.length > LONGEST) return undefined;
  const plain = text.trim().toLowerCase().replace(",", ".");
  const found = clock(plain) ?? units(plain);
  return found !== undefined && found <= LONGEST_SECONDS ? found : undefined;
}

/** Milliseconds of seconds, as the catalog counts; undefined for nothing and for zero, with which feeds say that they do not know. */
export function milliseconds(duration: number | undefined): number | undefined {
  return duration === undefined || !(duration > 0) ? undefined : Math.round(duration * 1000);
}

/** Up to three numbers with colons between, the last one of seconds. */
function clock(text: string): number | undefined {
  if (!/^(?:\d{1,7}:){0,2}\d{1,9}(?:\.\d{1,9})?$/.test(text)) return undefined;
  return text.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
}

function units(text: string): number | undefined {
  const [, hours, minutes, rest] =
    /^(?:pt)?(?:(\d{1,3}) ?h(?:ours?|rs?)?)?[ ,]*(?:(\d{1,4}) ?m(?:in(?:ute)?s?)?)?[ ,.]*(?:(\d{1,5}) ?s(?:ec(?:ond)?s?)?)?\.?$/.exec(
      text,
    ) ?? [];
  if (hours === undefined && minutes === undefined && rest === undefined) return undefined;
  return Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(rest ?? 0);
}
