import { decodeHTML } from "entities";

/**
 * The names of HTML 4 and of the ISO character sets (Latin 1 and 2, Greek, Cyrillic, punctuation, numeric) that the DTD
 * of ONIX 2.1 declares; what they stand for is looked up, the DTD is never fetched.
 */
const NAMES = `
  Aacute aacute Abreve abreve Acirc acirc acute Acy acy AElig aelig Agrave agrave alefsym
  aleph Alpha alpha Amacr amacr and ang angst Aogon aogon Aring aring ast asymp Atilde atilde
  Auml auml Bcy bcy bdquo bepsi bernou Beta beta beth bprime Breve breve brvbar Bscr bsol bull
  bullet Cacute cacute cap caret caron Ccaron ccaron Ccedil ccedil Ccirc ccirc Cdot cdot cedil
  cent Cfr CHcy chcy Chi chi circ clubs colon comma commat cong Copf COPY copy copysr crarr
  cup curren Dagger dagger daleth dArr darr dash dblac Dcaron dcaron Dcy dcy DD dd deg Delta
  delta diams die div divide DJcy djcy dollar Dot dot DScy dscy Dstrok dstrok DZcy dzcy Eacute
  eacute Ecaron ecaron Ecirc ecirc Ecy ecy Edot edot ee Egrave egrave ell Emacr emacr empty
  emsp ENG eng ensp Eogon eogon epsi Epsilon epsilon epsiv equals equiv Escr escr Eta eta ETH
  eth Euml euml euro excl exist Fcy fcy ffilig fflig ffllig filig flat fllig fnof forall
  frac12 frac13 frac14 frac15 frac16 frac18 frac23 frac25 frac34 frac35 frac38 frac45 frac56
  frac58 frac78 frasl Fscr gacute Gamma gamma Gammad gammad Gbreve gbreve Gcedil Gcirc gcirc
  Gcy gcy Gdot gdot ge gimel GJcy gjcy grave gscr Hacek half hamilt HARDcy hardcy hArr harr
  Hat hbar Hcirc hcirc hearts hellip Hfr Hopf horbar Hscr hslash Hstrok hstrok hybull hyphen
  Iacute iacute Icirc icirc Icy icy Idot IEcy iecy iexcl Ifr Igrave igrave ii iiota IJlig
  ijlig Im Imacr imacr image imath incare infin inodot int IOcy iocy Iogon iogon Iota iota
  iquest Iscr isin Itilde itilde Iukcy iukcy Iuml iuml Jcirc jcirc Jcy jcy Jsercy jsercy Jukcy
  jukcy Kappa kappa kappav Kcedil kcedil Kcy kcy kgreen KHcy khcy KJcy kjcy Lacute lacute
  lagran Lambda lambda lang laquo lArr larr lbrace lbrack Lcaron lcaron Lcedil lcedil lceil
  lcub Lcy lcy ldquo ldquor le lfloor LJcy ljcy Lmidot lmidot lowast lowbar loz lpar lrm
  lsaquo Lscr lsqb lsquo lsquor Lstrok lstrok macr Mcy mcy mdash mho micro midast middot minus
  mldr Mscr Mu mu nabla Nacute nacute napos natur nbsp Ncaron ncaron Ncedil ncedil Ncy ncy
  ndash ne ni NJcy njcy nldr Nopf not notin nsub Ntilde ntilde Nu nu num numero Oacute oacute
  Ocirc ocirc Ocy ocy Odblac odblac OElig oelig ogon Ograve ograve ohm oline Omacr omacr Omega
  omega Omicron omicron oplus or order ordf ordm oscr Oslash oslash Otilde otilde otimes Ouml
  ouml para part Pcy pcy percnt period permil perp Phi phi phiv phmmat Pi pi piv planck plankv
  plus plusmn pm Popf pound Prime prime primes prod prop Psi psi Qopf quest Racute racute
  radic rang raquo rArr rarr rbrace rbrack Rcaron rcaron Rcedil rcedil rceil rcub Rcy rcy
  rdquo rdquor Re real reals REG reg rfloor Rfr Rho rho rhov ring rlm Ropf rpar rsaquo Rscr
  rsqb rsquo rsquor rx Sacute sacute sbquo Scaron scaron Scedil scedil Scirc scirc Scy scy
  sdot sect semi sharp SHCHcy shchcy SHcy shcy shy Sigma sigma sigmaf sigmav sim slarr SOFTcy
  softcy sol spades srarr strns sub sube sum sung sup sup1 sup2 sup3 supe szlig Tau tau Tcaron
  tcaron Tcedil tcedil Tcy tcy there4 Theta theta thetasym thetav thinsp THORN thorn tilde
  times tprime TRADE trade TScy tscy TSHcy tshcy Tstrok tstrok Uacute uacute uArr uarr Ubrcy
  ubrcy Ubreve ubreve Ucirc ucirc Ucy ucy Udblac udblac Ugrave ugrave Umacr umacr uml Uogon
  uogon Upsi upsi upsih Upsilon upsilon Uring uring Utilde utilde Uuml uuml varphi varpi
  varrho Vcy vcy Verbar verbar Vert vert Wcirc wcirc weierp wp Xi xi Yacute yacute YAcy yacy
  Ycirc ycirc Ycy ycy yen YIcy yicy YUcy yucy Yuml yuml Zacute zacute Zcaron zcaron Zcy zcy
  Zdot zdot zeetrf Zeta zeta Zfr ZHcy zhcy Zopf zwj zwnj
`;

/** The characters that documents of ONIX 2.1 may name, by their names: { eacute: "é" }. */
export const HTML_ENTITIES: { [name: string]: string } = Object.fromEntries(
  NAMES.trim()
    .split(/\s+/)
    .map((name) => [name, decodeHTML(`&${name};`)]),
);
