import { FormatError } from "../error.ts";
import type { Input } from "../input.ts";
import { decoded } from "../text.ts";

/** The longest record of the standard has 663 characters. */
const LINE_LIMIT = 10_000;

/** The lines of an input with their numbers, from 1, without what ends them. Throws FormatError JB244 where there are none. */
export async function* linesOf(
  input: Input,
  encoding: string,
): AsyncGenerator<{ line: number; text: string }> {
  let line = 1;
  let rest = "";
  for await (const text of decoded(input.name, input.open(), encoding)) {
    const pieces = (rest + text).split("\n");
    rest = pieces.pop() ?? "";
    for (const piece of pieces) {
      if (piece.length > LINE_LIMIT) throw tooLong(input.name, line);
      yield { line, text: piece.endsWith("\r") ? piece.slice(0, -1) : piece };
      line += 1;
    }
    if (rest.length > LINE_LIMIT) throw tooLong(input.name, line);
  }
  // Old systems end a file with a SUB.
  const last = rest.replaceAll("\x1A", "").replace(/\r$/, "");
  if (last !== "") yield { line, text: last };
}

function tooLong(file: string, line: number): FormatError {
  const reason = `the line is longer than ${LINE_LIMIT} characters`;
  const hint = "no record of the standard has more than 663; deliver one record a line";
  return new FormatError({ code: "JB244", file, line, reason, hint });
}
