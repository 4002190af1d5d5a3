import { decodeText } from './character-set.ts';
import { resolveAmbiguousVR, vrOf } from './dictionary.ts';
import type { DataSet, Element, Encoding } from './model.ts';
import { isPrivate, isPrivateCreator, privateCreatorTag, type Tag } from './tag.ts';
import { isVR, type VR } from './vr.ts';

const SPECIFIC_CHARACTER_SET = 0x00080005;

/** A data set while it is read. */
export class MutableDataSet implements DataSet {
  readonly offset: number;
  end: number;
  truncated = false;
  readonly elements = new Map<Tag, Element>();
  readonly shadowed: Element[] = [];
  readonly encoding: Encoding;
  readonly parent?: DataSet;
  characterSet: readonly string[];

  constructor(encoding: Encoding, parent: DataSet | undefined, offset: number) {
    this.offset = offset;
    this.end = offset;
    this.encoding = encoding;
    this.characterSet = parent?.characterSet ?? [];
    if (parent) this.parent = parent;
  }

  add(element: Element): void {
    const earlier = this.elements.get(element.tag);
    if (earlier) this.shadowed.push(earlier);
    this.elements.set(element.tag, element);
    if (element.tag === SPECIFIC_CHARACTER_SET && element.value) {
      this.characterSet = decodeText(element.value, [], 'CS')
        .split('\\')
        .map((term) => term.trim());
    }
  }
}

/** The VR that the dictionary gives; of a private element, by its creator. */
export function dictionaryVR(tag: Tag, dataSet: DataSet): VR {
  const vr = vrOf(tag, isPrivate(tag) && !isPrivateCreator(tag) ? privateCreatorOf(tag, dataSet) : undefined);
  return isVR(vr) ? vr : resolveAmbiguousVR(tag, vr, { pixelRepresentation: pixelRepresentation(dataSet) ?? 0 });
}

/** (0028,0103), of this data set or the nearest one around it that has it. */
function pixelRepresentation(dataSet: DataSet): number | undefined {
  const value = dataSet.elements.get(0x00280103)?.value;
  if (value && value.length >= 2) return dataSet.encoding.littleEndian ? value[0] : value[1];
  return dataSet.parent && pixelRepresentation(dataSet.parent);
}

/** The text of the private creator that reserves the block of `tag`, in this data set. */
export function privateCreatorOf(tag: Tag, dataSet: DataSet): string | undefined {
  const value = dataSet.elements.get(privateCreatorTag(tag))?.value;
  if (!value) return undefined;
  // Padded by blanks, as PS3.5 has it, or by NUL, as some writers have it.
  let end = value.length;
  while (end > 0 && (value[end - 1] === 0x20 || value[end - 1] === 0)) end--;
  return decodeText(value.subarray(0, end), [], 'CS').trimStart();
}
