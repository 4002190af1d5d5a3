import { baker, bakeWarp, type Warp } from '../bake.ts';
import { fractal, noise, sheets } from '../noise.ts';
import type { Layer } from '../raster.ts';
import { offset, type Box, type Shape } from '../shape.ts';
import { boneLayers } from './bones.ts';
import { frame, levator, muscleLayers, muscles } from './frame.ts';
import { bladderLayers, bowelLayers, perineumLayers, rectumLayers, seminalLayers, vesselLayers } from './organs.ts';
import type { PelvisPlan } from './plan.ts';
import { prostateLayers } from './prostate.ts';
import type { PelvisTissue } from './tissues.ts';

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
  if (/urethra|duct|vessel|bundle|plexus|vas|seminal|capsule|nodule|scar|cleft/.test(name)) return 1;
  if (/^(skin|subcutaneous fat|superficial fascia|deep fat)$/.test(name)) return 4;
  if (/lesion|zone|stroma|joint|levator|mucosa|lumen|gas|tunica|symphysis|hip bone|femur/.test(name)) return 1.5;
  return 2;
}

/** A male pelvis about the middle of the prostate, layer upon layer. */
export function pelvis(plan: PelvisPlan): Layer<PelvisTissue>[] {
  const { seed } = plan;
  const { body, interior } = frame();
  // Septa come and go: strands between the lobules of fat, and small vessels in it.
  const septa = sheets(noise(seed + 1, 15, [1, 1, 1.6]), 0.2);
  const strands = sheets(fractal(seed + 4, 11, 2), 0.17);
  const where = noise(seed + 5, 19);
  const lumps = fractal(seed + 2, 26, 4, 0.6);
  const grain = noise(seed + 6, 2.6);
  const fat = (x: number, y: number, z: number): number =>
    0.4 * lumps(x, y, z) + 0.2 * grain(x, y, z) + 1.3 * septa(x, y, z) * Math.max(0, 0.6 + 0.5 * where(x, y, z));
  const deep = (x: number, y: number, z: number): number =>
    0.5 * lumps(x, y, z) + 0.3 * grain(x, y, z) + 1.5 * strands(x, y, z) * Math.max(0, 0.25 + 0.6 * where(x, y, z));
  const layers: Layer<PelvisTissue>[] = [
    { name: 'skin', shape: body, tissue: 'skin' },
    { name: 'subcutaneous fat', shape: offset(body, -1.9), tissue: 'fat', texture: fat },
    { name: 'superficial fascia', shape: interior, tissue: 'fascia', soft: 1 },
    { name: 'deep fat', shape: offset(interior, -0.7), soft: 1, tissue: 'deepFat', texture: deep },
    ...muscleLayers(seed, muscles()),
    ...boneLayers(seed),
    { name: 'levator', shape: levator(), tissue: 'levator', texture: noise(seed + 9, 5) },
    ...perineumLayers(plan),
    ...vesselLayers(plan),
    ...bowelLayers(plan),
    ...rectumLayers(plan),
    ...bladderLayers(plan),
    ...seminalLayers(plan),
    ...prostateLayers(plan),
  ];
  return bakeAll(layers, individual(seed));
}

const SPACE: Box = { low: [-190, -140, -105], high: [190, 150, 118] };

function bakeAll(layers: readonly Layer<PelvisTissue>[], warp: Warp): Layer<PelvisTissue>[] {
  const steps = new Map<Shape, number>();
  for (const layer of layers) {
    const root = layer.shape.grows?.shape ?? layer.shape;
    steps.set(root, Math.min(steps.get(root) ?? 9, stepOf(layer.name)));
  }
  const baked = baker((shape) => steps.get(shape) ?? 2, { warp: bakeWarp(warp, SPACE, 8), within: SPACE });
  return layers.map((layer) => ({ ...layer, shape: baked(layer.shape) }));
}
