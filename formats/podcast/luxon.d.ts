/** What the dates of feeds need of luxon, which brings no types of its own. */
declare module "luxon" {
  type Zoned = { zone?: string; setZone?: boolean; locale?: string };
  export class DateTime {
    static fromRFC2822(text: string, options?: Zoned): DateTime;
    static fromISO(text: string, options?: Zoned): DateTime;
    static fromFormat(text: string, format: string, options?: Zoned): DateTime;
    readonly isValid: boolean;
    readonly year: number;
    toMillis(): number;
    toUTC(): DateTime;
    toISO(options?: { suppressMilliseconds?: boolean }): string | null;
  }
}
