/** A name as Discogs writes it, "Entity (2)", without the number that tells it from others of the same name. */
export function withoutNumber(name: string): string {
  const bare = name.replace(/\s+\(\d+\)$/, "").trim();
  return bare === "" ? name : bare;
}
