import { covers, parseAccept } from '../media/media-type.ts';
import type { PictureType } from './frame-tasks.ts';

/** How pictures are to be sent. */
export interface PictureForm {
  readonly multipart: boolean;
  readonly type: PictureType;
}

/** JPEG is the default (PS3.18 8.7.4). */
export const PICTURE_TYPES: readonly PictureType[] = ['image/jpeg', 'image/png'];

/** What an Accept header means: pictures as parts, one picture alone, or whatever fits the resource. */
export type AcceptedPicture = { readonly kind: 'parts' | 'alone' | 'any'; readonly type: PictureType };

/** The kinds of pictures that are accepted, best first. */
export function acceptedPictures(accept: string | undefined): AcceptedPicture[] {
  return parseAccept(accept).flatMap(({ name, parameters }): AcceptedPicture[] => {
    const named = parameters.get('type')?.toLowerCase();
    if (name === '*/*') return [{ kind: 'any', type: typeFor(named ?? '*/*') ?? 'image/jpeg' }];
    const multipart = name === 'multipart/related' || name === 'multipart/*';
    const type = typeFor(multipart ? (named ?? 'image/*') : name);
    return type ? [{ kind: multipart ? 'parts' : 'alone', type }] : [];
  });
}

const typeFor = (accepted: string): PictureType | undefined => PICTURE_TYPES.find((type) => covers(accepted, type));
