/**
 * Countries as Discogs names them, as codes. Names of today are those of Unicode CLDR; the rest is what Discogs calls otherwise, and
 * countries of the past, with the code that ISO 3166-1 reserved for them or, where it was given away since, the one MusicBrainz uses.
 */
const OTHERWISE: { [name: string]: readonly string[] } = {
  us: ["US"],
  usa: ["US"],
  uk: ["GB"],
  "czech republic": ["CZ"],
  "ivory coast": ["CI"],
  turkey: ["TR"],
  burma: ["MM"],
  myanmar: ["MM"],
  macedonia: ["MK"],
  swaziland: ["SZ"],
  "hong kong": ["HK"],
  macau: ["MO"],
  palestine: ["PS"],
  "gaza strip": ["PS"],
  "east timor": ["TL"],
  "congo, democratic republic of the": ["CD"],
  "congo, republic of the": ["CG"],
  "micronesia, federated states of": ["FM"],
  "moldova, republic of": ["MD"],
  "man, isle of": ["IM"],
  "saint kitts and nevis": ["KN"],
  "saint lucia": ["LC"],
  "saint vincent and the grenadines": ["VC"],
  "saint helena": ["SH"],
  "sao tome and principe": ["ST"],
  ussr: ["SU"],
  czechoslovakia: ["XC"],
  yugoslavia: ["YU"],
  "german democratic republic (gdr)": ["XG"],
  "serbia and montenegro": ["CS"],
  "netherlands antilles": ["AN"],
  rhodesia: ["RH"],
  "southern rhodesia": ["RH"],
  zaire: ["ZR"],
  "upper volta": ["HV"],
  dahomey: ["DY"],
  "south yemen": ["YD"],
  europe: ["XE"],
  worldwide: ["XW"],
  benelux: ["BE", "NL", "LU"],
  unknown: [],
};

/** Regions of CLDR that are no country, or several. */
const NO_COUNTRY = ["EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"];

const CODES = new Map<string, readonly string[]>([...namesOfToday(), ...Object.entries(OTHERWISE)]);

/**
 * The codes of a country or of several ("UK & Europe", "Germany, Austria, & Switzerland"), each once, in their order, and the names
 * that are not understood: regions without a code (Scandinavia, Asia) and states older than ISO 3166.
 */
export function countriesOf(text: string): { codes: string[]; strange: string[] } {
  const whole = CODES.get(plain(text));
  if (whole) return { codes: [...whole], strange: [] };
  const parts = text.split(/\s*(?:,|&|\band\b)\s*/i).filter((part) => part !== "");
  const found = parts.map((part) => ({ part, codes: CODES.get(plain(part)) }));
  return {
    codes: [...new Set(found.flatMap(({ codes }) => codes ?? []))],
    strange: found.flatMap(({ part, codes }) => (codes ? [] : [part])),
  };
}

function plain(name: string): string {
  return name
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[’']/g, "'")
    .replace(/&/g, "and")
    .replace(/,? the$|^the /, "")
    .trim();
}

function namesOfToday(): [name: string, codes: readonly string[]][] {
  const names = new Intl.DisplayNames("en", { type: "region", fallback: "none" });
  const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
  return letters
    .flatMap((first) => letters.map((second) => first + second))
    .flatMap((code): [string, readonly string[]][] => {
      // A code of the past answers with the name of what it is today.
      const isCurrent = new Intl.Locale(`und-${code}`).region === code;
      const name = names.of(code);
      return isCurrent && name && !NO_COUNTRY.includes(code) ? [[plain(name), [code]]] : [];
    });
}
