import { describe, expect, it } from 'vitest';
import { gridOf } from '../anatomy/grid.ts';
import { pelvisTissues } from '../anatomy/pelvis/tissues.ts';
import { adcMap } from '../series/volume.ts';
import { backProjectedNoise, CT_PADDING, ctReconstruction } from './ct.ts';
import { magnitude } from './magnitude.ts';
import { diffusion, inversionRecovery, perfusion, spinEcho } from './mr.ts';

const grid = gridOf({
  centre: [0, 0, 0],
  plane: 'axial',
  columns: 200,
  rows: 200,
  slices: 1,
  pixel: 1,
  between: 1,
  thickness: 1,
});
const moments = (values: ArrayLike<number>) => {
  const list = Array.from(values);
  const mean = list.reduce((a, b) => a + b) / list.length;
  return { mean, sd: Math.sqrt(list.reduce((a, b) => a + (b - mean) ** 2, 0) / list.length) };
};

describe('noise of magnitude images', () => {
  it('[OPS-9] is Rayleigh in air and Gaussian where there is signal', () => {
    const air = moments(magnitude(new Float32Array(40_000), grid, 0, { seed: 'a', noise: 2 }));
    expect(air.mean).toBeCloseTo(2 * Math.sqrt(Math.PI / 2), 1);
    expect(air.sd).toBeCloseTo(2 * Math.sqrt(2 - Math.PI / 2), 1);
    const bright = moments(magnitude(new Float32Array(40_000).fill(100), grid, 0, { seed: 'b', noise: 2 }));
    expect(bright.mean).toBeCloseTo(100, 0);
    expect(bright.sd).toBeCloseTo(2, 1);
  });

  it('[OPS-9] differs with the seed and with nothing else', () => {
    const make = (seed: string) => Buffer.from(magnitude(new Float32Array(40_000), grid, 0, { seed, noise: 1 }).buffer);
    expect(make('one').equals(make('one'))).toBe(true);
    expect(make('one').equals(make('two'))).toBe(false);
  });
});

describe('signals of tissues', () => {
  const { fat, muscle, urine, peripheral, lesion, artery } = pelvisTissues;

  it('[OPS-9] order as they do in T2-, T1- and fluid-suppressed images', () => {
    const t2 = spinEcho(4500, 105);
    const [bright, middle, dark] = [urine, peripheral, lesion].map((tissue) => t2.signal(tissue)[0]!);
    expect(bright).toBeGreaterThan(middle!);
    expect(middle).toBeGreaterThan(dark!);
    expect(t2.signal(muscle)[0]).toBeLessThan(dark!);
    const t1 = spinEcho(650, 12);
    expect(t1.signal(fat)[0]).toBeGreaterThan(2 * t1.signal(urine)[0]!);
    const csf = { ...urine, t1: 4300, t2: 1600 };
    expect(inversionRecovery(9000, 110, 2500).signal(csf)[0]).toBeLessThan(0.15 * t2.signal(csf)[0]!);
  });

  it('[OPS-9] decay with b so that the fit finds the diffusion coefficient again', () => {
    const bValues = [50, 400, 800, 1400];
    for (const tissue of [peripheral, lesion, muscle]) {
      const images = diffusion(4200, 72, bValues)
        .signal(tissue)
        .map((v) => Float32Array.of(v));
      expect(adcMap(images, bValues, 0)[0]).toBeCloseTo(tissue.adc * 1000, 0);
    }
  });

  it('[OPS-9] stay until the bolus arrives; then vessels lead, lesions follow and wash out, muscle is slow', () => {
    const times = Array.from({ length: 130 }, (_, i) => i * 2);
    const { signal } = perfusion({ tr: 4.2, flip: 12, times, arrival: 24 });
    const rise = (tissue: typeof lesion) => {
      const curve = signal(tissue);
      expect(curve[1]).toBeCloseTo(curve[0]!, 9);
      return curve.map((v) => v / curve[0]! - 1);
    };
    const [blood, tumour, gland, flesh] = [artery, lesion, peripheral, muscle].map(rise) as [
      number[],
      number[],
      number[],
      number[],
    ];
    const peak = (curve: number[]) => curve.indexOf(Math.max(...curve));
    expect(peak(blood)).toBeLessThan(peak(tumour));
    expect(tumour[20]).toBeGreaterThan(2 * gland[20]!);
    expect(tumour.at(-1)).toBeLessThan(Math.max(...tumour) * 0.95);
    expect(Math.max(...flesh)).toBeLessThan(0.6 * Math.max(...gland));
    expect(peak(flesh)).toBeGreaterThan(peak(tumour));
  });
});

describe('CT reconstruction', () => {
  it('[OPS-9] keeps Hounsfield units, adds the noise of its kernel, and pads the corners if asked to', () => {
    const size = 256;
    const water = new Float32Array(size * size).fill(0);
    const kernel = { name: 'X', blur: 0.75, noise: 11, band: 0.55 };
    const open = moments(ctReconstruction(size, kernel, 's', false).slice(water, 0));
    expect(Math.abs(open.mean)).toBeLessThan(1);
    expect(open.sd).toBeGreaterThan(6);
    expect(open.sd).toBeLessThan(16);
    const round = ctReconstruction(size, kernel, 's', true).slice(water, 0);
    expect(round[0]).toBe(CT_PADDING);
    expect(round[(size / 2) * size + size / 2]).toBeGreaterThan(-100);
  });

  it('[OPS-9] makes noise that runs along the noisier rays', () => {
    const size = 160;
    const along = (noise: Float32Array, step: number) => {
      let sum = 0;
      for (let i = 0; i < noise.length - 6 * size; i++) sum += noise[i]! * noise[i + 6 * step]!;
      return sum / noise.length;
    };
    const streaks = backProjectedNoise(size, 0.5, 14, 'streaks');
    expect(moments(streaks).sd).toBeCloseTo(1, 2);
    expect(along(streaks, 1)).toBeGreaterThan(along(streaks, size) + 0.05);
  });
});
