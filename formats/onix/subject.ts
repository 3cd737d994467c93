import type { NamedGenre } from "../record.ts";
import type { XmlElement } from "../xml.ts";
import { all, inBlock, meaning, textAt, textsAt } from "./read.ts";

/** List 27: BISAC (10), BIC (12), Warengruppen (26), CLIL (29), Thema (93). */
const CLASSIFICATIONS = ["10", "12", "26", "29", "93"];

/** The first letters of a BISAC code, which are a subject by themselves. */
const BISAC: { [letters: string]: string } = {
  ANT: "Antiques & Collectibles",
  ARC: "Architecture",
  ART: "Art",
  BIB: "Bibles",
  BIO: "Biography & Autobiography",
  BUS: "Business & Economics",
  CGN: "Comics & Graphic Novels",
  CKB: "Cooking",
  COM: "Computers",
  CRA: "Crafts & Hobbies",
  DES: "Design",
  DRA: "Drama",
  EDU: "Education",
  FAM: "Family & Relationships",
  FIC: "Fiction",
  FOR: "Foreign Language Study",
  GAM: "Games & Activities",
  GAR: "Gardening",
  HEA: "Health & Fitness",
  HIS: "History",
  HOM: "House & Home",
  HUM: "Humor",
  JNF: "Juvenile Nonfiction",
  JUV: "Juvenile Fiction",
  LAN: "Language Arts & Disciplines",
  LAW: "Law",
  LCO: "Literary Collections",
  LIT: "Literary Criticism",
  MAT: "Mathematics",
  MED: "Medical",
  MUS: "Music",
  NAT: "Nature",
  OCC: "Body, Mind & Spirit",
  PER: "Performing Arts",
  PET: "Pets",
  PHI: "Philosophy",
  PHO: "Photography",
  POE: "Poetry",
  POL: "Political Science",
  PSY: "Psychology",
  REF: "Reference",
  REL: "Religion",
  SCI: "Science",
  SEL: "Self-Help",
  SOC: "Social Science",
  SPO: "Sports & Recreation",
  STU: "Study Aids",
  TEC: "Technology & Engineering",
  TRA: "Transportation",
  TRU: "True Crime",
  TRV: "Travel",
  YAF: "Young Adult Fiction",
  YAN: "Young Adult Nonfiction",
};

/**
 * The subjects of a product as genres: the heading of a classification, and of a BISAC code that comes without one the subject it falls under
 * (FIC022000: Fiction). Other codes without a heading, keywords (20) and names of persons and places are passed over.
 */
export function genresOf(product: XmlElement): NamedGenre[] {
  const block = inBlock(product, "DescriptiveDetail");
  const subjects = [...all(block, "MainSubject"), ...all(block, "Subject")];
  const names = subjects.flatMap((subject) => {
    const scheme =
      textAt(subject, "SubjectSchemeIdentifier") ?? textAt(subject, "MainSubjectSchemeIdentifier");
    if (!CLASSIFICATIONS.includes(scheme ?? "")) return [];
    const heading = textAt(subject, "SubjectHeadingText");
    if (heading !== undefined) return [heading];
    return scheme === "10" ? textsAt(subject, "SubjectCode").flatMap(bisac) : [];
  });
  names.push(...textsAt(block, "BASICMainSubject").flatMap(bisac));
  const fitting = names.filter((name) => name.length <= 200);
  return [...new Map(fitting.map((name) => [name.toLowerCase(), { name }])).values()];
}

function bisac(code: string): string[] {
  const subject = meaning(BISAC, code.slice(0, 3).toUpperCase());
  return subject === undefined ? [] : [subject];
}
