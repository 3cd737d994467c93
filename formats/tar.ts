import { Readable } from "node:stream";
import { extract } from "tar-stream";
import { FormatError } from "./error.ts";
import { withHead } from "./head.ts";

/** Where an archive of POSIX or GNU tar says what it is. */
const MAGIC_OFFSET = 257;
const BLOCK_BYTES = 512;
/** The dump in an archive of MusicBrainz; beside it stand its licence and the time it was made. */
const DUMP = /(?:^|\/)mbdump\/[^/]+$/;

/**
 * Chunks of bytes, or of a tar archive those of the one file under mbdump/ in it. The archive is read to its end.
 * Throws FormatError JB245 when there is no such file or several, JB247 when the archive is damaged or ends early.
 */
export async function* memberOfTar(
  name: string,
  chunks: AsyncIterable<Buffer>,
): AsyncGenerator<Buffer> {
  const [head, all] = await withHead(chunks, BLOCK_BYTES);
  if (head.toString("latin1", MAGIC_OFFSET, MAGIC_OFFSET + 5) !== "ustar") {
    yield* all;
    return;
  }
  let failure: unknown;
  const guarded = async function* () {
    try {
      yield* all;
    } catch (error) {
      failure = error; // a stream would report it as its own
    }
  };
  const archive = extract();
  const source = Readable.from(guarded(), { objectMode: false });
  source.pipe(archive);
  const names: string[] = [];
  let found: string | undefined;
  try {
    for await (const member of archive) {
      const { header } = member;
      if (header.type !== "file" || !DUMP.test(header.name)) {
        names.push(header.name);
        member.resume();
        continue;
      }
      if (found !== undefined) throw notOne(name, `holds several dumps: ${found}, ${header.name}`);
      found = header.name;
      for await (const piece of member) yield piece as Buffer;
    }
  } catch (error) {
    if (failure) throw failure;
    if (error instanceof FormatError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new FormatError({
      code: "JB247",
      file: name,
      reason: `the tar archive is damaged or ends early (${reason})`,
      hint: "transfer the file again and compare its checksum",
    });
  } finally {
    source.destroy();
    archive.destroy();
  }
  if (failure) throw failure;
  if (found === undefined) {
    const some = names.slice(0, 5).join(", ").slice(0, 200);
    throw notOne(name, `holds no file under mbdump/${some === "" ? "" : `, only ${some}`}`);
  }
}

function notOne(file: string, what: string): FormatError {
  return new FormatError({
    code: "JB245",
    file,
    reason: `a tar archive that ${what}`,
    hint: "archives are understood when they are a JSON dump of MusicBrainz; unpack others and deliver their files",
  });
}
