import { someOf } from "../known.ts";
import type { NamedGenre } from "../record.ts";
import { childrenOf } from "../xml.ts";
import { texts } from "./text.ts";
import { those, type View } from "./view.ts";

/** The genres and subgenres by name, those for the most general territory. */
export function genres(view: View): NamedGenre[] | undefined {
  const found = those(view, "Genre").flatMap((genre) =>
    ["GenreText", "SubGenre"].flatMap((name) => childrenOf(genre, name)),
  );
  return someOf(
    texts(found)
      .filter((name) => name.length <= 200)
      .map((name) => ({ name })),
  );
}
