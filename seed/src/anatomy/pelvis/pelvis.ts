import { bakeLayers } from '../bake-layers.ts';
import { type Field, fractal, noise, sheets } from '../noise.ts';
import type { Layer } from '../raster.ts';
import { rememberLast } from '../remember.ts';
import { type Box, offset } from '../shape.ts';
import type { Warp } from '../warp.ts';
import { boneLayers } from './bones.ts';
import { frame, levator } from './frame.ts';
import { muscleLayers, muscles } from './muscles.ts';
import { bladderLayers, bowelLayers, perineumLayers, rectumLayers, seminalLayers } from './organs.ts';
import type { PelvisPlan } from './plan.ts';
import { prostateLayers } from './prostate.ts';
import type { PelvisTissue } from './tissues.ts';
import { vesselLayers } from './vessels.ts';

type L = Layer<PelvisTissue>;

/** Smooth displacements of some millimetres, so that no organ is a mirrored drawing. */
function individual(seed: number): Warp {
  const wide = [noise(seed + 101, 150), noise(seed + 102, 150), noise(seed + 103, 150)] as const;
  const near = [noise(seed + 104, 34), noise(seed + 105, 34)] as const;
  return (x, y, z) => [
    2.6 * wide[0](x, y, z) + 0.9 * near[0](x, y, z),
    2.4 * wide[1](x, y, z) + 0.9 * near[1](x, y, z),
    2 * wide[2](x, y, z),
  ];
}

/** A sampling step (mm) that keeps the finest detail of a layer. */
function stepOf(name: string): number {
  if (/urethra|ejaculatory|vessel|plexus|^vas\b|seminal|capsule|nodule|scar|cleft/.test(name)) return 1;
  if (/^(skin|subcutaneous fat|superficial fascia|deep fat)$/.test(name)) return 4;
  if (/lesion|zone|stroma|joint|levator|mucosa|lumen|gas|tunica|symphysis|hip bone|femur/.test(name)) return 1.5;
  return 2.5;
}

/** Fat with its strands and small vessels: `where` makes them come and go. */
function fatTextures(seed: number): { under: Field; deep: Field } {
  const septa = sheets(noise(seed + 1, 15, [1, 1, 1.6]), 0.2);
  const strands = sheets(noise(seed + 4, 8), 0.15);
  const where = noise(seed + 5, 19);
  const lumps = fractal(seed + 2, 24, 3, 0.65);
  const grain = noise(seed + 6, 2.6);
  return {
    under: (x, y, z) =>
      0.4 * lumps(x, y, z) + 0.2 * grain(x, y, z) + 1.3 * septa(x, y, z) * Math.max(0, 0.6 + 0.5 * where(x, y, z)),
    deep: (x, y, z) =>
      0.5 * lumps(x, y, z) + 0.3 * grain(x, y, z) + 1.5 * strands(x, y, z) * Math.max(0, 0.25 + 0.6 * where(x, y, z)),
  };
}

/** What stays from one scan to the next: body, muscles, bones, vessels. */
function frameLayers(plan: PelvisPlan): L[] {
  const { seed } = plan;
  const { body, interior } = frame();
  const { under, deep } = fatTextures(seed);
  return [
    { name: 'skin', shape: body, tissue: 'skin' },
    { name: 'subcutaneous fat', shape: offset(body, -1.9), tissue: 'fat', texture: under },
    { name: 'superficial fascia', shape: interior, tissue: 'fascia', soft: 1 },
    { name: 'deep fat', shape: offset(interior, -0.7), soft: 1, tissue: 'deepFat', texture: deep },
    ...muscleLayers(seed, muscles()),
    ...boneLayers(seed),
    { name: 'levator', shape: levator(), tissue: 'levator', texture: noise(seed + 9, 5) },
    ...perineumLayers(plan),
    ...vesselLayers(plan),
  ];
}

const SPACE: Box = { low: [-190, -140, -105], high: [190, 150, 118] };
const frames = rememberLast<L[]>();

/** A male pelvis about the middle of the prostate, layer upon layer. */
export function pelvis(plan: PelvisPlan): L[] {
  const options = { stepOf, warp: individual(plan.seed), within: SPACE };
  const organs = [
    ...bowelLayers(plan),
    ...rectumLayers(plan),
    ...bladderLayers(plan),
    ...seminalLayers(plan),
    ...prostateLayers(plan),
  ];
  return [
    ...frames(`${plan.seed} ${plan.gland}`, () => bakeLayers(frameLayers(plan), options)),
    ...bakeLayers(organs, options),
  ];
}
