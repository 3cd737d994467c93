/** Terms of the CISAC code tables in words. */

/** Writer designation: what a writer did. One who did both has two credits, of which the first carries the shares. */
export const DESIGNATIONS: { [code: string]: readonly string[] } = {
  A: ["author"],
  C: ["composer"],
  CA: ["composer", "author"],
  AR: ["arranger"],
  AD: ["adaptor"],
  TR: ["translator"],
  SA: ["sub-author"],
  SR: ["sub-arranger"],
  PA: ["income participant"],
};

/** Publisher type: an attribute of the role publisher. */
export const PUBLISHER_TYPES: { [code: string]: string } = {
  E: "original publisher",
  AM: "administrator",
  SE: "sub-publisher",
  PA: "income participant",
  AQ: "acquirer",
  ES: "substituted publisher",
};

/** Title type. */
export const TITLE_TYPES: { [code: string]: string } = {
  AT: "alternative title",
  TE: "first line of text",
  FT: "formal title",
  IT: "incorrect title",
  OT: "original title",
  TT: "translated original title",
  PT: "part title",
  RT: "restricted title",
  ET: "extra search title",
  OL: "original title in national characters",
  AL: "alternative title in national characters",
};

/** Composite and excerpt types, and those work types that name a form. */
export const WORK_TYPES: { [code: string]: string } = {
  MED: "medley",
  POT: "potpourri",
  COS: "composite of samples",
  UCO: "composite",
  MOV: "movement",
  UEX: "excerpt",
  OP: "opera",
  SY: "symphony",
  JG: "jingle",
  FM: "film or television music",
};

/** Work types that name a genre. */
export const GENRES: { [code: string]: string } = {
  AC: "adult contemporary",
  AR: "album oriented rock",
  AL: "alternative",
  CC: "contemporary christian",
  CL: "classical",
  CY: "country",
  DA: "dance",
  FK: "folk",
  GS: "gospel",
  JZ: "jazz",
  LN: "latin",
  NA: "new age",
  PK: "polka",
  PP: "pop",
  RK: "rock",
  RP: "rap",
  RB: "rhythm and blues",
  SD: "sacred",
};

/** Transaction status of an acknowledgement, and whether the recipient holds the work after it. */
export const STATUSES: { [code: string]: readonly [words: string, isHeld: boolean] } = {
  AS: ["registration accepted", true],
  AC: ["registration accepted with changes", true],
  SR: ["registration accepted, ready for payment", true],
  CR: ["registration accepted with changes, ready for payment", true],
  RA: ["transaction accepted", true],
  NP: ["no participation", true],
  CO: ["conflict", true],
  DU: ["duplicate", true],
  RJ: ["rejected", false],
  RC: ["claim rejected", false],
};
