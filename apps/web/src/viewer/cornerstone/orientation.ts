import type { StackViewport, Types } from '@cornerstonejs/core';
import { utilities } from '@cornerstonejs/tools';

/** Which side of the patient lies towards which edge, in the letters of PS3.3 C.7.6.1.1.1: R L A P H F. */
export interface Sides {
  readonly left: string;
  readonly right: string;
  readonly top: string;
  readonly bottom: string;
}

/** Read off the view itself, so that it is right after any turn or flip. */
export function orientationOf(viewport: StackViewport): Sides | null {
  const { clientWidth: width, clientHeight: height } = viewport.element;
  if (width === 0 || height === 0) return null;
  const right = direction(viewport.canvasToWorld([0, 0]), viewport.canvasToWorld([width, 0]));
  const down = direction(viewport.canvasToWorld([0, 0]), viewport.canvasToWorld([0, height]));
  if (!right || !down) return null;
  const { getOrientationStringLPS: letters, invertOrientationStringLPS: opposite } = utilities.orientation;
  const toRight = letters(right);
  const toBottom = letters(down);
  return { right: toRight, left: opposite(toRight), bottom: toBottom, top: opposite(toBottom) };
}

function direction(from: Types.Point3, to: Types.Point3): Types.Point3 | null {
  const [x, y, z] = [to[0] - from[0], to[1] - from[1], to[2] - from[2]];
  const length = Math.hypot(x, y, z);
  return length > 0 ? [x / length, y / length, z / length] : null;
}
