/** Numbers from 0 up to 1, the same ones for the same seed (mulberry32: 32 bits of state). */
export function randomSource(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Hands out the items one after the other and starts over at the end. Raises RangeError when there is none. */
export function endless<T>(items: readonly T[]): () => T {
  if (items.length === 0) throw new RangeError("no items");
  let next = 0;
  return () => {
    const item = items[next] as T;
    next = (next + 1) % items.length;
    return item;
  };
}
