/**
 * The coded character sets that PS3.3 C.12.1.1.2 names, as tables from code to character and back. The tables come from
 * the platform's TextDecoder, put right where the WHATWG encodings are wider than, or differ from, the ISO registration.
 */

/** U+FFFD, what a code without a character decodes to. */
export const NO_CHARACTER = 0xfffd;

export interface GraphicSet {
  readonly name: string;
  /** Bytes of one character; two means rows and cells of 94. */
  readonly width: 1 | 2;
  /**
   * UTF-16 code units. Of one byte: 96, of the codes 2/0 to 7/15. Of two bytes: 94 x 94, of the codes 2/1 2/1 to 7/14
   * 7/14. No set has characters outside the basic plane.
   */
  readonly characters: Uint16Array;
  /** From character to its place in {@link characters}; only what the registered set has. */
  readonly places: ReadonlyMap<number, number>;
}

type Fix = readonly [code: number, character: number];

function lazy<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

function graphicSet(
  name: string,
  width: 1 | 2,
  characters: Uint16Array,
  registered: (place: number) => boolean = () => true,
): GraphicSet {
  const makePlaces = lazy(() => {
    const places = new Map<number, number>();
    characters.forEach((character, place) => {
      if (character !== NO_CHARACTER && character >= 0x80 && registered(place)) places.set(character, place);
    });
    return places;
  });
  return {
    name,
    width,
    characters,
    get places() {
      return makePlaces();
    },
  };
}

/** A right half of one byte per character, from a decoder that agrees with it on A0 to FF. */
const rightHalf = (name: string, label: string): (() => GraphicSet) =>
  lazy(() => {
    const text = new TextDecoder(label).decode(Uint8Array.from({ length: 96 }, (_, place) => 0xa0 + place));
    return graphicSet(
      name,
      1,
      Uint16Array.from(text, (character) => character.charCodeAt(0)),
    );
  });

/** A set of 94 x 94 characters, from a decoder of its EUC form (with `prefix` before each pair). */
function doubleByte(
  name: string,
  label: string,
  prefix: readonly number[],
  fixes: readonly Fix[],
  registered: (row: number, cell: number) => boolean,
): () => GraphicSet {
  return lazy(() => {
    const bytes: number[] = [];
    for (let place = 0; place < 8836; place++) {
      bytes.push(...prefix, 0xa1 + Math.floor(place / 94), 0xa1 + (place % 94), 0x0a);
    }
    const decoded = new TextDecoder(label).decode(Uint8Array.from(bytes)).split('\n');
    const characters = Uint16Array.from({ length: 8836 }, (_, place) => oneCharacter(decoded[place] ?? ''));
    for (const [code, character] of fixes) characters[placeOf(code >> 8, code & 0xff)] = character;
    return graphicSet(name, 2, characters, (place) => registered(Math.floor(place / 94) + 1, (place % 94) + 1));
  });
}

/** Private use characters are some vendors' own and not of the set. */
function oneCharacter(decoded: string): number {
  const unit = decoded.charCodeAt(0);
  return decoded.length !== 1 || (unit >= 0xe000 && unit <= 0xf8ff) ? NO_CHARACTER : unit;
}

/** The place of a pair of 7-bit codes (2/1 to 7/14 each) in a double-byte set. */
export const placeOf = (first: number, second: number): number => (first - 0x21) * 94 + (second - 0x21);

/** ISO-IR 100: the code is the character. */
export const latin1 = lazy(() =>
  graphicSet(
    'ISO-IR 100',
    1,
    Uint16Array.from({ length: 96 }, (_, place) => 0xa0 + place),
  ),
);
export const latin2 = rightHalf('ISO-IR 101', 'iso-8859-2');
export const latin3 = rightHalf('ISO-IR 109', 'iso-8859-3');
export const latin4 = rightHalf('ISO-IR 110', 'iso-8859-4');
export const cyrillic = rightHalf('ISO-IR 144', 'iso-8859-5');
export const arabic = rightHalf('ISO-IR 127', 'iso-8859-6');
export const greek = rightHalf('ISO-IR 126', 'iso-8859-7');
export const hebrew = rightHalf('ISO-IR 138', 'iso-8859-8');
// WHATWG has no decoder of ISO 8859-9 and -11; windows-1254 and -874 have the same right half.
export const latin5 = rightHalf('ISO-IR 148', 'windows-1254');
export const thai = rightHalf('ISO-IR 166', 'windows-874');
export const latin9 = rightHalf('ISO-IR 203', 'iso-8859-15');

/** ISO-IR 13, the katakana of JIS X 0201. */
export const katakana = lazy(() =>
  graphicSet(
    'ISO-IR 13',
    1,
    Uint16Array.from({ length: 96 }, (_, place) => (place >= 1 && place <= 63 ? 0xff60 + place : NO_CHARACTER)),
  ),
);

/** ISO-IR 87, JIS X 0208. WHATWG maps these six as Windows does, and adds the rows 13 and 89 to 92 of vendors. */
export const jisX0208 = doubleByte(
  'ISO-IR 87',
  'euc-jp',
  [],
  [
    [0x2141, 0x301c],
    [0x2142, 0x2016],
    [0x215d, 0x2212],
    [0x2171, 0x00a2],
    [0x2172, 0x00a3],
    [0x224c, 0x00ac],
  ],
  (row) => row <= 8 || (row >= 16 && row <= 84),
);

/** ISO-IR 159, JIS X 0212. */
export const jisX0212 = doubleByte('ISO-IR 159', 'euc-jp', [0x8f], [[0x2237, 0x007e]], (row) => row <= 77);

/** ISO-IR 149, KS X 1001, with the euro and registered signs of its 1998 edition. A lone Hangul filler composes. */
export const ksX1001 = doubleByte(
  'ISO-IR 149',
  'euc-kr',
  [],
  [
    [0x2266, 0x20ac],
    [0x2267, 0x00ae],
  ],
  (row, cell) => !(row === 4 && cell === 52),
);

/** ISO-IR 58, GB 2312; the decoder has the cells that GBK fills besides. */
export const gb2312 = doubleByte(
  'ISO-IR 58',
  'gb18030',
  [],
  [
    [0x2124, 0x30fb],
    [0x212a, 0x2015],
  ],
  isGB2312,
);

/** The cells that GB 2312-80 fills in its rows of symbols; rows 16 to 87 are full but for the end of 55. */
const gb2312Rows: readonly (readonly (readonly [number, number])[])[] = [
  [],
  [[1, 94]],
  [
    [17, 66],
    [69, 78],
    [81, 92],
  ],
  [[1, 94]],
  [[1, 83]],
  [[1, 86]],
  [
    [1, 24],
    [33, 56],
  ],
  [
    [1, 33],
    [49, 81],
  ],
  [
    [1, 26],
    [37, 73],
  ],
  [[4, 79]],
];

function isGB2312(row: number, cell: number): boolean {
  if (row >= 16) return row <= 87 && !(row === 55 && cell > 89);
  return (gb2312Rows[row] ?? []).some(([from, to]) => cell >= from && cell <= to);
}
