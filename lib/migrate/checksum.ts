import { createHash } from "node:crypto";

/** The SHA-256 of a text in hex; line ends do not count, for git may change them on checkout. */
export function checksum(text: string): string {
  return createHash("sha256").update(text.replaceAll("\r\n", "\n")).digest("hex");
}
