/**
 * Letters as pen strokes, for text that is burnt into pictures: a server may have no fonts at all. Drawn for this
 * purpose; capitals stand 12 units high, on a base line at y = 12, and reach down to 16. A stroke is a run of points,
 * each two digits of base 36: x, y.
 */
const glyphs: Readonly<Record<string, string>> = {
  ' ': '',
  '!': '0008 0b0c',
  '"': '0003 3033',
  '#': '312b 716b 0484 0888',
  $: '82602002042666888a6c2c0a 404c',
  '%': '0c80 0030330300 59898c5c59',
  '&': '8c141230506263080a2c5c88',
  "'": '0003',
  '(': '301205081b3d',
  ')': '002235382b0d',
  '*': '3238 0367 6307',
  '+': '0888 444c',
  ',': '1b0e',
  '-': '0747',
  '.': '0b0c',
  '/': '0c60',
  '0': '2060828a6c2c0a0220 3953',
  '1': '03303c 0c6c',
  '2': '02206082840c8c',
  '3': '02206082846636 66888a6c2c0a',
  '4': '6c600989',
  '5': '8010062565878a6c2c0a',
  '6': '715030040a2c6c8a88662608',
  '7': '00803c',
  '8': '206082846626040220 26080a2c6c8a8866',
  '9': '1b3c5c888260200204266684',
  ':': '0506 0b0c',
  ';': '1516 1b0e',
  '<': '64086c',
  '=': '0686 0a8a',
  '>': '04680c',
  '?': '02204062643738 3b3c',
  '@': '8b6c2c0a02206082886864343868',
  A: '0c408c 1979',
  B: '0c005071755606 56888a6c0c',
  C: '826020020a2c6c8a',
  D: '005083895c0c00',
  E: '80000c8c 0666',
  F: '80000c 0666',
  G: '826020020a2c6c8a8656',
  H: '000c 808c 0686',
  I: '202c 0040 0c4c',
  J: '808a6c2c0a',
  K: '000c 8007 358c',
  L: '000c8c',
  M: '0c0047808c',
  N: '0c008c80',
  O: '2060828a6c2c0a0220',
  P: '0c006082856707',
  Q: '2060828a6c2c0a0220 598d',
  R: '0c006082856707 478c',
  S: '82602002042666888a6c2c0a',
  T: '0080 404c',
  U: '000a2c6c8a80',
  V: '004c80',
  W: '002c446c80',
  X: '008c 800c',
  Y: '004680 464c',
  Z: '00800c8c',
  '[': '30000d3d',
  '\\': '006c',
  ']': '00303d0d',
  '^': '033063',
  _: '0d8d',
  '`': '0022',
  a: '1454767c 7828090b1c5c7a',
  b: '000c 062454767a5c2c0a',
  c: '755424060a2c5c7b',
  d: '707c 765424060a2c5c7a',
  e: '0878765424060a2c5c7b',
  f: '615040313c 0565',
  g: '747e5g2g0f 765424060a2c5c7a',
  h: '000c 062454767c',
  i: '040c 0001',
  j: '242e0g 2021',
  k: '000c 6409 377c',
  l: '000c',
  m: '0c04 062434565c 567484a6ac',
  n: '0c04 062454767c',
  o: '2454767a5c2c0a0624',
  p: '040g 062454767a5c2c0a',
  q: '747g 765424060a2c5c7a',
  r: '0c04 062454',
  s: '65541405071858696b5c1c0b',
  t: '212a3c5c 0454',
  u: '040a2c5c7a 747c',
  v: '043c64',
  w: '042c466c84',
  x: '046c 640c',
  y: '043c 641g',
  z: '04640c6c',
  '{': '302125062b3d',
  '|': '000e',
  '}': '001115362b0d',
  '~': '07255876',
  '°': '103041433414030110',
  μ: '040g 0a2c5c7a 747c',
  '×': '056b 650b',
};

/** Of the em square, from the top of a capital to the bottom of a descender. */
const UNITS = 16;
const SPACE = 5;
const GAP = 3;
const UNKNOWN = '?';

/** What of a text can be written: letters without their accents, a question mark for the rest. */
const writable = (text: string): string[] =>
  [...text.normalize('NFKD').replace(/\p{M}/gu, '')].map((letter) => (letter in glyphs ? letter : UNKNOWN));

const points = (stroke: string): number[][] =>
  (stroke.match(/../g) ?? []).map((point) => [...point].map((digit) => Number.parseInt(digit, 36)));

function widthOf(letter: string): number {
  const all = (glyphs[letter] ?? '').replaceAll(' ', '');
  return all === '' ? SPACE : Math.max(...points(all).map(([x = 0]) => x)) + GAP;
}

/** Width of a text in pixels, at a line height of `size` pixels from capitals' top to descenders' bottom. */
export const textWidth = (text: string, size: number): number =>
  (writable(text).reduce((sum, letter) => sum + widthOf(letter), 0) * size) / UNITS;

/** The strokes of a text as the data of an SVG path, the top left corner of its line at `x`, `y`. */
export function textStrokes(text: string, x: number, y: number, size: number): string {
  const scale = size / UNITS;
  const runs: string[] = [];
  let at = x;
  for (const letter of writable(text)) {
    for (const stroke of (glyphs[letter] ?? '').split(' ').filter(Boolean)) {
      const line = points(stroke).map(([px = 0, py = 0]) => `${round(at + px * scale)} ${round(y + py * scale)}`);
      runs.push(`M${line.join('L')}`);
    }
    at += widthOf(letter) * scale;
  }
  return runs.join('');
}

const round = (value: number): number => Math.round(value * 100) / 100;
