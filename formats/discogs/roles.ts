/** One role of a credit: "Producer [Executive]" is a producer with the attribute "Executive". */
export type Role = { role: string; attributes: string[] };

/** What Discogs calls otherwise than the other sources, in lower case with spaces: the role, and what it adds to it. */
const ROLES: { [name: string]: [role: string, attribute?: string] } = {
  "written by": ["writer"],
  songwriter: ["writer"],
  "music by": ["composer"],
  "composed by": ["composer"],
  composer: ["composer"],
  "lyrics by": ["lyricist"],
  "words by": ["lyricist"],
  lyrics: ["lyricist"],
  "libretto by": ["librettist"],
  "translated by": ["translator"],
  producer: ["producer"],
  "produced by": ["producer"],
  "executive producer": ["producer", "executive"],
  "co producer": ["producer", "co"],
  "mixed by": ["mixer"],
  mix: ["mixer"],
  "mastered by": ["mastering"],
  "remastered by": ["mastering", "re"],
  "lacquer cut by": ["lacquer cut"],
  "recorded by": ["recording engineer"],
  remix: ["remixer"],
  "remixed by": ["remixer"],
  "dj mix": ["mix-dj"],
  "arranged by": ["arranger"],
  "orchestrated by": ["orchestrator"],
  "programmed by": ["programming"],
  "edited by": ["editor"],
  "compiled by": ["compiler"],
  "conducted by": ["conductor"],
  concertmaster: ["concertmaster"],
  featuring: ["featured artist"],
  "photography by": ["photography"],
  "artwork by": ["artwork"],
  "design by": ["design"],
  voice: ["vocal"],
  vocals: ["vocal"],
  vocal: ["vocal"],
  singer: ["vocal"],
  rap: ["vocal", "rap"],
  mc: ["vocal", "mc"],
  instruments: ["instrument"],
  "instrumentation by": ["instrument"],
};

/** The last word of an instrument's name: Tenor Saxophone, Electric Bass, Hammond Organ. */
const INSTRUMENTS = new Set(
  (
    "accordion bagpipes balalaika bandoneon banjo bass bassoon bells bodhran bongos bouzouki bugle cello celesta chimes cimbalom " +
    "clarinet claves clavichord clavinet concertina congas contrabass contrabassoon cornet cowbell cymbal cymbals didgeridoo djembe " +
    "dobro drum drums dulcimer fiddle flugelhorn flute glockenspiel gong guitar guitars harmonica harmonium harp harpsichord horn horns " +
    "hurdy-gurdy kalimba keyboard keyboards keytar koto lute lyre mandolin maracas marimba mellotron melodica oboe ocarina organ " +
    "oud percussion piano piccolo recorder saxophone scratches shaker shakuhachi sitar spinet strings synth synthesizer tabla " +
    "tambourine theremin timbales timpani triangle trombone trumpet tuba turntables ukulele vibraphone viol viola violin violoncello " +
    "vocoder washboard whistle woodwind xylophone zither"
  ).split(" "),
);

/** The roles of a credit: "Guitar [Acoustic], Backing Vocals" are an instrument with two attributes and a vocal with one. */
export function rolesOf(text: string): Role[] {
  return [...text.matchAll(/(?:[^,[\]]|\[[^\]]*\]?)+/g)].flatMap(([part]) => {
    const details = [...part.matchAll(/\[([^\]]*)\]?/g)].flatMap(([, detail = ""]) =>
      detail.trim() === "" ? [] : [detail.trim()],
    );
    const name = part
      .replace(/\[[^\]]*\]?/g, " ")
      .trim()
      .replace(/\s+/g, " ")
      .toLowerCase();
    if (name === "")
      return details.length > 0 ? [{ role: "contributor", attributes: details }] : [];
    const [role, ...attributes] = roleNamed(name);
    return [{ role, attributes: [...attributes, ...details] }];
  });
}

function roleNamed(name: string): [role: string, ...attributes: string[]] {
  const known = ROLES[name.replaceAll("-", " ")];
  if (known) return known[1] === undefined ? [known[0]] : [known[0], known[1]];
  const last = name.split(" ").at(-1) as string;
  if (last === "vocals" || last === "voice") return ["vocal", name];
  if (INSTRUMENTS.has(last)) return ["instrument", name];
  return [name];
}
