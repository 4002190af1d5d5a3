import { type Field, fractal, noise } from '../anatomy/noise.ts';
import { type Canvas, type Colour, fillRectangle, write } from './lettering.ts';

/** A curved array over the right upper belly: liver, portal vein, gallbladder, right kidney, diaphragm. */
export const ULTRASOUND = {
  width: 640,
  height: 480,
  frames: 24,
  frameTime: 66,
  left: 40,
  top: 46,
  right: 600,
  bottom: 462,
} as const;

const LINES = 224;
const SAMPLES = 500;
/** Radius of the array, depth of view (mm) and half the opening angle (radians). */
const RADIUS = 48;
const DEPTH = 150;
const OPENING = 0.58;
/** Screen: millimetres per pixel and where the array's centre of curvature lies. */
export const MM_PER_PIXEL = DEPTH / 396;
const CENTRE = { x: 320, y: 54 - (RADIUS * Math.cos(OPENING)) / MM_PER_PIXEL } as const;

interface Echo {
  /** Scattering, 0 = fluid, 1 = liver. */
  readonly level: number;
  /** Attenuation relative to liver: shadows and enhancement come from its sum along a line. */
  readonly loss: number;
  /** Mean velocity towards the array, cm/s; only inside vessels. */
  readonly flow: number;
}

const tissue = (level: number, loss: number, flow = 0): Echo => ({ level, loss, flow });
const oval = (x: number, z: number, cx: number, cz: number, rx: number, rz: number, turn: number): number => {
  const [c, s] = [Math.cos(turn), Math.sin(turn)];
  const [u, v] = [(c * (x - cx) + s * (z - cz)) / rx, (-s * (x - cx) + c * (z - cz)) / rz];
  return (Math.hypot(u, v) - 1) * Math.min(rx, rz);
};
const rod = (x: number, z: number, ax: number, az: number, bx: number, bz: number): number => {
  const [dx, dz] = [bx - ax, bz - az];
  const h = Math.min(1, Math.max(0, ((x - ax) * dx + (z - az) * dz) / (dx * dx + dz * dz)));
  return Math.hypot(x - ax - h * dx, z - az - h * dz);
};

interface Fields {
  readonly uneven: Field;
  readonly fine: Field;
  readonly bend: Field;
}

/** What lies at a place of the tissue (mm right of the middle, mm below the array), at rest. */
function echoAt(straightX: number, straightZ: number, fields: Fields, beat: number): Echo {
  const n = fields.uneven(straightX, straightZ, 0);
  const bend = Math.min(1, Math.max(0, (straightZ - 24) / 12));
  const x = straightX + 4.2 * bend * fields.bend(straightX, straightZ, 40);
  const z = straightZ + 4.2 * bend * fields.bend(straightX, straightZ, 80);
  if (z < 2.2) return tissue(2.4, 0.6);
  if (z < 13 + 1.5 * n) return tissue(0.55 + (Math.abs(fields.fine(x * 0.3, z * 2, 4)) < 0.25 ? 1.1 : 0), 0.7);
  if (z < 20 + n) return tissue(0.5 + (Math.abs(fields.fine(x * 0.15, z * 1.6, 8)) < 0.22 ? 1.4 : 0), 0.8);
  if (z < 21.2 + n) return tissue(2.6, 0.6);
  const diaphragm = Math.hypot(x + 8, z - 38) - 98 - 2 * n;
  if (diaphragm > 1.6) return tissue(0.6 * Math.exp(-diaphragm / 9), 1.4);
  if (diaphragm > -0.6) return tissue(4.2, 1.5);
  const gallbladder = oval(x, z, -34, 62, 19, 9.5, 0.5) + 0.5 * n;
  if (gallbladder < 0) return tissue(0.015, 0.12);
  if (gallbladder < 1.6) return tissue(2.1, 1);
  const portal = rod(x, z, -18, 78, 34, 64 - 3) - 5.4;
  if (portal < 0) return tissue(0.03, 0.35, (24 + 3 * beat) * Math.max(0, 1 - ((portal + 5.4) / 5.4) ** 2));
  if (portal < 1.4) return tissue(2.5, 1);
  const artery = rod(x, z, -18, 70, 30, 55) - 1.5;
  if (artery < 0) return tissue(0.1, 0.5, 40 + 60 * beat);
  const kidney = oval(x, z, 44, 104, 47, 22, -0.35) + 0.8 * n;
  if (kidney < 0) return insideKidney(x, z, n, kidney);
  if (kidney < 1.3) return tissue(2.2, 1);
  const hepatic = Math.min(
    rod(x, z, -14, 132, -2, 98) - 3.6,
    rod(x, z, -14, 132, -34, 106) - 3,
    rod(x, z, 46, 40, 22, 48) - 1.8,
    rod(x, z, -62, 84, -44, 96) - 1.9,
    rod(x, z, -50, 40, -30, 36) - 1.4,
  );
  if (hepatic < 0) return tissue(0.03, 0.4, -16 - 6 * beat);
  return tissue(1 + 0.16 * n, 1);
}

function insideKidney(x: number, z: number, n: number, depth: number): Echo {
  const sinus = oval(x, z, 44, 104, 25, 7.5, -0.35) + 2.2 * n;
  if (sinus < 0) return tissue(2.6, 1.1);
  const along = (x - 44) * 0.94 - (z - 104) * 0.34;
  const pyramid = Math.hypot((((along % 13) + 13) % 13) - 6.5, (depth + 10.5) * 1.1) - 4;
  return pyramid < 0 ? tissue(0.32, 0.9) : tissue(0.66, 1);
}

/** Brightness (0–255) and flow of one frame in beam coordinates. */
interface Beams {
  readonly grey: Float32Array;
  readonly flow: Float32Array;
}

function beams(fields: Fields, speckle: readonly [Field, Field], phase: number): Beams {
  const grey = new Float32Array(LINES * SAMPLES);
  const flow = new Float32Array(LINES * SAMPLES);
  const breath = 4 * Math.sin(2 * Math.PI * phase);
  const beat = Math.max(0, Math.sin(2 * Math.PI * 3 * phase)) ** 1.5;
  for (let line = 0; line < LINES; line++) {
    const angle = OPENING * ((2 * line) / (LINES - 1) - 1);
    let loss = 0;
    for (let k = 0; k < SAMPLES; k++) {
      const r = RADIUS + (DEPTH * (k + 0.5)) / SAMPLES;
      const x = r * Math.sin(angle);
      const z = r * Math.cos(angle) - RADIUS;
      const moves = Math.min(1, Math.max(0, (z - 20) / 25));
      const [tx, tz] = [x + 0.6 * breath * moves, z + 0.25 * breath * moves];
      const echo = echoAt(tx, tz, fields, beat);
      loss += (echo.loss - 1) * (DEPTH / SAMPLES);
      const i = line * SAMPLES + k;
      // Speckle is as long as the pulse along the beam and as wide as the beam across.
      const across = (angle * 57.3) / (0.55 + 0.004 * Math.abs(z - 70)) + 0.02 * breath * moves;
      const amplitude = Math.hypot(
        speckle[0](across, tz * 1.15, phase * 1.5),
        speckle[1](across, tz * 1.15, phase * 1.5),
      );
      const signal = echo.level * amplitude * Math.exp(-loss * 0.011) + 0.006 * (1 + z / 60);
      grey[i] = 255 * Math.min(1, Math.max(0, 0.485 + Math.log10(signal) * 0.4));
      flow[i] = echo.flow;
    }
  }
  return { grey, flow };
}

const velocityColour = (v: number): Colour => {
  const t = Math.min(1, Math.abs(v) / 45);
  return v > 0 ? [130 + 125 * t, 20 + 200 * t * t, 20] : [20, 40 + 190 * t * t, 130 + 125 * t];
};

/** For every pixel of the screen: its place in the beams, and whether it lies in the colour box. */
interface Screen {
  /** Sample, or -1 outside of the sector. */
  readonly sample: Int32Array;
  readonly fraction: Float32Array;
  readonly coloured: Uint8Array;
}

function screen(): Screen {
  const { width, height } = ULTRASOUND;
  const sample = new Int32Array(width * height).fill(-1);
  const fraction = new Float32Array(width * height);
  const coloured = new Uint8Array(width * height);
  for (let i = 0; i < sample.length; i++) {
    const dx = ((i % width) - CENTRE.x) * MM_PER_PIXEL;
    const dy = (Math.floor(i / width) - CENTRE.y) * MM_PER_PIXEL;
    const r = Math.hypot(dx, dy) - RADIUS;
    const angle = Math.atan2(dx, dy);
    if (r < 0 || r >= DEPTH - 0.5 || Math.abs(angle) > OPENING) continue;
    const line = ((angle / OPENING + 1) / 2) * (LINES - 1);
    const low = Math.min(LINES - 2, Math.floor(line));
    sample[i] = low * SAMPLES + Math.min(SAMPLES - 2, Math.floor((r / DEPTH) * SAMPLES));
    fraction[i] = line - low;
    coloured[i] = r > 46 && r < 100 && angle > -0.3 && angle < 0.34 ? 1 : 0;
  }
  return { sample, fraction, coloured };
}

/** Lays beams out on the screen, with colour inside the box. */
function scanConvert(
  canvas: Canvas,
  { grey, flow }: Beams,
  { sample, fraction, coloured }: Screen,
  flicker: Field,
  time: number,
): void {
  for (let p = 0; p < sample.length; p++) {
    const i = sample[p]!;
    if (i < 0) continue;
    if (coloured[p] && Math.abs(flow[i]!) > 4) {
      const v = flow[i]! * (0.85 + 0.22 * flicker((p % canvas.width) * 0.5, Math.floor(p / canvas.width) * 0.5, time));
      if (Math.abs(v) > 5) {
        canvas.pixels.set(velocityColour(v), p * 3);
        continue;
      }
    }
    const u = fraction[p]!;
    canvas.pixels.fill(grey[i]! * (1 - u) + grey[i + SAMPLES]! * u, p * 3, p * 3 + 3);
  }
}

function outlineBox(canvas: Canvas): void {
  const dot = (r: number, angle: number): void => {
    const x = CENTRE.x + ((RADIUS + r) * Math.sin(angle)) / MM_PER_PIXEL;
    const y = CENTRE.y + ((RADIUS + r) * Math.cos(angle)) / MM_PER_PIXEL;
    fillRectangle(canvas, Math.round(x), Math.round(y), 1, 1, [90, 220, 120]);
  };
  for (let t = 0; t <= 1; t += 0.002) {
    dot(46, -0.3 + 0.64 * t);
    dot(100, -0.3 + 0.64 * t);
    dot(46 + 54 * t, -0.3);
    dot(46 + 54 * t, 0.34);
  }
}

function decorate(canvas: Canvas, lines: readonly string[], frame: number): void {
  const ink: Colour = [215, 220, 225];
  for (const [i, line] of lines.entries()) write(canvas, line, i < 2 ? 8 : 400, 6 + (i % 2) * 18, ink);
  write(canvas, 'C5-1 15HZ RS', 8, 60, [150, 170, 190], 1);
  write(canvas, '2D 62% DR 60 P LOW', 8, 72, [150, 170, 190], 1);
  write(canvas, 'COL 70% WF LOW PRF 2000', 8, 84, [150, 170, 190], 1);
  write(canvas, 'MI 1.1 TIS 0.6', 8, 96, [150, 170, 190], 1);
  for (let cm = 0; cm <= 15; cm++) {
    const y = Math.round(CENTRE.y + (RADIUS + cm * 10) / MM_PER_PIXEL);
    fillRectangle(canvas, 606, y, cm % 5 === 0 ? 10 : 5, 1, ink);
    if (cm % 5 === 0) write(canvas, String(cm), 620, y - 3, ink, 1);
  }
  for (let y = 0; y < 120; y++) {
    fillRectangle(canvas, 24, 130 + y, 10, 1, velocityColour(45 * (1 - y / 60)));
    fillRectangle(canvas, 10, 130 + y, 8, 1, [255 - 2 * y, 255 - 2 * y, 255 - 2 * y]);
  }
  write(canvas, '+45', 20, 120, ink, 1);
  write(canvas, '-45 CM/S', 12, 254, ink, 1);
  write(canvas, `${frame + 1}/${ULTRASOUND.frames}`, 556, 468, [150, 170, 190], 1);
  write(canvas, 'RT LIVER/KIDNEY', 240, 466, ink, 1);
}

/** The frames of a cine loop, RGB, one breath long; `lines` are burned in on top (two left, two right). */
export function* ultrasoundCine(seed: number, lines: readonly string[]): Generator<Uint8Array> {
  const fields: Fields = { uneven: fractal(seed, 26, 2), fine: noise(seed + 1, 6), bend: noise(seed + 5, 62) };
  const speckle = [noise(seed + 2, 2.1), noise(seed + 3, 2.1)] as const;
  const flicker = noise(seed + 4, 4);
  const places = screen();
  for (let frame = 0; frame < ULTRASOUND.frames; frame++) {
    const canvas: Canvas = {
      pixels: new Uint8Array(ULTRASOUND.width * ULTRASOUND.height * 3),
      width: ULTRASOUND.width,
      height: ULTRASOUND.height,
    };
    scanConvert(canvas, beams(fields, speckle, frame / ULTRASOUND.frames), places, flicker, frame * 3);
    outlineBox(canvas);
    decorate(canvas, lines, frame);
    yield canvas.pixels;
  }
}
