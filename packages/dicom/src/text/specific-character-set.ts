/** Specific Character Set (0008,0005): its defined terms (PS3.3 C.12.1.1.2) and what they put where. */
import {
  arabic,
  cyrillic,
  type GraphicSet,
  gb2312,
  greek,
  hebrew,
  jisX0208,
  jisX0212,
  katakana,
  ksX1001,
  latin1,
  latin2,
  latin3,
  latin4,
  latin5,
  latin9,
  thai,
} from './graphic-set.ts';

/** A graphic set, the half of the code table it goes to, and the escape sequence that puts it there. */
export interface Designation {
  /** G0 is codes 2/0 to 7/15, G1 is 10/0 to 15/15. */
  readonly half: 'G0' | 'G1';
  /** undefined: ASCII, which the left half of JIS X 0201 is read as too (its yen sign is DICOM's backslash). */
  readonly set: (() => GraphicSet) | undefined;
  /** The bytes after ESC. */
  readonly sequence: string;
}

const g0 = (set: Designation['set'], sequence: string): Designation => ({ half: 'G0', set, sequence });
const g1 = (set: Designation['set'], sequence: string): Designation => ({ half: 'G1', set, sequence });

const ascii = g0(undefined, '(B');
const romaji = g0(undefined, '(J');

/** PS3.3 Tables C.12-2 to C.12-4 by ISO registration number. */
const registrations: Readonly<Record<string, readonly Designation[]>> = {
  6: [ascii],
  100: [ascii, g1(latin1, '-A')],
  101: [ascii, g1(latin2, '-B')],
  109: [ascii, g1(latin3, '-C')],
  110: [ascii, g1(latin4, '-D')],
  144: [ascii, g1(cyrillic, '-L')],
  127: [ascii, g1(arabic, '-G')],
  126: [ascii, g1(greek, '-F')],
  138: [ascii, g1(hebrew, '-H')],
  148: [ascii, g1(latin5, '-M')],
  203: [ascii, g1(latin9, '-b')],
  13: [romaji, g1(katakana, ')I')],
  166: [ascii, g1(thai, '-T')],
  87: [g0(jisX0208, '$B')],
  159: [g0(jisX0212, '$(D')],
  149: [g1(ksX1001, '$)C')],
  58: [g1(gb2312, '$)A')],
};

/** Escape sequences that are honoured in reading: those above, and older forms of the same sets. */
export const escapes: ReadonlyMap<string, Designation> = new Map(
  [...Object.values(registrations).flat(), g0(jisX0208, '$@'), g0(jisX0208, '$(B'), g0(katakana, '(I')].map(
    (designation) => [designation.sequence, designation],
  ),
);

/** How the text of a data set is coded. */
export type TextCoding =
  /** One encoding without code extensions, by its WHATWG label. */
  | { readonly kind: 'whole'; readonly label: string; readonly warnings: readonly string[] }
  /** Code extension by ISO 2022 (PS3.5 6.1.2.4). */
  | {
      readonly kind: 'extended';
      /** What holds at the start and after each delimiter; value 1 of (0008,0005). */
      readonly initialG0: Designation;
      readonly initialG1: Designation | undefined;
      /** Every designation that may be switched to, those of value 1 first. */
      readonly designations: readonly Designation[];
      readonly warnings: readonly string[];
    };

type Meaning = { readonly registration: string } | { readonly label: string };
interface Term {
  readonly meaning: Meaning;
  readonly misspelt: boolean;
}

/** PS3.3 Table C.12-5: encodings that stand alone. ISO 2022 GBK and 58 are of CP 1234. */
const exact: Readonly<Record<string, Meaning>> = {
  '': { registration: '6' },
  'ISO_IR 192': { label: 'utf-8' },
  GB18030: { label: 'gb18030' },
  GBK: { label: 'gbk' },
  'ISO 2022 GBK': { label: 'gbk' },
  'ISO 2022 58': { registration: '58' },
};

function meaningOf(term: string): Term | undefined {
  const found = exact[term];
  if (found) return { meaning: found, misspelt: false };
  const number = /^ISO(?:_IR| 2022 IR) (\d+)$/.exec(term)?.[1];
  if (number !== undefined && registrations[number]) return { meaning: { registration: number }, misspelt: false };
  const meaning = misspeltMeaning(term.trim());
  return meaning && { meaning, misspelt: true };
}

/** `ISO IR 100`, `ISO-IR-100`, `iso_ir_100`, `ISO_2022_IR_87`, and names of encodings such as `latin1` or `UTF-8`. */
function misspeltMeaning(term: string): Meaning | undefined {
  const number = /^iso[ ._-]*(?:2022[ ._-]*)?ir[ ._-]*(\d+)$/i.exec(term)?.[1];
  if (number === '192') return { label: 'utf-8' };
  if (number !== undefined) return registrations[number] && { registration: number };
  if (/^(?:us-?)?ascii$/i.test(term)) return { registration: '6' };
  if (/^(?:iso[_-]?8859[_-]?1|iso8859|latin[_-]?1|l1)$/i.test(term)) return { registration: '100' };
  for (const label of [term, term.replaceAll('_', '-')]) {
    try {
      return { label: new TextDecoder(label).encoding };
    } catch {
      // Not a label of the Encoding Standard.
    }
  }
  return undefined;
}

const codings = new Map<string, TextCoding>();
/** Terms come from files: a hostile one shall not fill the memory. */
const MOST_CODINGS = 1000;

/** What the values of (0008,0005) say, with what is wrong with them. Unknown terms are read as the default repertoire. */
export function textCodingOf(characterSet: readonly string[]): TextCoding {
  const key = characterSet.join('\\');
  const known = codings.get(key);
  if (known) return known;
  const coding = makeCoding(characterSet);
  if (codings.size >= MOST_CODINGS) codings.clear();
  codings.set(key, coding);
  return coding;
}

function makeCoding(characterSet: readonly string[]): TextCoding {
  const warnings: string[] = [];
  const meanings = (characterSet.length === 0 ? [''] : characterSet).map((value) => {
    const term = meaningOf(value);
    if (!term) warnings.push(`"${value}" is not a defined term of Specific Character Set: read as ISO_IR 6`);
    else if (term.misspelt) warnings.push(`"${value}" is a misspelt term of Specific Character Set`);
    return term?.meaning ?? { registration: '6' };
  });
  const [first, ...more] = meanings;
  if (first && 'label' in first) {
    if (more.length > 0) warnings.push(`"${characterSet[0]}" allows no code extensions: the other values are ignored`);
    return { kind: 'whole', label: first.label, warnings };
  }
  if (more.some((meaning) => 'label' in meaning)) {
    warnings.push('Specific Character Set has a value that is no code extension: it is ignored');
  }
  const registered = meanings.flatMap((meaning) => ('registration' in meaning ? [meaning.registration] : []));
  const designations = [...new Set(registered.flatMap((number) => registrations[number]!))];
  const initial = registrations[registered[0]!]!;
  return {
    kind: 'extended',
    initialG0: initial.find(({ half, set }) => half === 'G0' && !set) ?? ascii,
    initialG1: initial.find(({ half }) => half === 'G1'),
    designations,
    warnings,
  };
}
