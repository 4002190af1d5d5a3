/** A data element tag as one unsigned 32-bit number: group in the upper, element in the lower 16 bits. */
export type Tag = number;

export const tag = (group: number, element: number): Tag => ((group << 16) | element) >>> 0;
export const groupOf = (t: Tag): number => t >>> 16;
export const elementOf = (t: Tag): number => t & 0xffff;
export const isPrivate = (t: Tag): boolean => ((t >>> 16) & 1) === 1;
/** (gggg,0010-00FF) of an odd group reserves a block of private elements (PS3.5 7.8.1). */
export const isPrivateCreator = (t: Tag): boolean => isPrivate(t) && elementOf(t) >= 0x10 && elementOf(t) <= 0xff;
/** The tag of the private creator that owns a private element, e.g. (0029,1008) -> (0029,0010). */
export const privateCreatorTag = (t: Tag): Tag => tag(groupOf(t), elementOf(t) >>> 8);

/** `00100020`, the form of the DICOM JSON model. */
export const tagHex = (t: Tag): string => t.toString(16).toUpperCase().padStart(8, '0');
/** `(0010,0020)`, the form for people. */
export const formatTag = (t: Tag): string => `(${tagHex(t).slice(0, 4)},${tagHex(t).slice(4)})`;

/** Parses `00100020` or `(0010,0020)`; undefined for anything else. */
export function parseTag(text: string): Tag | undefined {
  const match = /^\(?([0-9a-fA-F]{4}),?([0-9a-fA-F]{4})\)?$/.exec(text);
  return match ? Number.parseInt(match[1]! + match[2]!, 16) : undefined;
}
