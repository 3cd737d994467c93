import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import {
  detectFormat,
  type Format,
  FormatError,
  fileInput,
  type Item,
  type Located,
  readItems,
} from "../../formats/index.ts";

const directory = await mkdtemp(join(tmpdir(), "jukebase-formats-"));
afterAll(() => rm(directory, { recursive: true }));
let count = 0;

/** A path in a directory of this test file that is removed at its end. */
export function fresh(name = "delivery.json"): string {
  count += 1;
  return join(directory, `${count}-${name}`);
}

/** Writes a file of its own for the test and answers its path. */
export async function deliver(content: string | Buffer, name?: string): Promise<string> {
  const path = fresh(name);
  await writeFile(path, content);
  return path;
}

/** The records of a file, its format detected. Throws what is refused. */
export async function readAll(path: string): Promise<Located[]> {
  const { format } = await detectFormat(fileInput(path));
  return readAs(format, path);
}

/** The records of a file, read as the format that is given. Throws what is refused. */
export async function readAs(format: Format, path: string): Promise<Located[]> {
  const all: Located[] = [];
  for (const item of await itemsAs(format, path)) {
    if ("refused" in item) throw item.refused;
    if ("record" in item) all.push(item);
  }
  return all;
}

/** All that a file yields, its format detected: records, what is refused of it, warnings. */
export async function itemsOf(path: string): Promise<Item[]> {
  const { format } = await detectFormat(fileInput(path));
  return itemsAs(format, path);
}

async function itemsAs(format: Format, path: string): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of readItems(format, fileInput(path))) items.push(item);
  return items;
}

export async function recordsOf(content: string | Buffer): Promise<Located["record"][]> {
  return (await readAll(await deliver(content))).map(({ record }) => record);
}

/** The error with which a file is refused; fails when it is not, or with another error. */
export async function refusalOf(path: string): Promise<FormatError> {
  try {
    await readAll(path);
  } catch (error) {
    if (error instanceof FormatError) return error;
    throw error;
  }
  throw new Error(`${path} was taken`);
}
