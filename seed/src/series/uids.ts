import { createHash } from 'node:crypto';

/** Raised when what is generated changes: other pixels must not go by the same UIDs. */
const GENERATION = '1';

/** A UID that follows from names: `2.25.` and a UUID as a decimal number (PS3.5 B.2). */
export function uidOf(...names: readonly (string | number)[]): string {
  const bytes = createHash('sha256')
    .update([GENERATION, ...names].join('\u0000'))
    .digest()
    .subarray(0, 16);
  // Version 8 (custom) and variant of RFC 9562.
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return `2.25.${BigInt(`0x${bytes.toString('hex')}`)}`;
}
