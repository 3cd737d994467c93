/**
 * A text of somebody else, such as the name of a file or a word of a delivery, on one line and without what a terminal would obey:
 * control characters, and those that turn the direction of writing, as \u escapes.
 */
export function printable(text: string): string {
  return text.replace(
    /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu,
    (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
