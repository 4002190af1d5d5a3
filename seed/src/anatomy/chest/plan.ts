import type { Vec3 } from '../shape.ts';

/** What makes one chest differ from another. */
export interface ChestPlan {
  readonly seed: number;
  readonly sex: 'F' | 'M';
  /** Body width, 1 = 350 mm. */
  readonly girth: number;
  /** 0 = none, 1 = much of the upper lobes destroyed. */
  readonly emphysema: number;
  /** Contrast medium in the blood (venous phase). */
  readonly contrast: boolean;
  readonly nodules: readonly Nodule[];
  /** Enlarged lymph nodes. */
  readonly nodes: readonly { readonly centre: Vec3; readonly radius: number }[];
}

export interface Nodule {
  readonly centre: Vec3;
  readonly radius: number;
  readonly kind: 'spiculated' | 'smooth' | 'ground glass';
}
