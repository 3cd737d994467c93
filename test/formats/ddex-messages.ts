/** Small ERN messages of our own, about things that do not exist. */

type Parts = {
  root?: string;
  version?: string;
  header?: string;
  works?: string;
  parties?: string;
  resources?: string;
  releases?: string;
  deals?: string;
};

const RECORDING = `<SoundRecording>
  <SoundRecordingId><ISRC>GB-AAA-24-00001</ISRC></SoundRecordingId>
  <ResourceReference>A1</ResourceReference>
  <ReferenceTitle><TitleText>Lantern</TitleText></ReferenceTitle>
  <Duration>PT3M2.5S</Duration>
</SoundRecording>`;

const RELEASE = `<Release IsMainRelease="true">
  <ReleaseId><ICPN>5012345678900</ICPN></ReleaseId>
  <ReleaseReference>R0</ReleaseReference>
  <ReferenceTitle><TitleText>Harbour</TitleText></ReferenceTitle>
  <ReleaseResourceReferenceList><ReleaseResourceReference>A1</ReleaseResourceReference></ReleaseResourceReferenceList>
  <ReleaseType>Album</ReleaseType>
</Release>`;

const TRACK_RELEASE = `<Release>
  <ReleaseId><ISRC>GBAAA2400001</ISRC></ReleaseId>
  <ReleaseReference>R1</ReleaseReference>
  <ReferenceTitle><TitleText>Lantern</TitleText></ReferenceTitle>
  <ReleaseResourceReferenceList><ReleaseResourceReference>A1</ReleaseResourceReference></ReleaseResourceReferenceList>
  <ReleaseType>TrackRelease</ReleaseType>
</Release>`;

function message(parts: Parts, version: string): string {
  const list = (name: string, content: string | undefined) =>
    content === undefined ? "" : `<${name}>${content}</${name}>`;
  const digits = (parts.version ?? version).replaceAll(".", "");
  const root = parts.root ?? "NewReleaseMessage";
  return `<?xml version="1.0" encoding="UTF-8"?>
<ern:${root} xmlns:ern="http://ddex.net/xml/ern/${digits}" MessageSchemaVersionId="ern/${digits}">
<MessageHeader>
  <MessageId>M1</MessageId>
  <MessageSender>
    <PartyId>PADPIDA2024010101A</PartyId>
    <PartyName><FullName>Northern Lights</FullName></PartyName>
  </MessageSender>
  <MessageCreatedDateTime>2024-05-01T10:00:00+02:00</MessageCreatedDateTime>${parts.header ?? ""}
</MessageHeader>
${list("PartyList", parts.parties)}${list("WorkList", parts.works)}
${list("ResourceList", parts.resources)}
${list("ReleaseList", parts.releases)}
${list("DealList", parts.deals)}
</ern:${root}>`;
}

/** A message of ERN 3.8.2: an album of one recording and its track release, unless a part is given. */
export const third = (parts: Parts = {}): string =>
  message({ resources: RECORDING, releases: RELEASE + TRACK_RELEASE, ...parts }, "3.8.2");

export const recording = (id: string, reference: string, more = ""): string =>
  `<SoundRecording>
    <ResourceReference>${reference}</ResourceReference>
    <SoundRecordingEdition><ResourceId>${id}</ResourceId></SoundRecordingEdition>
    <DisplayTitle><TitleText>Song ${reference}</TitleText></DisplayTitle>${more}
  </SoundRecording>`;

export const release = (id: string, reference: string, more = ""): string =>
  `<Release>
    <ReleaseReference>${reference}</ReleaseReference><ReleaseType>Album</ReleaseType>
    <ReleaseId>${id}</ReleaseId>
    <DisplayTitle><TitleText>Release ${reference}</TitleText></DisplayTitle>${more}
  </Release>`;

export const single = (resource: string, reference: string, more = ""): string =>
  `<TrackRelease>
    <ReleaseReference>${reference}</ReleaseReference>
    <ReleaseId><ProprietaryId Namespace="PADPIDA2024010101A">${reference}</ProprietaryId></ReleaseId>
    <ReleaseResourceReference>${resource}</ReleaseResourceReference>${more}
  </TrackRelease>`;

export const item = (reference: string, sequence?: number): string =>
  `<ResourceGroupContentItem>
    ${sequence === undefined ? "" : `<SequenceNumber>${sequence}</SequenceNumber>`}
    <ReleaseResourceReference>${reference}</ReleaseResourceReference>
  </ResourceGroupContentItem>`;

export const group = (content: string, sequence?: number, type?: string): string =>
  `<ResourceGroup${type ? ` ResourceGroupType="${type}"` : ""}>
    ${sequence === undefined ? "" : `<SequenceNumber>${sequence}</SequenceNumber>`}${content}
  </ResourceGroup>`;

/** A message of ERN 4.3: an album of one recording, unless a part is given. */
export const fourth = (parts: Parts = {}): string =>
  message(
    {
      resources: recording("<ISRC>GBAAA2400001</ISRC>", "A1"),
      releases: release("<ICPN>5012345678900</ICPN>", "R0", group(item("A1", 1))),
      ...parts,
    },
    "4.3",
  );

/** Deals for the releases of these references, which may be none, with the terms that are given. */
export const deal = (references: string, ...terms: string[]): string =>
  `<ReleaseDeal>${references
    .split(" ")
    .filter(Boolean)
    .map((each) => `<DealReleaseReference>${each}</DealReleaseReference>`)
    .join(
      "",
    )}${terms.map((each) => `<Deal><DealTerms>${each}</DealTerms></Deal>`).join("")}</ReleaseDeal>`;

export const inTerritories = (codes: string): string =>
  codes
    .split(" ")
    .map((code) => `<TerritoryCode>${code}</TerritoryCode>`)
    .join("");

/** Streaming by subscription. */
export const STREAM =
  "<CommercialModelType>SubscriptionModel</CommercialModelType><Usage><UseType>OnDemandStream</UseType></Usage>";

export const from = (date: string): string =>
  `<ValidityPeriod><StartDate>${date}</StartDate></ValidityPeriod>`;
