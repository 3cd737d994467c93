import { execFileSync } from "node:child_process";
import { constants, gzipSync, zstdCompressSync } from "node:zlib";
import { pack } from "tar-stream";
import { describe, expect, test } from "vitest";
import { bufferInput, FormatError, fileInput, type Input } from "../../formats/index.ts";
import { readHead } from "../../formats/input.ts";
import { unpacked } from "../../formats/unpack.ts";
import { deliver, fresh } from "./delivery.ts";

/** Numbers in disorder: text that packs about fourfold, so that a packed form has many blocks. */
const TEXT = Buffer.from(
  Array.from({ length: 40_000 }, (_, line) => `${line} ${(line * 7919) % 104_729}\n`).join(""),
);
const HALF = Buffer.from("the second half\n");

async function bytesOf(input: Input): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of input.open()) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function faultOf(bytes: Buffer): Promise<FormatError> {
  try {
    await bytesOf(bufferInput(bytes, "delivery"));
  } catch (error) {
    if (error instanceof FormatError) return error;
    throw error;
  }
  throw new Error("it was taken");
}

const hasXz = (() => {
  try {
    execFileSync("xz", ["--version"]);
    return true;
  } catch {
    console.warn("skipped: no xz to pack test data with");
    return false;
  }
})();
const xz = (bytes: Buffer, ...options: string[]) =>
  execFileSync("xz", ["-c", ...options], { input: bytes, maxBuffer: 2 ** 28 });

type Packer = (bytes: Buffer) => Buffer;
const PACKERS: [name: string, pack: Packer][] = [
  ["gzip", (bytes) => gzipSync(bytes)],
  ["zstd", (bytes) => zstdCompressSync(bytes, { params: { [constants.ZSTD_c_checksumFlag]: 1 } })],
  ...(hasXz ? ([["xz", (bytes) => xz(bytes)]] as [string, Packer][]) : []),
];

describe.each(PACKERS)("%s", (name, packer) => {
  const packed = packer(TEXT);

  test("is unpacked, from a file and from memory, as often as it is opened", async () => {
    const file = fileInput(await deliver(packed));
    expect(await bytesOf(file)).toEqual(TEXT);
    expect(await bytesOf(file)).toEqual(TEXT);
    expect(await bytesOf(bufferInput(packed, "x"))).toEqual(TEXT);
  });

  test("of several parts, one after the other, loses none", async () => {
    const parts = Buffer.concat([packed, packer(HALF), packed]);
    expect(await bytesOf(bufferInput(parts, "x"))).toEqual(Buffer.concat([TEXT, HALF, TEXT]));
  });

  test.each([1, 7, 64, 4096])("of several parts may come in chunks of %i bytes", async (size) => {
    const small = Buffer.concat([packer(HALF), packer(TEXT.subarray(0, 3000)), packer(HALF)]);
    const chunks: Buffer[] = [];
    for await (const chunk of unpacked("x", cut(small, size))) chunks.push(chunk);
    expect(Buffer.concat(chunks)).toEqual(Buffer.concat([HALF, TEXT.subarray(0, 3000), HALF]));
  });

  test("of nothing is nothing", async () => {
    expect(await bytesOf(bufferInput(packer(Buffer.alloc(0)), "x"))).toHaveLength(0);
  });

  test("that is cut short anywhere is refused", async () => {
    const whole = packer(HALF);
    for (let length = 6; length < whole.length; length += 1) {
      expect(await faultOf(whole.subarray(0, length)), `at ${length}`).toMatchObject({
        code: "JB247",
        file: "delivery",
      });
    }
    // Of the second part one byte is enough to miss the others.
    for (let length = whole.length + 1; length < 2 * whole.length; length += 1) {
      const both = Buffer.concat([whole, whole]).subarray(0, length);
      expect(await faultOf(both), `at ${length}`).toMatchObject({ code: "JB247" });
    }
  });

  test("that is damaged, or followed by something else, is refused", async () => {
    const damaged = Buffer.from(packed);
    damaged.fill(0x55, packed.length >> 1, (packed.length >> 1) + 40);
    expect(await faultOf(damaged)).toMatchObject({ code: "JB247" });
    const followed = Buffer.concat([packed, Buffer.from("and something else")]);
    expect(await faultOf(followed)).toMatchObject({ code: "JB247" });
    const hidden = Buffer.concat([packed, Buffer.alloc(64), Buffer.from("behind zeros")]);
    expect(await faultOf(hidden)).toMatchObject({ code: "JB247" });
  });

  test("may be filled up with zeros", async () => {
    expect(await bytesOf(bufferInput(Buffer.concat([packed, Buffer.alloc(512)]), "x"))).toEqual(
      TEXT,
    );
  });

  test("that unpacks to more than can be meant is refused before it is unpacked", async () => {
    const bomb = packer(Buffer.alloc(200 * 1024 * 1024));
    let bytes = 0;
    const reading = async () => {
      for await (const chunk of bufferInput(bomb, "bomb").open()) bytes += chunk.length;
    };
    await expect(reading()).rejects.toMatchObject({ code: "JB247", reason: /more than 250 times/ });
    expect(bytes).toBeLessThan(80 * 1024 * 1024);
  });

  test("whose beginning alone is read leaves the next reader alone", async () => {
    const input = bufferInput(packed, "x");
    expect(await readHead(input, 100)).toEqual(TEXT.subarray(0, 100));
    const [one, two] = await Promise.all([bytesOf(input), bytesOf(input)]);
    expect(one.equals(TEXT) && two.equals(TEXT)).toBe(true);
  });

  test("tells what kept its bytes from being read, not that they end early", async () => {
    const broken = async function* () {
      yield packed.subarray(0, packed.length >> 1);
      throw new FormatError({ code: "JB240", file: "x", reason: "gone", hint: "" });
    };
    const reading = async () => {
      for await (const chunk of unpacked("x", broken())) void chunk;
    };
    await expect(reading()).rejects.toMatchObject({ code: "JB240", reason: "gone" });
    expect(name).not.toBe("");
  });
});

describe.runIf(hasXz)("xz", () => {
  test("of many blocks, and of any preset, is unpacked", async () => {
    for (const options of [["--block-size=65536"], ["-0"], ["-9e"], ["--check=crc32"]]) {
      expect(await bytesOf(bufferInput(xz(TEXT, ...options), "x")), options[0]).toEqual(TEXT);
    }
  });

  test("that this decoder cannot read is refused with what to do", async () => {
    const large = await faultOf(xz(TEXT, "--lzma2=dict=128MiB"));
    expect(large).toMatchObject({ code: "JB247", reason: /dictionary of more than 64 MiB/ });
    expect(large.hint).toMatch(/xz -9/);
    const check = await faultOf(xz(TEXT, "--check=sha256"));
    expect(check).toMatchObject({ code: "JB247", reason: /check or a filter/ });
    expect(check.hint).toMatch(/--check=crc64/);
  });
});

test("what unpacks links in Node itself, not only in the runner of tests", () => {
  const formats = new URL("../../formats/index.ts", import.meta.url).href;
  const script = `import(${JSON.stringify(formats)}).then((all) => console.log(typeof all.fileInput))`;
  expect(execFileSync(process.execPath, ["-e", script], { encoding: "utf8" })).toBe("function\n");
});

describe("a tar archive", () => {
  const dump = { "mbdump/artist": TEXT };
  const others = { COPYING: HALF, TIMESTAMP: Buffer.from("2026-01-01\n") };

  test("with one file under mbdump/ is that file, packed or not", async () => {
    const archive = await tar({ ...others, ...dump, README: HALF });
    expect(await bytesOf(bufferInput(archive, "x"))).toEqual(TEXT);
    for (const [name, packer] of PACKERS) {
      expect(await bytesOf(bufferInput(packer(archive), "x")), name).toEqual(TEXT);
    }
    const path = fresh("dump.tar");
    expect(await bytesOf(fileInput(await deliver(archive, path.split("/").at(-1))))).toEqual(TEXT);
    expect(await readHead(bufferInput(archive, "x"), 100)).toEqual(TEXT.subarray(0, 100));
  });

  test("with none is refused with what it holds", async () => {
    expect(await faultOf(await tar(others))).toMatchObject({
      code: "JB245",
      reason: "a tar archive that holds no file under mbdump/, only COPYING, TIMESTAMP",
    });
  });

  test("with several is refused", async () => {
    const archive = await tar({ ...dump, "mbdump/label": HALF });
    expect(await faultOf(archive)).toMatchObject({
      code: "JB245",
      reason: /several dumps: mbdump\/artist, mbdump\/label/,
    });
  });

  test("that is cut short inside a file, or damaged, is refused", async () => {
    const archive = await tar({ ...others, ...dump });
    expect(await faultOf(archive.subarray(0, archive.length - 4096))).toMatchObject({
      code: "JB247",
      reason: /tar archive is damaged or ends early/,
    });
    const damaged = Buffer.from(archive);
    damaged.fill(0x31, 1024, 1200); // the second header
    expect(await faultOf(damaged)).toMatchObject({ code: "JB247" });
  });

  test("tells what kept its bytes from being read", async () => {
    const archive = gzipSync(await tar({ ...others, ...dump }));
    expect(await faultOf(archive.subarray(0, archive.length - 20))).toMatchObject({
      code: "JB247",
      reason: /gzip data/,
    });
  });
});

function* cut(bytes: Buffer, size: number): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function tar(files: { [name: string]: Buffer }): Promise<Buffer> {
  const archive = pack();
  for (const [name, content] of Object.entries(files)) archive.entry({ name }, content);
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
