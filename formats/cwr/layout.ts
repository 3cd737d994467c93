/**
 * Where the fields of CWR 2.1 and 2.2 stand: offset from 0 and length, in characters, as in the record
 * layouts of the functional specifications of CISAC (CWR11-1991, CWR19-1070). Only what is read is listed.
 */
const LAYOUT = {
  HDR: {
    sender_type: [3, 2],
    sender_id: [5, 9],
    sender_name: [14, 45],
    creation_date: [64, 8],
    creation_time: [72, 6],
    version: [101, 3],
  },
  GRH: { transaction_type: [3, 3], group: [6, 5], version: [11, 5] },
  GRT: { group: [3, 5], transactions: [8, 8], records: [16, 8] },
  TRL: { groups: [3, 5], transactions: [8, 8], records: [16, 8] },
  ACK: {
    original_type: [46, 3],
    title: [49, 60],
    submitter_number: [109, 20],
    recipient_number: [129, 20],
    status: [157, 2],
  },
  WORK: {
    title: [19, 60],
    language: [79, 2],
    submitter_number: [81, 14],
    iswc: [95, 11],
    distribution_category: [126, 3],
    composite_type: [139, 3],
    excerpt_type: [145, 3],
    work_type: [194, 2],
  },
  PUBLISHER: {
    party: [21, 9],
    name: [30, 45],
    unknown: [75, 1],
    type: [76, 2],
    ipi: [87, 11],
    performing: [115, 5],
    mechanical: [123, 5],
    synchronization: [131, 5],
    ipi_base: [139, 13],
  },
  WRITER: {
    party: [19, 9],
    last_name: [28, 45],
    first_name: [73, 30],
    unknown: [103, 1],
    designation: [104, 2],
    ipi: [115, 11],
    performing: [129, 5],
    mechanical: [137, 5],
    synchronization: [145, 5],
    ipi_base: [154, 13],
  },
  ALT: { title: [19, 60], type: [79, 2], language: [81, 2] },
  NAT: { title: [19, 640], type: [659, 2], language: [661, 2] },
  PER: { last_name: [19, 45], first_name: [64, 30], ipi: [94, 11], ipi_base: [105, 13] },
  REC: {
    release_date: [19, 8],
    duration: [87, 6],
    album_title: [98, 60],
    catalog_number: [218, 18],
    ean: [236, 13],
    isrc: [249, 12],
    title: [266, 60],
    version_title: [326, 60],
    display_artist: [386, 60],
    isrc_validity: [506, 20],
    identifier: [526, 14],
  },
  /** VER, the original of a version, and EWT, the whole of an excerpt. */
  ORIGINAL: {
    title: [19, 60],
    iswc: [79, 11],
    language: [90, 2],
    last_name: [92, 45],
    first_name: [137, 30],
    ipi: [227, 11],
    ipi_base: [238, 13],
    last_name_2: [251, 45],
    first_name_2: [296, 30],
    ipi_2: [326, 11],
    ipi_base_2: [337, 13],
    submitter_number: [350, 14],
  },
  COM: {
    title: [19, 60],
    iswc: [79, 11],
    submitter_number: [90, 14],
    last_name: [110, 45],
    first_name: [155, 30],
    ipi: [185, 11],
    last_name_2: [196, 45],
    first_name_2: [241, 30],
    ipi_2: [271, 11],
    ipi_base: [282, 13],
    ipi_base_2: [295, 13],
  },
  MSG: { level: [31, 1], text: [35, 150] },
  XRF: { organisation: [19, 3], identifier: [22, 14], type: [36, 1], validity: [37, 1] },
} as const satisfies {
  [record: string]: { [field: string]: readonly [at: number, length: number] };
};

type Layout = typeof LAYOUT;

/** The fields of a line without the spaces around them: "" for those that are blank or beyond its end. */
export function fieldsOf<R extends keyof Layout>(
  record: R,
  text: string,
): { [F in keyof Layout[R]]: string } {
  return Object.fromEntries(
    Object.entries<readonly [number, number]>(LAYOUT[record]).map(([name, [at, length]]) => [
      name,
      text.slice(at, at + length).trim(),
    ]),
  ) as { [F in keyof Layout[R]]: string };
}

/**
 * Length of the records of the standard: what must be there (the last mandatory field may be cut behind by a sender that drops
 * blanks), and the most that version 2.2 has. Records that are listed nowhere are not of the standard.
 */
export const LENGTHS: { [type: string]: readonly [least: number, most: number] } = {
  HDR: [78, 167],
  GRH: [16, 28],
  GRT: [24, 37],
  TRL: [24, 24],
  ACK: [159, 159],
  NWR: [82, 260],
  REV: [82, 260],
  ISW: [82, 260],
  EXC: [82, 260],
  SPU: [22, 183],
  OPU: [22, 183],
  SPT: [55, 58],
  OPT: [55, 58],
  SWR: [29, 182],
  OWR: [20, 182],
  SWT: [49, 52],
  OWT: [49, 52],
  PWR: [29, 112],
  ALT: [20, 83],
  EWT: [20, 364],
  VER: [20, 364],
  PER: [20, 118],
  REC: [20, 540],
  ORN: [22, 373],
  INS: [20, 75],
  IND: [22, 25],
  COM: [20, 308],
  MSG: [36, 185],
  ARI: [22, 201],
  XRF: [37, 38],
  NAT: [20, 663],
  NPA: [20, 351],
  NPN: [20, 512],
  NWN: [20, 351],
  NOW: [20, 343],
  NPR: [20, 370],
  NET: [20, 663],
  NCT: [20, 663],
  NVT: [20, 663],
  AGR: [47, 174],
  TER: [24, 24],
  IPA: [21, 180],
};

/** The transactions that register or tell of a work. */
export const WORK_TRANSACTIONS = ["NWR", "REV", "ISW", "EXC"] as const;
