import { createHash, randomBytes } from 'node:crypto';

/** A secret that nobody guesses: 256 bits, fit for headers and addresses. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

/** How secrets are kept: what has 256 bits of randomness needs no slow hash. */
export const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();
