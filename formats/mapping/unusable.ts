/** A value from which a rule cannot make what it should: why. The field is left out, and the deliverer told. */
export class Unusable extends Error {
  override name = "Unusable";
}

/** A record that lacks what its mapping requires: why. It is refused. */
export class Lacking extends Error {
  override name = "Lacking";
}

/** A value as a message shows it: at most 60 characters, nothing that disturbs a terminal. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
