import type { JsonAttribute, JsonDataSet } from '../../api/data-set.ts';

/** How many numbers an attribute of the geometry must have; Cornerstone throws at any other count. */
const counts: Readonly<Record<string, number>> = {
  '00200032': 3, // Image Position (Patient)
  '00200037': 6, // Image Orientation (Patient)
  '00280030': 2, // Pixel Spacing
  '00181164': 2, // Imager Pixel Spacing
};

/** The header without geometry that can't be meant: the image is then shown without measures instead of not at all. */
export function saneHeader(header: JsonDataSet): Record<string, JsonAttribute> {
  return Object.fromEntries(
    Object.entries(header).flatMap(([tag, attribute]): [string, JsonAttribute][] => {
      const count = counts[tag];
      if (count !== undefined && !isNumbers(attribute.Value, count)) return [];
      return [[tag, attribute.vr === 'SQ' ? saneItems(attribute) : attribute]];
    }),
  );
}

function saneItems(sequence: JsonAttribute): JsonAttribute {
  if (!sequence.Value) return sequence;
  const items = sequence.Value as readonly (JsonDataSet | null)[];
  return { ...sequence, Value: items.map((item) => (item ? saneHeader(item) : item)) };
}

function isNumbers(values: readonly unknown[] | undefined, count: number): boolean {
  return values?.length === count && values.every((value) => value !== null && Number.isFinite(Number(value)));
}
