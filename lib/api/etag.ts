/**
 * The entity tag of an entity in a version: strong, since one version is one state. The key is in it because what a reference
 * stands for may be another entity tomorrow, in the same version.
 */
export function etagOf(jukeId: string, version: number): string {
  return `"${jukeId}:${version}"`;
}

/** Whether If-None-Match names the tag, in a list, weak, or as `*` (RFC 9110, 13.1.2: compared weakly). */
export function isKnown(etag: string, ifNoneMatch: string | undefined): boolean {
  const known = (ifNoneMatch ?? "").split(",").map((each) => each.trim().replace(/^W\//, ""));
  return known.includes(etag) || known.includes("*");
}
