import type { Input } from "./input.ts";
import { markedEncoding } from "./text.ts";

/**
 * What an input without a declared encoding is written in: that of its byte order mark, else UTF-8 when all of it is strictly
 * valid, else `fallback`, a single-byte encoding that any bytes fit. Reads the input once.
 */
export async function likelyEncoding(
  input: Input,
  fallback: string,
): Promise<{ encoding: string; isGuess: boolean }> {
  const utf8 = new TextDecoder("utf-8", { fatal: true });
  let isFirst = true;
  try {
    for await (const chunk of input.open()) {
      const mark = isFirst ? markedEncoding(chunk) : undefined;
      if (mark) return { encoding: mark.encoding, isGuess: false };
      isFirst = false;
      utf8.decode(chunk, { stream: true });
    }
    utf8.decode();
    return { encoding: "utf-8", isGuess: false };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return { encoding: fallback, isGuess: true };
  }
}
