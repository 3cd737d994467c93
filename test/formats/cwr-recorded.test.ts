import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { cwr } from "../../formats/cwr.ts";
import type { WorkRecord } from "../../formats/record.ts";
import { countsOf, read } from "./items.ts";

/** Registrations and acknowledgements that others published; not part of this repository. */
const DIRECTORY = new URL("../../../shared/data/works/", import.meta.url).pathname;
const present = existsSync(DIRECTORY);
if (!present) console.warn(`skipped: no CWR files in ${DIRECTORY}`);

type Outcome = { counts: { [what: string]: number }; warnings: number; refused: number };

const OUTCOMES: { [file: string]: Outcome } = {
  "ackexample.V21": {
    counts: { "artist mention": 34, "label mention": 30, "track partial": 52, "work full": 19 },
    warnings: 16,
    refused: 0,
  },
  "demo_cwr_cleaned.v22": {
    counts: { "artist mention": 3, "label mention": 6, "work full": 9, "work partial": 1 },
    warnings: 10,
    refused: 0,
  },
  "nwrexample2.V21": {
    counts: { "artist mention": 2, "label mention": 2, "work full": 1 },
    warnings: 0,
    refused: 0,
  },
  "revexample.V21": {
    counts: { "artist mention": 3, "label mention": 1, "work full": 2 },
    warnings: 0,
    refused: 0,
  },
};

/** The works of a file by the positions of the standard, counted from 1, without any of the reader's code. */
function byHand(text: string) {
  const cut = (line: string, from: number, length: number) =>
    line.slice(from - 1, from - 1 + length).trim();
  const percent = (line: string, from: number) => {
    const digits = cut(line, from, 5);
    return digits === "" ? undefined : Number.parseInt(digits, 10) / 100;
  };
  const works: {
    title: string;
    iswc?: string;
    number: string;
    shares: string[];
    titles: string[];
  }[] = [];
  let isRejected = false;
  for (const line of text.split(/\r?\n/)) {
    const type = line.slice(0, 3);
    if (type === "ACK") isRejected = ["RJ", "RC"].includes(cut(line, 158, 2));
    if ((type === "NWR" || type === "REV") && !isRejected) {
      const iswc = cut(line, 96, 11);
      works.push({
        title: cut(line, 20, 60),
        number: cut(line, 82, 14),
        shares: [],
        titles: [],
        ...(iswc === "" ? {} : { iswc }),
      });
    }
    const work = isRejected ? undefined : works.at(-1);
    if (!work) continue;
    if (["SPU", "OPU"].includes(type) && cut(line, 31, 45) !== "") {
      work.shares.push(
        [cut(line, 22, 9), ...[116, 124, 132].map((at) => percent(line, at))].join(" "),
      );
    }
    if (["SWR", "OWR"].includes(type) && cut(line, 29, 45) !== "") {
      work.shares.push(
        [cut(line, 20, 9), ...[130, 138, 146].map((at) => percent(line, at))].join(" "),
      );
    }
    if (type === "ALT") work.titles.push(cut(line, 20, 60));
  }
  return works;
}

describe.skipIf(!present)("real files are read", () => {
  test.each(Object.entries(OUTCOMES))("%s", async (file, outcome) => {
    const { records, warnings, refused, error } = await read(cwr, DIRECTORY + file);
    expect(error).toBeUndefined();
    expect(countsOf(records)).toEqual(outcome.counts);
    expect([warnings.length, refused.length]).toEqual([outcome.warnings, outcome.refused]);
  });

  test.each(Object.keys(OUTCOMES))("%s says what its columns say", async (file) => {
    const { records } = await read(cwr, DIRECTORY + file);
    const works = records.filter(
      (each): each is WorkRecord => each.kind === "work" && each.scope === undefined,
    );
    const read_ = works.map(({ title, id, ids, credits = [], aliases = [] }) => ({
      title,
      number: id,
      shares: credits
        // Who wrote words and music has two credits: the shares are on the first.
        .filter(
          ({ role }, index) =>
            role !== "performer" &&
            !(
              role === "author" &&
              credits[index - 1]?.role === "composer" &&
              credits[index - 1]?.contributor.id === credits[index]?.contributor.id
            ),
        )
        .map((each) =>
          [each.contributor.id, each.share, each.mechanical_share, each.synchronization_share].join(
            " ",
          ),
        ),
      titles: aliases.map(({ name }) => name),
      ...(ids?.iswc === undefined ? {} : { iswc: ids.iswc }),
    }));
    expect(read_).toEqual(byHand(readFileSync(DIRECTORY + file, "latin1")));
  });

  test("every recording with an ISRC becomes a track, but those of works that were rejected", async () => {
    const { records } = await read(cwr, `${DIRECTORY}ackexample.V21`);
    const isrcs = new Set<string>();
    let isRejected = false;
    for (const line of readFileSync(`${DIRECTORY}ackexample.V21`, "latin1").split(/\r?\n/)) {
      if (line.startsWith("ACK")) isRejected = line.slice(157, 159) === "RJ";
      const isrc = line.startsWith("REC") ? line.slice(249, 261).trim() : "";
      if (isrc !== "" && !isRejected) isrcs.add(isrc);
    }
    const tracks = records.filter(({ kind }) => kind === "track");
    const found = new Set(tracks.flatMap(({ ids }) => ids?.isrc ?? []));
    expect(found).toEqual(isrcs);
    expect(isrcs.size).toBeGreaterThan(10);
    expect(records.find(({ id }) => id === "256599")).toMatchObject({
      ids: { iswc: "T9110536293" },
    });
  });
});
