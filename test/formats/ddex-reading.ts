import { XMLParser } from "fast-xml-parser";

/**
 * A second reading of ERN messages for tests, which shares nothing with the parser: another XML library, paths written out for each
 * version, and only what real messages carry.
 */

/** An element: its children by name, its attributes by "@name", its text in "#text". */
type Node = { [name: string]: Node[] } & { "#text"?: string };

export type Facts = {
  recordings: {
    isrc: string | undefined;
    title: string;
    ms: number;
    lines: string[];
    rights: string[] | undefined;
  }[];
  releases: {
    icpn: string | undefined;
    grid: string | undefined;
    title: string;
    /** "disc.position isrc or title". */
    tracks: string[];
    lines: string[];
    rights: string[];
  }[];
};

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: "@",
  removeNSPrefix: true,
  parseTagValue: false,
  alwaysCreateTextNode: true,
  isArray: (name: string) => name !== "#text" && !name.startsWith("@"),
});

export function readFacts(xml: string, version: string): Facts {
  const [root] = (parser.parse(xml) as Node).NewReleaseMessage as Node[];
  return version.startsWith("3") ? third(root as Node) : fourth(root as Node, version === "4.3");
}

const at = (node: Node | undefined, path: string): Node[] =>
  path
    .split("/")
    .reduce<Node[]>(
      (nodes, name) => nodes.flatMap((each): Node[] => each[name] ?? []),
      node ? [node] : [],
    );
const value = (node: Node | undefined, path: string): string | undefined => {
  const [found] = at(node, path);
  return found?.["#text"]?.replace(/\s+/g, " ").trim();
};
const values = (node: Node | undefined, path: string): string[] =>
  at(node, path).map((each) => (each["#text"] ?? "").trim());

/** PT3M19S, counted up from its parts. */
function duration(text: string | undefined): number {
  const factor: { [unit: string]: number } = { H: 3_600_000, M: 60_000, S: 1000 };
  return [...(text ?? "").matchAll(/([\d.]+)([HMS])/g)].reduce(
    (sum, [, amount, unit]) => sum + Number(amount) * (factor[unit as string] as number),
    0,
  );
}

function lines(nodes: Node[]): string[] {
  const found = nodes.flatMap((node) =>
    ["P", "C"].flatMap((kind) =>
      at(node, `${kind}Line`).map(
        (line) => `${kind} ${value(line, "Year") ?? ""} ${value(line, `${kind}LineText`)}`,
      ),
    ),
  );
  return [...new Set(found)].sort();
}

/** One line for each right: where, until when, for what. */
export function rightLine(right: {
  territories?: string[];
  excluded_territories?: string[];
  usages?: string[];
  commercial_models?: string[];
  valid_from?: string;
  valid_until?: string;
}): string {
  return [
    right.territories?.join(" "),
    right.excluded_territories?.join(" "),
    right.usages?.join(" "),
    right.commercial_models?.join(" "),
    right.valid_from,
    right.valid_until,
  ].join(" | ");
}

function dealLines(root: Node, reference: string | undefined, uses: string): string[] {
  const found = at(root, "DealList/ReleaseDeal")
    .filter((deal) => values(deal, "DealReleaseReference").includes(reference ?? ""))
    .flatMap((deal) => at(deal, "Deal/DealTerms"))
    .map((terms) => {
      const model = (node: Node) =>
        (node["@UserDefinedValue"] as unknown as string) ?? node["#text"];
      return rightLine({
        territories: values(terms, "TerritoryCode"),
        usages: [...new Set(values(terms, uses))],
        commercial_models: at(terms, "CommercialModelType").map(model),
        valid_from: value(terms, "ValidityPeriod/StartDate") as string,
        valid_until: value(terms, "ValidityPeriod/EndDate") as string,
      });
    });
  return [...new Set(found)].sort();
}

function third(root: Node): Facts {
  const recordings = at(root, "ResourceList/SoundRecording");
  const releases = at(root, "ReleaseList/Release");
  const isTrack = (release: Node) => value(release, "ReleaseType") === "TrackRelease";
  const byReference = new Map(recordings.map((each) => [value(each, "ResourceReference"), each]));
  return {
    recordings: recordings.map((recording) => {
      const reference = value(recording, "ResourceReference");
      const single = releases.find(
        (each) =>
          isTrack(each) &&
          value(each, "ReleaseResourceReferenceList/ReleaseResourceReference") === reference,
      );
      return {
        isrc: value(recording, "SoundRecordingId/ISRC"),
        title: value(recording, "ReferenceTitle/TitleText") as string,
        ms: duration(value(recording, "Duration")),
        lines: lines([
          ...at(recording, "SoundRecordingDetailsByTerritory"),
          ...(single ? [single] : []),
        ]),
        rights: single && dealLines(root, value(single, "ReleaseReference"), "Usage/UseType"),
      };
    }),
    releases: releases
      .filter((each) => !isTrack(each))
      .map((release) => ({
        icpn: value(release, "ReleaseId/ICPN"),
        grid: value(release, "ReleaseId/GRid"),
        title: value(release, "ReferenceTitle/TitleText") as string,
        tracks: at(release, "ReleaseDetailsByTerritory/ResourceGroup/ResourceGroup").flatMap(
          (disc) =>
            at(disc, "ResourceGroupContentItem").map((item) => {
              const recording = byReference.get(value(item, "ReleaseResourceReference"));
              const isrc = value(recording, "SoundRecordingId/ISRC");
              return `${value(disc, "SequenceNumber")}.${value(item, "SequenceNumber")} ${isrc}`;
            }),
        ),
        lines: lines([release]),
        rights: dealLines(root, value(release, "ReleaseReference"), "Usage/UseType"),
      })),
  };
}

function fourth(root: Node, hasEditions: boolean): Facts {
  const audio = at(root, "ResourceList/SoundRecording");
  const video = at(root, "ResourceList/Video");
  const core = (recording: Node): Node => {
    if (!hasEditions) return recording;
    return (at(recording, "SoundRecordingEdition")[0] ?? at(recording, "VideoEdition")[0]) as Node;
  };
  const title = (node: Node): string => {
    const all = at(node, "DisplayTitle");
    const chosen = all.find((each) => (each["@IsDefault"] as unknown) === "true") ?? all[0];
    const sub = value(chosen, "SubTitle");
    return sub ? `${value(chosen, "TitleText")} (${sub})` : (value(chosen, "TitleText") as string);
  };
  const name = (recording: Node): string =>
    value(core(recording), "ResourceId/ISRC") ?? title(recording);
  const byReference = new Map(
    [...audio, ...video].map((each) => [value(each, "ResourceReference"), each]),
  );
  const singles = at(root, "ReleaseList/TrackRelease");
  return {
    recordings: [...audio, ...video].map((recording) => {
      const reference = value(recording, "ResourceReference");
      const single = singles.find((each) => value(each, "ReleaseResourceReference") === reference);
      const deals = single && dealLines(root, value(single, "ReleaseReference"), "UseType");
      return {
        isrc: value(core(recording), "ResourceId/ISRC"),
        title: title(recording),
        ms: duration(value(recording, "Duration")),
        lines: lines([core(recording)]),
        rights: deals?.length ? deals : undefined,
      };
    }),
    releases: at(root, "ReleaseList/Release").map((release) => {
      const listed = (group: Node): Node[] => [
        ...at(group, "ResourceGroupContentItem/ReleaseResourceReference").flatMap(
          (each): Node[] => {
            const found = byReference.get(each["#text"]?.trim());
            return found ? [found] : [];
          },
        ),
        ...at(group, "ResourceGroup").flatMap(listed),
      ];
      const [outermost] = at(release, "ResourceGroup");
      const inner = at(outermost, "ResourceGroup");
      const isDiscs = inner.some((each) => (each["@ResourceGroupType"] as unknown) === "Component");
      const discs = isDiscs ? inner : outermost ? [outermost] : [];
      return {
        icpn: value(release, "ReleaseId/ICPN"),
        grid: value(release, "ReleaseId/GRid"),
        title: title(release),
        tracks: discs.flatMap((disc, d) =>
          listed(disc).map((each, p) => `${d + 1}.${p + 1} ${name(each)}`),
        ),
        lines: lines([release]),
        rights: dealLines(root, value(release, "ReleaseReference"), "UseType"),
      };
    }),
  };
}
