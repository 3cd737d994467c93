// What every layer of an input looks at before it decides: packed or not, an archive or not.

/** The first chunks joined until there are `length` bytes, and all chunks. */
export async function withHead(
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
  length: number,
): Promise<[head: Buffer, all: AsyncIterable<Buffer>]> {
  const iterator =
    Symbol.asyncIterator in chunks ? chunks[Symbol.asyncIterator]() : chunks[Symbol.iterator]();
  let head: Buffer = Buffer.alloc(0);
  let done = false;
  while (head.length < length && !done) {
    const next = await iterator.next();
    if (next.done) done = true;
    else head = head.length === 0 ? next.value : Buffer.concat([head, next.value]);
  }
  const all = async function* () {
    try {
      if (head.length > 0) yield head;
      while (!done) {
        const next = await iterator.next();
        if (next.done) done = true;
        else yield next.value;
      }
    } finally {
      await iterator.return?.(undefined);
    }
  };
  return [head, all()];
}
