import { bake } from '../bake.ts';
import { bakeLayers } from '../bake-layers.ts';
import { noise } from '../noise.ts';
import type { Layer } from '../raster.ts';
import { rememberLast } from '../remember.ts';
import type { Box } from '../shape.ts';
import type { Branch } from '../tree.ts';
import type { Warp } from '../warp.ts';
import { cage } from './cage.ts';
import { airwayLayers, vesselBranches as branchesIn, lungLayers, noduleLayers, treeLayers } from './lung.ts';
import { abdomenLayers, lungs, mediastinum, nodeLayers } from './organs.ts';
import type { ChestPlan } from './plan.ts';
import { spineLayers } from './spine.ts';
import type { ChestTissue } from './tissues.ts';
import { tableLayers, wallLayers } from './wall.ts';

type L = Layer<ChestTissue>;
const SPACE: Box = { low: [-215, -165, -200], high: [215, 130, 175] };

/** Layers too fine to sample, or too plain. */
const exact = /pulmonary vessel|bronchus|table|mattress|trachea/;

function stepOf(name: string): number {
  if (/skin|subcutaneous|abdominal fat/.test(name)) return 4;
  if (/rib|vertebra|arch|coronar|plaque|nodule|node|scapula|sternum|air|veins/.test(name)) return 1.5;
  return 2.5;
}

/** Smooth displacements of some millimetres, and the body's width. */
function individual({ seed, girth }: ChestPlan): Warp {
  const w = [noise(seed + 381, 160), noise(seed + 382, 160), noise(seed + 383, 160)] as const;
  return (x, y, z) => [x / girth - x + 2.2 * w[0](x, y, z), y / girth - y + 2 * w[1](x, y, z), 2 * w[2](x, y, z)];
}

/** Everything but disease that changes from one scan to the next. */
function bodyLayers(plan: ChestPlan): L[] {
  const { inner, space, centre, outline } = cavities(plan);
  return [
    ...tableLayers(),
    ...wallLayers(plan, inner),
    ...lungLayers(plan, space),
    ...abdomenLayers(plan, inner),
    ...centre.layers,
    ...spineLayers(plan),
    ...airwayLayers(),
    ...treeLayers(plan, space, outline),
  ];
}

/** Shapes that many others ask for; sampled coarsely, so that their distances reach through the chest wall. */
function cavities(plan: ChestPlan) {
  const inner = bake(cage(), { step: 4, band: 30 });
  const centre = mediastinum(plan);
  return { inner, space: lungs(inner), centre, outline: bake(centre.outline, { step: 3, band: 6 }) };
}

const bodies = rememberLast<L[]>();

/** A chest about the carina on a CT table, layer upon layer. */
export function chest(plan: ChestPlan): L[] {
  const options = { stepOf, warp: individual(plan), within: SPACE, exact };
  const { nodules: _, nodes: __, contrast: ___, ...body } = plan;
  return [
    ...bodies(JSON.stringify(body), () => bakeLayers(bodyLayers(plan), options)),
    ...bakeLayers([...nodeLayers(plan), ...noduleLayers(plan)], options),
  ];
}

/** The vessels of the lungs, for a projection. */
export function vesselBranches(plan: ChestPlan): Branch[] {
  const { space, outline } = cavities(plan);
  return branchesIn(plan, space, outline);
}
