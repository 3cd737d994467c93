import iconv from "iconv-lite";

/**
 * Takes back a damage that proves itself: UTF-8 that was read as windows-1252 and written again ("BeyoncÃ©"). All characters
 * must have a byte of windows-1252, and the bytes must be strictly valid UTF-8 with more than ASCII in it, which text by chance is not.
 * A second time where it was done twice. Anything else comes back as it is.
 */
export function mended(text: string): string {
  let best = text;
  for (let round = 0; round < 3; round += 1) {
    const bytes = windowsBytes(best);
    if (!bytes?.some((byte) => byte > 0x7f)) return best;
    try {
      best = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      return best;
    }
  }
  return best;
}

/** What stood there is lost: U+FFFD, or its three bytes read as windows-1252, whole or cut off at the end. */
export function isDamaged(text: string): boolean {
  return text.includes("\uFFFD") || /ï¿(½|$)/.test(text);
}

/** The bytes of windows-1252; undefined for a text with other characters. */
function windowsBytes(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) {
    const byte = BYTES.get(text[at] as string);
    if (byte === undefined) return undefined;
    bytes[at] = byte;
  }
  return bytes;
}

/** The five bytes that mean nothing in windows-1252 are read as the control characters of the same number. */
const HOLES = [0x81, 0x8d, 0x8f, 0x90, 0x9d];

const BYTES = new Map(
  Array.from({ length: 256 }, (_, byte): [string, number] => [
    HOLES.includes(byte)
      ? String.fromCharCode(byte)
      : iconv.decode(Buffer.from([byte]), "windows-1252"),
    byte,
  ]),
);
