/** Letters of five by seven dots, a byte per column, lowest bit on top: as burned into ultrasound images. */
const glyphs: Readonly<Record<string, string>> = {
  '0': '3E5149453E',
  '1': '00427F4000',
  '2': '7249494946',
  '3': '2141494D33',
  '4': '1814127F10',
  '5': '2745454539',
  '6': '3C4A494931',
  '7': '4121110907',
  '8': '3649494936',
  '9': '464949291E',
  A: '7C1211127C',
  B: '7F49494936',
  C: '3E41414122',
  D: '7F4141413E',
  E: '7F49494941',
  F: '7F09090901',
  G: '3E41415173',
  H: '7F0808087F',
  I: '00417F4100',
  J: '2040413F01',
  K: '7F08142241',
  L: '7F40404040',
  M: '7F021C027F',
  N: '7F0408107F',
  O: '3E4141413E',
  P: '7F09090906',
  Q: '3E4151215E',
  R: '7F09192946',
  S: '2649494932',
  T: '03017F0103',
  U: '3F4040403F',
  V: '1F2040201F',
  W: '3F4038403F',
  X: '6314081463',
  Y: '0304780403',
  Z: '6159494D43',
  '.': '0060600000',
  ',': '0050300000',
  ':': '0000140000',
  '/': '2010080402',
  '-': '0808080808',
  '(': '001C224100',
  ')': '0041221C00',
  '%': '2313086462',
  '+': '08083E0808',
  '^': '0402010204',
  '=': '1414141414',
};

export interface Canvas {
  readonly pixels: Uint8Array;
  readonly width: number;
  readonly height: number;
}
export type Colour = readonly [number, number, number];

export function fillRectangle(
  canvas: Canvas,
  x: number,
  y: number,
  width: number,
  height: number,
  colour: Colour,
): void {
  for (let j = Math.max(0, y); j < Math.min(canvas.height, y + height); j++) {
    for (let i = Math.max(0, x); i < Math.min(canvas.width, x + width); i++)
      canvas.pixels.set(colour, (j * canvas.width + i) * 3);
  }
}

/** Writes text with its upper left corner at a place; unknown letters stay blank. */
export function write(canvas: Canvas, text: string, x: number, y: number, colour: Colour, size = 2): void {
  [...text.toUpperCase()].forEach((letter, n) => {
    const glyph = glyphs[letter];
    if (!glyph) return;
    for (let column = 0; column < 5; column++) {
      const dots = Number.parseInt(glyph.slice(column * 2, column * 2 + 2), 16);
      for (let row = 0; row < 7; row++) {
        if (dots & (1 << row)) fillRectangle(canvas, x + (n * 6 + column) * size, y + row * size, size, size, colour);
      }
    }
  });
}
