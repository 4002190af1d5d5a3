import { ExplicitVRLittleEndian, type TransferSyntax, transferSyntaxOf } from '@isocenter/dicom';
import { encodableTransferSyntaxes } from '@isocenter/dicom/pixel';
import { type AcceptedType, covers, parseAccept } from '../media/media-type.ts';
import { currentName, defaultSyntaxOf, mediaTypeOf, OCTETS } from './frame-media-types.ts';

/** A way to send frames. */
export interface FrameForm {
  readonly multipart: boolean;
  /** Of each part. */
  readonly mediaType: string;
  /** Of each part. Equal to the stored one: the bytes go out as they are. */
  readonly transferSyntaxUid: string;
}

/** What there is to choose from. */
export interface FrameOffer {
  readonly stored: TransferSyntax;
  /** How many frames are asked for: several can only go as parts. */
  readonly count: number;
}

/**
 * The ways to send frames that an Accept header allows, best first (PS3.18 8.7.3, 8.7.8): later ones serve where an
 * earlier one turns out to be impossible. Empty: none is possible.
 *
 * `type="application/octet-stream"` is uncompressed little endian, unless `transfer-syntax=` asks for the stored one by
 * its UID or by `*`; frames then come with the media type of what they are, as viewers expect who ask in this way for
 * all there is.
 */
export function frameForms(accept: string | undefined, offer: FrameOffer): FrameForm[] {
  const forms: FrameForm[] = [];
  for (const type of parseAccept(accept)) {
    const multipart = type.name === 'multipart/related' || type.name.startsWith('*') || type.name === 'multipart/*';
    if (!multipart && offer.count !== 1) continue;
    for (const transferSyntaxUid of syntaxes(partType(type, multipart), type, offer.stored)) {
      forms.push({ multipart, mediaType: mediaTypeOf(transferSyntaxUid), transferSyntaxUid });
    }
  }
  return forms;
}

/** What could have been asked for, for those who asked for something else. */
export function availableForms({ stored, count }: FrameOffer): string[] {
  const types = [
    ...(isDecodable(stored) ? [OCTETS] : []),
    ...(stored.encapsulated ? [`${mediaTypeOf(stored.uid)}; transfer-syntax=${stored.uid}`] : []),
  ];
  const quoted = types.map((type) => type.replace(/^[^;]+/, (name) => `"${name}"`));
  return [...quoted.map((type) => `multipart/related; type=${type}`), ...(count === 1 ? types : [])];
}

function partType(type: AcceptedType, multipart: boolean): string {
  if (!multipart) return currentName(type.name);
  const named = type.parameters.get('type')?.toLowerCase();
  return currentName(named?.replace(/\/$/, '/*') ?? (type.name === 'multipart/related' ? OCTETS : '*/*'));
}

/** The transfer syntaxes that one accepted type allows, best first. */
function syntaxes(part: string, { parameters }: AcceptedType, stored: TransferSyntax): string[] {
  const named = parameters.get('transfer-syntax') || undefined;
  if (part === OCTETS) return named === undefined ? native(stored) : namedOctets(named, stored);
  if (covers(part, OCTETS))
    return named === undefined ? [...native(stored), asStored(stored)] : namedOctets(named, stored);
  if (part.endsWith('/*')) return covers(part, mediaTypeOf(stored.uid)) && stored.encapsulated ? [stored.uid] : [];
  const sameType = mediaTypeOf(stored.uid) === part && stored.encapsulated;
  if (named === '*') return sameType ? [stored.uid] : [];
  if (named === undefined) return sameType ? [stored.uid] : encoded(defaultSyntaxOf[part], stored);
  return mediaTypeOf(named) === part ? encoded(named, stored) : [];
}

function namedOctets(named: string, stored: TransferSyntax): string[] {
  if (named === '*' || named === stored.uid) return [asStored(stored)];
  return transferSyntaxOf(named).encapsulated ? encoded(named, stored) : native(stored);
}

const native = (stored: TransferSyntax): string[] => (isDecodable(stored) ? [ExplicitVRLittleEndian] : []);

/** Native frames have one form on the wire: little endian (PS3.18 8.7.3.5 forbids the other native syntaxes). */
const asStored = (stored: TransferSyntax): string => (stored.encapsulated ? stored.uid : ExplicitVRLittleEndian);

function encoded(target: string | undefined, stored: TransferSyntax): string[] {
  if (target === undefined) return [];
  if (target === stored.uid) return [target];
  const possible = encodableTransferSyntaxes.includes(target) && !transferSyntaxOf(target).lossy;
  return possible && isDecodable(stored) ? [target] : [];
}

const undecodable = new Set(['mpeg2', 'h264', 'h265', 'other']);
const encapsulatedUncompressed = '1.2.840.10008.1.2.1.98';

/** Whether anything here reads the pixels of a transfer syntax; of a frame it may still turn out that it can't be. */
export const isDecodable = ({ codec, uid }: TransferSyntax): boolean =>
  codec === undefined || !undecodable.has(codec) || uid === encapsulatedUncompressed;
