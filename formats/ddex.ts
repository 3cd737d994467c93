import { about, items, type Message, openMessage, warn } from "./ddex/message.ts";
import { readPurge } from "./ddex/purge.ts";
import { readReleases } from "./ddex/release.ts";
import { readResources } from "./ddex/resource.ts";
import { homesOf, statedReleases } from "./ddex/stated-release.ts";
import { text } from "./ddex/text.ts";
import { readWorks } from "./ddex/work.ts";
import { FormatError } from "./error.ts";
import type { Input } from "./input.ts";
import type { Format, Head, Item } from "./record.ts";
import { childOf, readElements, type XmlElement, type XmlRoot } from "./xml.ts";

/**
 * Electronic Release Notification messages of DDEX, versions 3.7 to 4.3: what a label or distributor tells a service
 * about a release, its recordings and the deals for it. A message is read whole: nothing is yielded of one that is cut
 * short. https://ddex.net/standards/
 */
export const ddexErn: Format = {
  name: "ddex-ern",
  title: "DDEX ERN 3.7 to 4.3",
  detect,
  parse,
};

/** Root elements of the ERN standards, by which they are known when the namespace is missing. */
const DOCUMENTS = [
  "NewReleaseMessage",
  "PurgeReleaseMessage",
  "UpdateReleaseMessage",
  "CatalogListMessage",
  "CatalogTransferCompletedMessage",
];

function detect({ root }: Head): string | undefined {
  if (!root) return undefined;
  const version = versionOf(root);
  return version ?? (DOCUMENTS.includes(root.name) ? "" : undefined);
}

/**
 * The version an ERN document says it is, from its namespace (http://ddex.net/xml/ern/382) or, without one, from
 * MessageSchemaVersionId (ern/382): "3.8.2". Undefined when it is no ERN.
 */
function versionOf({ uri, attributes }: XmlRoot): string | undefined {
  const said = [uri, attributes.MessageSchemaVersionId ?? ""];
  for (const each of said) {
    const [, digits] = /(?:^|\/)ern(?:-main|-c)?\/(\d{2,3})\/?$/.exec(each) ?? [];
    if (digits !== undefined) return digits.split("").join(".");
  }
  return undefined;
}

/** What is written alike: 3.7, 3.8 and their corrections, 4.0 to 4.3 and theirs. */
const UNDERSTOOD = /^(3\.[78]|4\.[0-3])(\.|$)/;

async function* parse(input: Input): AsyncGenerator<Item> {
  let root: XmlElement | undefined;
  for await (const element of readElements(input, { take: ({ length }) => length === 1 })) {
    root = element;
  }
  if (!root) throw notUnderstood(input.name, "holds no element");
  const message = openMessage(input.name, root, checkedVersion(input.name, root));
  yield about(message);
  read(message);
  yield* items(message);
}

function checkedVersion(file: string, root: XmlElement): string {
  const version = versionOf(root);
  if (version === undefined) {
    throw notUnderstood(
      file,
      `<${root.name.slice(0, 60)}> without a namespace or MessageSchemaVersionId of ERN`,
    );
  }
  if (!UNDERSTOOD.test(version))
    throw notUnderstood(file, `ERN ${version}, a ${root.name.slice(0, 60)}`);
  if (root.name !== "NewReleaseMessage" && root.name !== "PurgeReleaseMessage") {
    throw notUnderstood(file, `a ${root.name.slice(0, 60)} of ERN ${version}`);
  }
  return version;
}

function notUnderstood(file: string, found: string): FormatError {
  return new FormatError({
    code: "JB245",
    file,
    reason: `${found}: not understood`,
    hint: "understood are NewReleaseMessage and PurgeReleaseMessage of ERN 3.7, 3.8 and 4.0 to 4.3",
  });
}

function read(message: Message): void {
  const { root } = message;
  const control = childOf(root, "MessageHeader", "MessageControlType");
  if (control && text(control) === "TestMessage") {
    warn(message, control, "a test message: its sender does not mean it for use");
  }
  if (root.name === "PurgeReleaseMessage") {
    readPurge(message);
    return;
  }
  const releases = statedReleases(message);
  if (releases.length === 0) warn(message, root, "a message without a release");
  const home = (releases.find(({ isTrack }) => !isTrack) ?? releases[0])?.id ?? "";
  const works = readWorks(message, home);
  const resources = readResources(message, works, homesOf(releases));
  readReleases(message, releases, resources);
}
