/** The disc of each line of a track list, from the positions as printed. */

/** What a position says of its medium: a side, a medium of a number or a name of its own, or nothing. */
type Medium =
  | { side: number }
  | { disc: number }
  | { named: string }
  | { plain: number }
  | undefined;

const DISC_LIMIT = 200;

/**
 * The disc, from 1, of each line. Understood are 1-5 and 2.3 (the medium first), CD2-4 and DVD-1 (a medium by name), sides of
 * vinyl and tape (A and B are one disc, C and D the next; AA is the other side of A), and plain numbers, which begin anew with each disc.
 * What has no position is on the disc of the line before it. `media` is how many media there are said to be, 0 when it is not said.
 */
export function discsOf(positions: readonly string[], media: number): number[] {
  const isDotted = hasDiscBeforeDot(positions, media);
  const letters = new Set(
    positions.map((position) => /^[A-Z]+/i.exec(position)?.[0].toUpperCase()),
  );
  const found = positions.map((position) => mediumOf(position.trim(), isDotted, letters.has("Z")));
  const said = found.filter((each) => each !== undefined);
  if (said.every((each) => "disc" in each && each.disc <= DISC_LIMIT)) {
    return carried(found.map((each) => each && (each as { disc: number }).disc));
  }
  if (said.every((each) => "side" in each)) {
    const sides = new Set(said.map((each) => (each as { side: number }).side));
    const each = media > 1 && sides.size === media ? 1 : 2; // sides of a disc
    const discs = found.map((one) => one && Math.floor((one as { side: number }).side / each) + 1);
    return carried(discs.map((disc) => disc && (media > 0 ? Math.min(disc, media) : disc)));
  }
  return carried(bySight(found, media));
}

function carried(discs: (number | undefined)[]): number[] {
  let last = discs.find((disc) => disc !== undefined) ?? 1;
  return discs.map((disc) => {
    last = disc ?? last;
    return last;
  });
}

/** Where lines speak of their media in several ways, the media come in the order in which they are first spoken of. */
function bySight(found: Medium[], media: number): (number | undefined)[] {
  const order = new Map<string, number>();
  let round = 0;
  let highest = 0;
  return found.map((each) => {
    if (!each) return undefined;
    let key: string;
    if ("side" in each) key = `side ${Math.floor(each.side / 2)}`;
    else if ("disc" in each) key = `disc ${each.disc}`;
    else if ("named" in each) key = each.named;
    else {
      if (each.plain === 1 && highest > 1 && round + 1 < Math.max(media, 1)) {
        round += 1;
        highest = 0;
      }
      highest = Math.max(highest, each.plain);
      key = `plain ${round}`;
    }
    const disc = order.get(key) ?? order.size + 1;
    order.set(key, disc);
    return disc;
  });
}

function mediumOf(position: string, isDotted: boolean, isLong: boolean): Medium {
  const [, disc] = (isDotted ? /^(\d+)\./ : /^(\d+)-/).exec(position) ?? [];
  if (disc !== undefined && Number(disc) > 0) return { disc: Number(disc) };
  const [, side] = /^([A-Z]|([A-Z])\2|A[A-Z])(?:[-.\s]?\d.*|[-.\s].*|)$/i.exec(position) ?? [];
  if (side !== undefined) return { side: sideOf(side.toUpperCase(), isLong) };
  const [, name, number = "", rest] = /^([A-Z]{2,})\s*(\d*)(?:-(.+))?$/i.exec(position) ?? [];
  if (name !== undefined) {
    if (rest === undefined) return { named: name.toUpperCase() };
    const [letter] = /^[A-Z](?=\d|$)/i.exec(rest) ?? [];
    const pair = letter ? ` ${Math.floor(sideOf(letter.toUpperCase(), false) / 2)}` : "";
    return { named: name.toUpperCase() + number + pair };
  }
  const [plain] = /^\d+/.exec(position) ?? [];
  return plain === undefined ? undefined : { plain: Number(plain) };
}

/** Sides count A, B, … Z, AA, AB; where they do not go so far, AA is the side beside A. */
function sideOf(letters: string, isLong: boolean): number {
  const [first = 0, second] = [...letters].map((letter) => letter.charCodeAt(0) - 65);
  if (second === undefined) return first;
  return first === second && !isLong ? first + 1 : 26 * (first + 1) + second;
}

/** 2.3 is the third track of the second medium when all lines are like that and there are so many media; else a part of track 2. */
function hasDiscBeforeDot(positions: readonly string[], media: number): boolean {
  const given = positions.filter((position) => position !== "");
  const firsts = given.map((position) => /^(\d+)\.\d+/.exec(position)?.[1]);
  if (media < 2 || firsts.length === 0) return false;
  return firsts.every((first) => first !== undefined && Number(first) <= media);
}

/**
 * The lines that a text like "A1, A3 to B4" names, as indexes; undefined when a part of it names no line.
 */
export function linesNamed(text: string, positions: readonly string[]): number[] | undefined {
  const at = new Map(positions.map((position, index) => [position.toUpperCase(), index]));
  at.delete("");
  const lines = new Set<number>();
  for (const part of text.toUpperCase().split(/\s*[,;&]\s*/)) {
    const range = rangeOf(part.trim(), at);
    if (!range) return undefined;
    for (let line = range[0]; line <= range[1]; line += 1) lines.add(line);
  }
  return [...lines].sort((a, b) => a - b);
}

function rangeOf(part: string, at: Map<string, number>): [from: number, to: number] | undefined {
  const one = at.get(part);
  if (one !== undefined) return [one, one];
  const ends = [...part.matchAll(/\s+TO\s+|\s*[-–]\s*/g)].flatMap((cut): [number, number][] => {
    const from = at.get(part.slice(0, cut.index));
    const to = at.get(part.slice(cut.index + cut[0].length));
    return from !== undefined && to !== undefined && from <= to ? [[from, to]] : [];
  });
  return ends[0];
}
