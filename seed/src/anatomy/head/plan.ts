import type { Vec3 } from '../shape.ts';

/** What makes one head differ from another. */
export interface HeadPlan {
  readonly seed: number;
  /** 1 = adult. */
  readonly scale: number;
  /** 0 = young, 1 = wide sulci and ventricles. */
  readonly atrophy: number;
  readonly lesions: readonly HeadLesion[];
}

export type HeadLesion =
  | { readonly kind: 'glioma'; readonly centre: Vec3; readonly radius: number }
  | { readonly kind: 'calvarial metastasis'; readonly centre: Vec3; readonly radius: number }
  | { readonly kind: 'white matter'; readonly count: number };
