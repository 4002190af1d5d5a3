/** The data dictionary (PS3.6) and what is known of makers' private elements. Built on first use. */
import { ATTRIBUTES } from './standard/attributes.gen.js';
import { PRIVATE_ATTRIBUTES } from './standard/private-attributes.gen.js';
import { UIDS } from './standard/uids.gen.js';
import { elementOf, groupOf, isPrivate, isPrivateCreator, type Tag, tagHex } from './tag.ts';
import type { VR } from './vr.ts';

/** VRs that depend on other attributes of the data set; see {@link resolveAmbiguousVR}. */
export type AmbiguousVR = 'US or SS' | 'OB or OW' | 'US or OW' | 'US or SS or OW';

export interface Attribute {
  /** Empty for group lengths, private elements and some retired attributes. */
  readonly keyword: string;
  readonly name: string;
  readonly vr: VR | AmbiguousVR;
  /** As PS3.6 writes it: `1`, `1-n`, `2-2n`. */
  readonly vm: string;
  readonly retired: boolean;
}

export interface RegisteredUid {
  readonly uid: string;
  readonly keyword: string;
  /** As PS3.6 Table A-1 writes it: `SOP Class`, `Transfer Syntax`, … */
  readonly type: string;
  readonly name: string;
  readonly retired: boolean;
}

interface Repeating {
  readonly mask: number;
  readonly value: number;
  readonly line: string;
}
/** Rows of the table, sorted by tag, and those whose tags have an x. */
interface Table {
  readonly lines: readonly string[];
  readonly repeating: readonly Repeating[];
}

let table: Table | undefined;
const vrs = new Map<Tag, VR | AmbiguousVR>();
const attributes = new Map<Tag, Attribute>();
const keywords = new Map<string, Tag>();
const privateBlocks = new Map<string, string>();
const privateAttributes = new Map<string, ReadonlyMap<string, Attribute>>();
const uids = new Map<string, RegisteredUid>();

const groupLength: Attribute = { keyword: '', name: 'Group Length', vr: 'UL', vm: '1', retired: true };
const privateCreator: Attribute = { keyword: '', name: 'Private Creator', vr: 'LO', vm: '1', retired: false };

/**
 * What PS3.6 says of a tag; also of repeating groups (50xx, 60xx, …), group lengths and private creators. Undefined for
 * tags that the standard doesn't have, private elements among them: {@link privateAttributeOf}.
 */
export function attributeOf(tag: Tag): Attribute | undefined {
  const known = attributes.get(tag);
  if (known) return known;
  const line = lineOf(tag);
  if (line !== undefined) {
    const attribute = parseAttribute(line);
    attributes.set(tag, attribute);
    return attribute;
  }
  if (isPrivateCreator(tag)) return privateCreator;
  return elementOf(tag) === 0 ? groupLength : undefined;
}

/** What is known of a private element, by its private creator's value (PS3.5 7.8.1). */
export function privateAttributeOf(tag: Tag, creator: string): Attribute | undefined {
  const block = privateBlockOf(creator);
  if (!block) return undefined;
  const hex = tagHex(tag);
  const group = hex.slice(0, 4);
  const element = hex.slice(6);
  return block.get(hex) ?? block.get(`${group}xx${element}`) ?? block.get(`${group.slice(0, 2)}xxxx${element}`);
}

/**
 * The VR of an element that was written in implicit VR, or as UN. Private elements need the value of their private
 * creator; without, and for tags that nobody knows, it is UN (PS3.5 6.2.2 note 2). Private group lengths are not private
 * elements of anyone and stay UN.
 */
export function vrOf(tag: Tag, creator?: string): VR | AmbiguousVR {
  const known = vrs.get(tag);
  if (known) return known;
  if (isPrivate(tag)) return isPrivateCreator(tag) ? 'LO' : privateVR(tag, creator);
  const line = lineOf(tag);
  if (line === undefined) return elementOf(tag) === 0 ? 'UL' : 'UN';
  const start = line.indexOf('|', 9) + 1;
  const vr = parseVR(line.slice(start, line.indexOf('|', start)));
  vrs.set(tag, vr);
  return vr;
}

function privateVR(tag: Tag, creator: string | undefined): VR | AmbiguousVR {
  if (!creator || elementOf(tag) < 0x0100) return 'UN';
  return privateAttributeOf(tag, creator)?.vr ?? 'UN';
}

/** The tag of a keyword; of a repeating group the first, e.g. OverlayData -> (6000,3000). */
export function tagOf(keyword: string): Tag | undefined {
  const known = keywords.get(keyword);
  if (known !== undefined || !/^\w+$/.test(keyword)) return known;
  const wanted = `|${keyword}|`;
  for (let at = ATTRIBUTES.indexOf(wanted); at >= 0; at = ATTRIBUTES.indexOf(wanted, at + 1)) {
    if (at !== 8 && ATTRIBUTES[at - 9] !== '\n') continue;
    const tag = Number.parseInt(ATTRIBUTES.slice(at - 8, at).replaceAll('x', '0'), 16);
    keywords.set(keyword, tag);
    return tag;
  }
  return undefined;
}

export const registeredUid = (uid: string): RegisteredUid | undefined => uidIndex().get(uid);
export const uidName = (uid: string): string | undefined => uidIndex().get(uid)?.name;

/** The name of a SOP class, e.g. `CT Image Storage`; undefined for any other UID. */
export function sopClassName(uid: string): string | undefined {
  const found = uidIndex().get(uid);
  return found?.type === 'SOP Class' || found?.type === 'Meta SOP Class' ? found.name : undefined;
}

export const allUids = (): Iterable<RegisteredUid> => uidIndex().values();

/** Tags of every attribute outside the repeating groups. */
export const allTags = (): Tag[] =>
  theTable().lines.flatMap((line) => (line.slice(0, 8).includes('x') ? [] : [Number.parseInt(line.slice(0, 8), 16)]));

function lineOf(tag: Tag): string | undefined {
  const { lines, repeating } = theTable();
  const hex = tagHex(tag);
  let low = 0;
  let high = lines.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (lines[middle]! < hex) low = middle + 1;
    else high = middle;
  }
  if (lines[low]?.startsWith(hex)) return lines[low];
  if (isPrivate(tag)) return undefined;
  return repeating.find((row) => (tag & row.mask) >>> 0 === row.value)?.line;
}

function theTable(): Table {
  if (table) return table;
  const lines = ATTRIBUTES.split('\n');
  const repeating = lines
    .filter((line) => line.slice(0, 8).includes('x'))
    .map((line) => ({ ...maskOf(line.slice(0, 8)), line }));
  table = { lines, repeating };
  return table;
}

function maskOf(pattern: string): { mask: number; value: number } {
  const mask = Number.parseInt(pattern.replace(/[^x]/g, 'F').replaceAll('x', '0'), 16);
  return { mask, value: Number.parseInt(pattern.replaceAll('x', '0'), 16) };
}

/** The tables hold VRs only; the items and delimiters of group FFFE have none. */
const parseVR = (text: string): VR | AmbiguousVR => (text === '' ? 'UN' : (text as VR | AmbiguousVR));

function parseAttribute(line: string): Attribute {
  const [, keyword = '', vr = '', vm = '', retired, name] = line.split('|');
  return { keyword, name: name || spaced(keyword), vr: parseVR(vr), vm, retired: retired === 'R' };
}

/** The generator leaves out names that are the keyword with spaces. */
const spaced = (keyword: string): string =>
  keyword.replace(/([a-z0-9])([A-Z])/g, '$1 $2').replace(/([A-Z])([A-Z][a-z])/g, '$1 $2');

function privateBlockOf(creator: string): ReadonlyMap<string, Attribute> | undefined {
  const known = privateAttributes.get(creator);
  if (known) return known;
  if (privateBlocks.size === 0) {
    for (const block of PRIVATE_ATTRIBUTES.slice(1).split('\n@')) {
      const end = block.indexOf('\n');
      privateBlocks.set(block.slice(0, end), block.slice(end + 1));
    }
  }
  const block = privateBlocks.get(creator);
  if (block === undefined) return undefined;
  const parsed = new Map<string, Attribute>();
  for (const line of block.split('\n')) {
    const [tag = '', vr = '', vm = '', name = ''] = line.split('|');
    parsed.set(tag, { keyword: '', name, vr: parseVR(vr), vm, retired: false });
  }
  privateAttributes.set(creator, parsed);
  return parsed;
}

function uidIndex(): ReadonlyMap<string, RegisteredUid> {
  if (uids.size > 0) return uids;
  for (const line of UIDS.split('\n')) {
    const [uid = '', keyword = '', type = '', retired, name = ''] = line.split('|');
    uids.set(uid, { uid, keyword, type, name, retired: retired === 'R' });
  }
  return uids;
}

/** What the VR of an ambiguous attribute depends on. */
export interface VRContext {
  /** The data set is written in explicit VR; absent = implicit VR, where PS3.5 A.1 leaves no choice of OB. */
  readonly explicitVR?: boolean;
  /** (0028,0103) of the data set or the nearest one around it. */
  readonly pixelRepresentation?: number | undefined;
  /** (0028,0100) Bits Allocated. */
  readonly bitsAllocated?: number | undefined;
  /** (5400,1004) Waveform Bits Allocated. */
  readonly waveformBitsAllocated?: number | undefined;
  /** The first value of (0028,3002) LUT Descriptor. */
  readonly lutEntries?: number | undefined;
  /** The value is encapsulated (PS3.5 A.4). */
  readonly encapsulated?: boolean;
}

/** One VR for an attribute that PS3.6 gives several (PS3.5 8.1.2, 8.2, Annex A; PS3.3 C.7.6.3.1, C.10.9.1, C.11.1.1). */
export function resolveAmbiguousVR(tag: Tag, vr: VR | AmbiguousVR, context: VRContext = {}): VR {
  switch (vr) {
    case 'US or SS':
      return context.pixelRepresentation ? 'SS' : 'US';
    case 'US or OW':
    case 'US or SS or OW':
      // A table of one entry is a number, any other is words (PS3.3 C.11.1.1.1).
      return context.lutEntries === 1 ? 'US' : 'OW';
    case 'OB or OW':
      return resolveOther(tag, context);
    default:
      return vr;
  }
}

function resolveOther(tag: Tag, context: VRContext): VR {
  if (context.encapsulated) return 'OB';
  if (!context.explicitVR) return 'OW';
  if (tag === 0x7fe00010) return (context.bitsAllocated ?? 16) > 8 ? 'OW' : 'OB';
  if (groupOf(tag) === 0x5400) return (context.waveformBitsAllocated ?? 16) > 8 ? 'OW' : 'OB';
  return 'OW';
}
