import type { Grid } from '../anatomy/grid.ts';
import type { MrImage, MrProtocol } from '../series/mr.ts';
import { mrHeader, mrInstance } from '../series/mr.ts';
import { type Series, type Study, seriesUid, studyUid } from '../series/study.ts';

/** A stack of a series; a localizer has several. */
export interface Stack {
  readonly grid: Grid;
  /** Images in the order of their numbers, from 1 within this stack; one grid's images only. */
  images(): Iterable<Omit<MrImage, 'number'>>;
  readonly count: number;
}

/** An MR series of one or more stacks. */
export function mrSeries(
  study: Study,
  protocol: MrProtocol,
  transferSyntaxUid: string,
  stacks: readonly Stack[],
): Series {
  return {
    studyInstanceUid: studyUid(study),
    seriesInstanceUid: seriesUid(study, protocol.number),
    number: protocol.number,
    modality: 'MR',
    description: protocol.description,
    transferSyntaxUid,
    instanceCount: stacks.reduce((sum, stack) => sum + stack.count, 0),
    *instances() {
      let number = 1;
      for (const { grid, images } of stacks) {
        const header = mrHeader(study, protocol, grid);
        for (const image of images()) yield mrInstance(study, protocol, header, grid, { ...image, number: number++ });
      }
    },
  };
}

/** One image per slice from planes. */
export const plainStack = (grid: Grid, slices: () => Iterable<readonly Float32Array[]>): Stack => ({
  grid,
  count: grid.slices,
  *images() {
    let slice = 0;
    for (const [signal] of slices()) yield { slice: slice++, signal: signal! };
  },
});
