import { baker, bakeWarp, type Warp } from '../bake.ts';
import { noise } from '../noise.ts';
import type { Layer } from '../raster.ts';
import type { Box, Shape } from '../shape.ts';
import type { Branch } from '../tree.ts';
import { airwayLayers, lungLayers, noduleLayers, treeLayers, vesselBranches as branchesIn } from './lung.ts';
import { abdomenLayers, lungs, mediastinum } from './organs.ts';
import type { ChestPlan } from './plan.ts';
import type { ChestTissue } from './tissues.ts';
import { cage, spineLayers, tableLayers, wallLayers } from './wall.ts';

type L = Layer<ChestTissue>;
const SPACE: Box = { low: [-215, -165, -200], high: [215, 130, 175] };

/** Layers too fine to sample, or too plain. */
const exact = /pulmonary vessel|bronchus|table|mattress|trachea/;

function stepOf(name: string): number {
  if (/skin|subcutaneous|abdominal fat/.test(name)) return 4;
  if (/rib|vertebra|arch|coronar|plaque|nodule|node|scapula|sternum|air|veins/.test(name)) return 1.5;
  return 2.5;
}

/** A chest about the carina on a CT table, layer upon layer. */
export function chest(plan: ChestPlan): L[] {
  const inner = cage();
  const space = lungs(inner);
  const centre = mediastinum(plan);
  const layers: L[] = [
    ...tableLayers(),
    ...wallLayers(plan),
    ...lungLayers(plan, space),
    ...abdomenLayers(plan, inner),
    ...centre.layers,
    ...spineLayers(plan),
    ...airwayLayers(),
    ...treeLayers(plan, space, centre.outline),
    ...noduleLayers(plan),
  ];
  return bakeAll(layers, plan);
}

/** The vessels of the lungs, for a projection. */
export const vesselBranches = (plan: ChestPlan): Branch[] => branchesIn(plan, lungs(cage()), mediastinum(plan).outline);

function bakeAll(layers: readonly L[], plan: ChestPlan): L[] {
  const { seed, girth } = plan;
  const w = [noise(seed + 381, 160), noise(seed + 382, 160), noise(seed + 383, 160)] as const;
  const warp: Warp = (x, y, z) => [x / girth - x + 2.2 * w[0](x, y, z), y / girth - y + 2 * w[1](x, y, z), 2 * w[2](x, y, z)];
  const steps = new Map<Shape, number>();
  for (const layer of layers) {
    const root = layer.shape.grows?.shape ?? layer.shape;
    steps.set(root, Math.min(steps.get(root) ?? 9, stepOf(layer.name)));
  }
  const baked = baker((shape) => steps.get(shape) ?? 2.5, { warp: bakeWarp(warp, SPACE, 10), within: SPACE });
  return layers.map((layer) => (exact.test(layer.name) ? layer : { ...layer, shape: baked(layer.shape) }));
}
