/** Code lists of ONIX (EDItEUR, issue 70) as far as records speak of them. */

/** List 17, roles of contributors, as the words for roles of a record. Those that are not here: see `roleOf`. */
const ROLES: { [code: string]: string } = {
  A01: "author",
  A02: "co-author",
  A03: "screenwriter",
  A04: "librettist",
  A05: "lyricist",
  A06: "composer",
  A07: "visual artist",
  A08: "photographer",
  A09: "creator",
  A10: "originator",
  A11: "designer",
  A12: "illustrator",
  A13: "photographer",
  A14: "author",
  A15: "preface",
  A16: "prologue",
  A17: "summary",
  A18: "supplement",
  A19: "afterword",
  A20: "notes",
  A21: "commentary",
  A22: "epilogue",
  A23: "foreword",
  A24: "introduction",
  A25: "footnotes",
  A26: "memoir",
  A27: "experiments",
  A29: "introduction and notes",
  A30: "software",
  A31: "book and lyrics",
  A32: "contributor",
  A33: "appendix",
  A34: "index",
  A35: "drawings",
  A36: "cover artist",
  A37: "preliminary work",
  A38: "original author",
  A39: "maps",
  A40: "colorist",
  A41: "paper engineer",
  A42: "continuator",
  A43: "interviewer",
  A44: "interviewee",
  A45: "comic script",
  A46: "inker",
  A47: "colorist",
  A48: "letterer",
  A51: "researcher",
  A99: "creator",
  B01: "editor",
  B02: "reviser",
  B03: "reteller",
  B04: "abridger",
  B05: "adapter",
  B06: "translator",
  B07: "storyteller",
  B08: "translator",
  B09: "series editor",
  B10: "editor and translator",
  B11: "editor-in-chief",
  B12: "guest editor",
  B13: "volume editor",
  B14: "editorial board",
  B15: "editorial coordinator",
  B16: "managing editor",
  B17: "founder",
  B18: "preparer",
  B19: "associate editor",
  B20: "consultant editor",
  B21: "general editor",
  B22: "dramatizer",
  B23: "rapporteur",
  B24: "literary editor",
  B25: "arranger",
  B26: "technical editor",
  B27: "thesis supervisor",
  B28: "thesis examiner",
  B29: "scientific editor",
  B99: "adapter",
  C01: "compiler",
  C02: "selector",
  C03: "selector",
  C04: "curator",
  C99: "compiler",
  D01: "producer",
  D02: "director",
  D03: "conductor",
  D04: "choreographer",
  D99: "director",
  E01: "actor",
  E02: "dancer",
  E03: "narrator",
  E04: "commentator",
  E05: "vocal",
  E06: "instrument",
  E07: "narrator",
  E08: "performer",
  E09: "speaker",
  E10: "presenter",
  E99: "performer",
  F01: "photographer",
  F02: "film editor",
  F99: "photographer",
  Z01: "assistant",
};

/** The word for a role of list 17; "contributor" for those that are not known or say nothing. */
export function roleOf(code: string): string {
  return ROLES[code.toUpperCase()] ?? "contributor";
}

/** List 21, types of edition, as words for the statement of an edition. */
export const EDITION_TYPES: { [code: string]: string } = {
  ABR: "abridged",
  ADP: "adapted",
  ANN: "annotated",
  BLL: "bilingual",
  BRL: "braille",
  CMB: "combined volume",
  CRI: "critical",
  CSP: "coursepack",
  DGO: "digital original",
  ENH: "enhanced",
  ENL: "enlarged",
  EXP: "expurgated",
  FAC: "facsimile",
  FST: "festschrift",
  ILL: "illustrated",
  INT: "international",
  LTE: "large type",
  MDT: "media tie-in",
  MLL: "multilingual",
  NED: "new edition",
  NUM: "limited edition",
  REV: "revised",
  SCH: "school edition",
  SMP: "simplified",
  SPE: "special edition",
  STU: "student edition",
  TCH: "teacher's edition",
  UBR: "unabridged",
  UXP: "unexpurgated",
  VAR: "variorum",
};

/** List 150 (and 7 of release 2.1), forms of products, as words for the format of a book, the longest code first. */
const FORMS: [code: string, format: string][] = [
  ["BB", "hardcover"],
  ["BC", "paperback"],
  ["BD", "loose-leaf"],
  ["BE", "spiral bound"],
  ["BF", "pamphlet"],
  ["BG", "leather"],
  ["BH", "board book"],
  ["BI", "rag book"],
  ["BJ", "bath book"],
  ["BK", "novelty book"],
  ["BM", "big book"],
  ["BN", "part-work"],
  ["BO", "fold-out book"],
  ["B", "book"],
  ["C", "map"],
  ["DG", "ebook"],
  ["DH", "online"],
  ["D", "digital"],
  ["E", "ebook"],
  ["PC", "calendar"],
  ["PD", "cards"],
  ["PI", "sheet music"],
  ["P", "print"],
  ["SA", "multiple-component product"],
  ["S", "multiple-component product"],
  ["WX", "multiple-copy pack"],
  ["W", "mixed media"],
];

/** The word for the form of a book; undefined when the code does not say. */
export function formatOf(form: string): string | undefined {
  return FORMS.find(([code]) => form.startsWith(code))?.[1];
}

/**
 * Whether the product is read aloud: forms A (audio) of list 150; digital forms (D, E), forms that are not stated (00) and
 * mixed ones whose details are audio formats (list 175, A…) or whose content is an audiobook or spoken performance (list 81: 01, 02).
 */
export function isAudio(form: string, details: string[], contents: string[]): boolean {
  if (form.startsWith("A")) return true;
  if (!/^(?:[DE]|00)/.test(form)) return false;
  return contents.some((code) => code === "01" || code === "02") || details.some(isAudioDetail);
}

function isAudioDetail(code: string): boolean {
  return /^A[1-4]\d\d$/.test(code);
}

/** No books: films and videos (F, V), trade-only material (X), general merchandise (Z). */
export function isBook(form: string): boolean {
  return !/^[FVXZ]/.test(form);
}

/** List 158, resources, as types of image; list 38 is that of release 2.1. */
export const RESOURCES: { [code: string]: string } = {
  "01": "front",
  "02": "back",
  "03": "pack",
  "07": "artwork",
};
export const MEDIA_FILES: { [code: string]: string } = {
  "03": "pack",
  "04": "front",
  "05": "pack",
  "06": "front",
  "24": "back",
  "25": "back",
};

/** List 64: cancelled, withdrawn from sale, recalled, permanently withdrawn. Such a product may no longer be sold. */
export const WITHDRAWN = ["01", "11", "12", "15", "17"];

/** List 46: with exclusive (01, 07) or non-exclusive rights (02, 08). */
export const FOR_SALE = ["01", "02", "07", "08"];
/** List 46: 03 to 06, whatever the reason. */
export const NOT_FOR_SALE = ["03", "04", "05", "06"];
