import type { Random } from '../random.ts';
import { capsule, type Distance, type Shape, type Vec3 } from './shape.ts';

/** A branching vessel or airway, piece by piece. */
export interface Branch {
  readonly from: Vec3;
  readonly to: Vec3;
  readonly fromRadius: number;
  readonly toRadius: number;
}

export interface TreeOptions {
  readonly root: Vec3;
  /** Where the trunk heads. */
  readonly heading: Vec3;
  /** Ends that the tree shall reach. */
  readonly targets: readonly Vec3[];
  readonly leafRadius: number;
  /** A parent's radius to this power is the sum over its children: Murray's law has 3, lungs measure about 2.7. */
  readonly exponent: number;
  readonly random: Random;
}

interface Node {
  readonly at: Vec3;
  readonly parent: number;
  readonly direction: Vec3;
  /** Sum of the leaves' radii to the exponent. */
  flow: number;
}

const minus = (a: Vec3, b: Vec3): Vec3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
const unit = (a: Vec3): Vec3 => {
  const length = Math.hypot(...a) || 1;
  return [a[0] / length, a[1] / length, a[2] / length];
};

/** The node from which a branch to the target is short and doesn't turn back. */
function nearest(nodes: readonly Node[], target: Vec3): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < nodes.length; i++) {
    const { at, direction } = nodes[i]!;
    const dx = target[0] - at[0];
    const dy = target[1] - at[1];
    const dz = target[2] - at[2];
    const d = Math.sqrt(dx * dx + dy * dy + dz * dz);
    const cost = d * 1.75 - 0.75 * (dx * direction[0] + dy * direction[1] + dz * direction[2]);
    if (cost < least) {
      least = cost;
      best = i;
    }
  }
  return best;
}

/** Adds a gently curved path from a node to the target. */
function extend(nodes: Node[], from: number, target: Vec3, random: Random): number {
  const start = nodes[from]!;
  const whole = minus(target, start.at);
  const length = Math.hypot(...whole);
  const pieces = Math.max(1, Math.round(length / 7));
  let previous = from;
  for (let i = 1; i <= pieces; i++) {
    const t = i / pieces;
    const bow = Math.sin(Math.PI * t) * length * 0.16;
    const jitter = i === pieces ? 0 : length * 0.025;
    const at: Vec3 = [0, 1, 2].map(
      (k) => start.at[k]! + whole[k]! * t + start.direction[k]! * bow + jitter * random.between(-1, 1),
    ) as [number, number, number];
    nodes.push({ at, parent: previous, direction: unit(minus(at, nodes[previous]!.at)), flow: 0 });
    previous = nodes.length - 1;
  }
  return previous;
}

/**
 * Grows a tree towards its targets in random order: the first make the trunk and main branches, the later ones find
 * those near by.
 */
export function growTree(options: TreeOptions): Branch[] {
  const { exponent, leafRadius, random } = options;
  const nodes: Node[] = [{ at: options.root, parent: -1, direction: unit(options.heading), flow: 0 }];
  for (const target of options.targets) {
    let node = extend(nodes, nearest(nodes, target), target, random);
    const leaf = (leafRadius * random.between(0.8, 1.2)) ** exponent;
    for (; node >= 0; node = nodes[node]!.parent) nodes[node]!.flow += leaf;
  }
  return nodes.slice(1).map((node) => {
    const parent = nodes[node.parent]!;
    const radius = node.flow ** (1 / exponent);
    return {
      from: parent.at,
      to: node.at,
      fromRadius: Math.min(parent.flow ** (1 / exponent), 1.25 * radius),
      toRadius: radius,
    };
  });
}

/** Random points inside a shape; `bias` < 1 keeps a point only with that probability at that place. */
export function pointsIn(shape: Shape, count: number, margin: number, random: Random, bias?: Distance): Vec3[] {
  const { low, high } = shape.bounds;
  const points: Vec3[] = [];
  for (let tries = 0; tries < count * 60 && points.length < count; tries++) {
    const p = [0, 1, 2].map((i) => random.between(low[i]!, high[i]!)) as [number, number, number];
    if (shape.distance(...p) > -margin) continue;
    if (bias && random.next() > bias(...p)) continue;
    points.push(p);
  }
  return points;
}

export const branchShape = (branch: Branch, by = 0): Shape =>
  capsule(branch.from, branch.to, Math.max(0.1, branch.fromRadius + by), Math.max(0.1, branch.toRadius + by));
