/**
 * What a delivery is called: the last part of a path, without characters that a path or a terminal would take for
 * something else, at most 200 characters; `otherwise` where the path has no such part.
 */
export function deliveryName(path: string, otherwise: string): string {
  const last = path.split("/").findLast(Boolean) ?? "";
  const name = last.replace(/[\p{C}/\\]/gu, "_").slice(0, 200);
  return /^\.*$/.test(name) ? otherwise : name;
}

/** The path of a URL without percent-encoding, which need not be UTF-8: then it stays as it is. */
export function readablePath({ pathname }: URL): string {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return pathname;
  }
}
