/** Gives a turn to so many at a time; the others wait for theirs, in their order. A turn is given back by calling it, once. */
export function createTurns(most: number): () => Promise<() => void> {
  const waiting: (() => void)[] = [];
  let taken = 0;
  return async () => {
    if (taken >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    else taken += 1;
    let isMine = true;
    return () => {
      if (!isMine) return;
      isMine = false;
      // It goes to the next, or is free.
      const next = waiting.shift();
      if (next) next();
      else taken -= 1;
    };
  };
}
