import type { Vec3 } from '../shape.ts';

export interface Lesion {
  readonly centre: Vec3;
  readonly radii: Vec3;
  readonly yaw?: number;
  /** Restricted diffusion and washout, or something less certain. */
  readonly grade: 'high' | 'low';
}

/** What makes one pelvis differ from another. */
export interface PelvisPlan {
  readonly seed: number;
  /** Scale of the gland, 1 = 45 mm across. */
  readonly gland: number;
  /** 0 = a young man's transition zone, 1 = marked hyperplasia. */
  readonly hyperplasia: number;
  /** 0 = empty, 1 = full. */
  readonly bladder: number;
  /** 0 = collapsed, 1 = distended by gas. */
  readonly gas: number;
  /** Millimetres within the gland's frame: x left, y posterior, z superior of its centre. */
  readonly lesions: readonly Lesion[];
}
