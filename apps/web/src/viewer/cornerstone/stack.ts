import { utilities } from '@cornerstonejs/metadata';
import { type JsonDataSet, numberValue, numberValues, textValue } from '../../api/data-set.ts';
import { instancePath } from '../../api/dicomweb.ts';
import { saneHeader } from './sane-header.ts';

/** One picture of a series: a frame of an instance. */
export interface StackImage {
  readonly imageId: string;
  /** The header of the instance. */
  readonly header: JsonDataSet;
  /** From 1. */
  readonly frame: number;
  readonly frames: number;
}

export interface Stack {
  readonly seriesUid: string;
  readonly images: readonly StackImage[];
}

const registered = new Set<string>();

/**
 * The images of a series in reading order. Their headers are handed to Cornerstone, which asks for them by image id.
 */
export function createStack(studyUid: string, seriesUid: string, headers: readonly JsonDataSet[]): Stack {
  const images = headers
    .filter((header) => header['00280010'] !== undefined && header['00280011'] !== undefined)
    .toSorted(byReadingOrder)
    .flatMap((header) => {
      const base = `wadors:${instancePath(studyUid, seriesUid, textValue(header, '00080018'))}`;
      const frames = Math.max(1, numberValue(header, '00280008') ?? 1);
      register(base, header);
      return Array.from({ length: frames }, (_, index) => ({
        imageId: `${base}/frames/${index + 1}`,
        header,
        frame: index + 1,
        frames,
      }));
    });
  return { seriesUid, images };
}

function register(baseImageId: string, header: JsonDataSet): void {
  if (registered.has(baseImageId)) return;
  registered.add(baseImageId);
  void utilities.addDicomWebInstance(baseImageId, saneHeader(header));
}

/** By instance number, as makers mean it; where that says nothing, by position along the slice normal. */
function byReadingOrder(a: JsonDataSet, b: JsonDataSet): number {
  const number = (numberValue(a, '00200013') ?? 0) - (numberValue(b, '00200013') ?? 0);
  return number || position(a) - position(b) || textValue(a, '00080018').localeCompare(textValue(b, '00080018'));
}

/** Millimetres along the normal of the image's plane (PS3.3 C.7.6.2.1.1). */
function position(header: JsonDataSet): number {
  const [x = 0, y = 0, z = 0] = numberValues(header, '00200032');
  const [a = 1, b = 0, c = 0, d = 0, e = 1, f = 0] = numberValues(header, '00200037');
  return x * (b * f - c * e) + y * (c * d - a * f) + z * (a * e - b * d);
}
