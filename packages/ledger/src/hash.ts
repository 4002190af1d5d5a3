import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes } from './bytes.ts';

/** Bytes of a hash: SHA-256. */
export const HASH_BYTES = 32;

const leafPrefix = Uint8Array.of(0);
const nodePrefix = Uint8Array.of(1);

export { sha256 };

/** RFC 9162 2.1.1: the hash of an entry as a leaf of the tree. */
export const leafHash = (entry: Uint8Array): Uint8Array => sha256(concatBytes([leafPrefix, entry]));

/** RFC 9162 2.1.1: the hash of a node with two children. */
export const nodeHash = (left: Uint8Array, right: Uint8Array): Uint8Array =>
  sha256(concatBytes([nodePrefix, left, right]));

/** The root of the tree without leaves. */
export const EMPTY_ROOT: Uint8Array = sha256(new Uint8Array(0));
