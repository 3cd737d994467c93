import { expect, test } from "vitest";
import { printable } from "../../lib/printable.ts";

test("what a terminal would obey is shown, and everything else is as it was", () => {
  expect(printable("a\x1b[31mb\nc\x07\x9b")).toBe("a\\u001b[31mb\\u000ac\\u0007\\u009b");
  expect(printable("\u202egpj.exe")).toBe("\\u202egpj.exe");
  expect(printable("Björk – 椎名林檎 👩‍🎤")).toBe("Björk – 椎名林檎 👩‍🎤");
});
