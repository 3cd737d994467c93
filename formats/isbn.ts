/** An ISBN (ISO 2108) of which the check digit agrees. */
export type ProvenIsbn = {
  /** Its 13 digits, without hyphens. */
  isbn13: string;
  /** True when the text was no ISBN as it stood: zeros were put back, or the marks of a number taken away. */
  repaired: boolean;
};

/**
 * Reads an ISBN-10 or ISBN-13, also one that a spreadsheet took for a number, and answers it as 13 digits. Undefined when the
 * check digit does not prove it: such a value is to be stated as it came, the database keeps it as evidence.
 *
 * - spelling: hyphens, dashes, spaces, full-width digits, a small x, "ISBN" before it: no repair
 * - zeros lost in front of an ISBN-10, up to four: `439023483` is 0-439-02348-3
 * - written as a number that kept all digits: `9780439023481.0`, `4.39023483E+08`, `9.780439023481E+12`
 * - in a formula: `="0439023483"`
 *
 * A number in scientific notation with fewer digits than its exponent asks for (`9.78044E+12`) is never restored: its last
 * digits are gone, the check digit with them.
 */
export function repairIsbn(text: string): ProvenIsbn | undefined {
  const plain = spelled(text);
  const asIs = isbn13Of(plain);
  if (asIs !== undefined) return { isbn13: asIs, repaired: false };
  const digits = wholeNumber(plain.replace(/^=?"(.*)"$/, "$1"));
  const isbn13 = digits === undefined ? undefined : isbn13Of(withZeros(digits));
  return isbn13 === undefined ? undefined : { isbn13, repaired: true };
}

/** The 13 digits of an ISBN-10 or ISBN-13 without any hyphens whose check digit agrees; 979-0 is an ISMN. */
function isbn13Of(isbn: string): string | undefined {
  if (/^97(?:8\d|9[1-9])\d{9}$/.test(isbn)) {
    return checkDigit13(isbn.slice(0, 12)) === isbn[12] ? isbn : undefined;
  }
  // Ten zeros would pass the check: it is what an empty number becomes.
  if (!/^\d{9}[\dX]$/.test(isbn) || /^0+$/.test(isbn) || !isIsbn10(isbn)) return undefined;
  const stem = `978${isbn.slice(0, 9)}`;
  return stem + checkDigit13(stem);
}

/** Weights 1 and 3, modulo 10. */
function checkDigit13(stem: string): string {
  const sum = [...stem].reduce((all, digit, at) => all + Number(digit) * (at % 2 === 0 ? 1 : 3), 0);
  return String((10 - (sum % 10)) % 10);
}

/** Weights 10 to 1, modulo 11; X is ten. */
function isIsbn10(isbn: string): boolean {
  const values = [...isbn].map((each) => (each === "X" ? 10 : Number(each)));
  return values.reduce((sum, value, at) => sum + value * (10 - at), 0) % 11 === 0;
}

function spelled(text: string): string {
  return text
    .normalize("NFKC")
    .toUpperCase()
    .replace(/[\s\p{Dash_Punctuation}\u2212]/gu, "")
    .replace(/^ISBN(?:1[03](?=:|\d{9}))?:?/, "");
}

/** The digits of a number that lost none; a text of digits is one. The check digit may be an X. */
function wholeNumber(text: string): string | undefined {
  const [, whole] = /^(\d+X?)(?:[.,]0+)?$/.exec(text) ?? [];
  if (whole !== undefined) return whole;
  const [, first = "", rest = "", exponent] = /^(\d)[.,](\d+)E\+?(\d{1,2})$/.exec(text) ?? [];
  return rest.length === Number(exponent ?? Number.NaN) ? first + rest : undefined;
}

/** The shortest that is taken: 0-00-0 and six digits. Fewer would be any small number, proven by chance. */
const FEWEST_DIGITS = 6;

function withZeros(digits: string): string {
  return digits.length >= FEWEST_DIGITS ? digits.padStart(10, "0") : digits;
}
