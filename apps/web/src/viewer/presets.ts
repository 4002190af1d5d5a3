import { type JsonDataSet, numberValues, textValue, textValues } from '../api/data-set.ts';
import { t } from '../text/t.ts';

/** A grey-scale window to choose. */
export interface Preset {
  readonly name: string;
  readonly center: number;
  readonly width: number;
}

/** Customary windows for CT, Hounsfield units. */
const ct: readonly Preset[] = [
  { name: t('viewer.preset.softTissue'), center: 40, width: 400 },
  { name: t('viewer.preset.lung'), center: -600, width: 1500 },
  { name: t('viewer.preset.liver'), center: 90, width: 150 },
  { name: t('viewer.preset.bone'), center: 480, width: 2500 },
  { name: t('viewer.preset.brain'), center: 40, width: 80 },
  { name: t('viewer.preset.stroke'), center: 32, width: 8 },
  { name: t('viewer.preset.angiography'), center: 300, width: 600 },
];

/** The windows that the file itself proposes (PS3.3 C.11.2.1.2), then those of its modality. */
export function presetsOf(header: JsonDataSet): Preset[] {
  const centers = numberValues(header, '00281050');
  const widths = numberValues(header, '00281051');
  const names = textValues(header, '00281055');
  const own = centers.flatMap((center, index) => {
    const width = widths[index];
    return width === undefined ? [] : [{ name: names[index] || ownName(index, centers.length), center, width }];
  });
  if (textValue(header, '00080060') !== 'CT') return own;
  const isNew = (preset: Preset) =>
    !own.some(({ center, width }) => center === preset.center && width === preset.width);
  return [...own, ...ct.filter(isNew)];
}

function ownName(index: number, count: number): string {
  return count > 1 ? t('viewer.preset.file.number', { number: index + 1 }) : t('viewer.preset.file');
}
