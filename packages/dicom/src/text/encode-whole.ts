/** Encoders for the encodings without code extensions; the platform has one for UTF-8 only. */

export function encodeWhole(text: string, label: string): Uint8Array | undefined {
  if (!text.isWellFormed()) return undefined;
  if (label === 'utf-8') return new TextEncoder().encode(text);
  const table = label === 'gb18030' || label === 'gbk' ? doubleByteTable() : singleByteTable(label);
  const bytes: number[] = [];
  for (const character of text) {
    const point = character.codePointAt(0)!;
    const code = point < 0x80 ? point : table.get(point);
    if (label === 'gbk' && code !== undefined && isAfterGBK(point, code)) return undefined;
    if (code !== undefined && code < 0x100) bytes.push(code);
    else if (code !== undefined) bytes.push(code >> 8, code & 0xff);
    else if (label !== 'gb18030' || !pushFourBytes(bytes, point)) return undefined;
  }
  return Uint8Array.from(bytes);
}

let doubleBytes: Map<number, number> | undefined;

/** What GB 18030 added to the two-byte codes of GBK, and its cells for private use. */
function isAfterGBK(point: number, code: number): boolean {
  const added = code === 0xa2e3 || code === 0xa8bc || code === 0xa8bf || (code >= 0xa989 && code <= 0xa995);
  return added || code >= 0xfe50 || (point >= 0xe000 && point <= 0xf8ff) || (point >= 0xfe10 && point <= 0xfe19);
}

/** Code point -> the two bytes of GB 18030. */
function doubleByteTable(): ReadonlyMap<number, number> {
  if (doubleBytes) return doubleBytes;
  const codes: number[] = [];
  for (let first = 0x81; first <= 0xfe; first++) {
    for (let second = 0x40; second <= 0xfe; second++) if (second !== 0x7f) codes.push((first << 8) | second);
  }
  doubleBytes = invert(
    codes,
    codes.flatMap((code) => [code >> 8, code & 0xff, 0x0a]),
    'gb18030',
  );
  return doubleBytes;
}

const singleBytes = new Map<string, ReadonlyMap<number, number>>();

/** The upper half of an encoding of one byte per character; nothing for other ones. */
function singleByteTable(label: string): ReadonlyMap<number, number> {
  const known = singleBytes.get(label);
  if (known) return known;
  const codes = Array.from({ length: 128 }, (_, index) => 0x80 + index);
  const table = isSingleByte(label)
    ? invert(
        codes,
        codes.flatMap((code) => [code, 0x0a]),
        label,
      )
    : new Map();
  singleBytes.set(label, table);
  return table;
}

const isSingleByte = (label: string): boolean => /^(?:windows-|iso-8859-|koi8-|macintosh|ibm866|x-mac)/.test(label);

/** Decodes codes that stand one a line and turns the table round. */
function invert(codes: readonly number[], bytes: readonly number[], label: string): Map<number, number> {
  const lines = new TextDecoder(label).decode(Uint8Array.from(bytes)).split('\n');
  const table = new Map<number, number>();
  codes.forEach((code, index) => {
    const [character, ...more] = lines[index] ?? '';
    const point = character?.codePointAt(0) ?? 0xfffd;
    if (more.length === 0 && point !== 0xfffd && point >= 0x80 && !table.has(point)) table.set(point, code);
  });
  return table;
}

let fourBytes: Map<number, number> | undefined;

/** GB 18030: the rest of the basic plane by table, the other planes by rule. */
function pushFourBytes(bytes: number[], point: number): boolean {
  const pointer = point >= 0x10000 ? 189_000 + point - 0x10000 : fourByteTable().get(point);
  if (pointer === undefined) return false;
  bytes.push(...fourBytesOf(pointer));
  return true;
}

const fourBytesOf = (pointer: number): number[] => [
  0x81 + Math.floor(pointer / 12600),
  0x30 + (Math.floor(pointer / 1260) % 10),
  0x81 + (Math.floor(pointer / 10) % 126),
  0x30 + (pointer % 10),
];

function fourByteTable(): ReadonlyMap<number, number> {
  if (fourBytes) return fourBytes;
  const pointers = Array.from({ length: 39_420 }, (_, pointer) => pointer);
  fourBytes = invert(
    pointers,
    pointers.flatMap((pointer) => [...fourBytesOf(pointer), 0x0a]),
    'gb18030',
  );
  return fourBytes;
}
