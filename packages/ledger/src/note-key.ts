import { ed25519 } from '@noble/curves/ed25519.js';
import { concatBytes, fromBase64, toBase64 } from './bytes.ts';
import { sha256 } from './hash.ts';
import { LedgerError } from './ledger-error.ts';

/** C2SP signed-note: the type of an Ed25519 key and its signatures. */
const ED25519 = 1;

/** Whose signature on a note is believed. */
export interface Verifier {
  readonly name: string;
  /** Four bytes that tell keys of one name apart; they prove nothing. */
  readonly keyId: Uint8Array;
  readonly publicKey: Uint8Array;
  verify(text: Uint8Array, signature: Uint8Array): boolean;
}

export interface Signer extends Verifier {
  sign(text: Uint8Array): Uint8Array;
}

/** `seed`: the 32 secret bytes of an Ed25519 key (RFC 8032). */
export function noteSigner(name: string, seed: Uint8Array): Signer {
  return { ...noteVerifier(name, ed25519.getPublicKey(seed)), sign: (text) => ed25519.sign(text, seed) };
}

export function noteVerifier(name: string, publicKey: Uint8Array): Verifier {
  if (!isKeyName(name)) throw new LedgerError('range', 'The name of a key is not empty and has no space and no plus');
  if (publicKey.length !== 32) throw new LedgerError('range', 'An Ed25519 public key has 32 bytes');
  return {
    name,
    publicKey,
    keyId: keyIdOf(name, publicKey),
    verify: (text, signature) => {
      // A key or signature that is no point of the curve makes the library throw.
      try {
        return signature.length === 64 && ed25519.verify(signature, text, publicKey);
      } catch {
        return false;
      }
    },
  };
}

/** C2SP signed-note, "Signatures": SHA-256 of name, line feed, type and public key; the first four bytes. */
function keyIdOf(name: string, publicKey: Uint8Array): Uint8Array {
  return sha256(concatBytes([new TextEncoder().encode(`${name}\n`), Uint8Array.of(ED25519), publicKey])).subarray(0, 4);
}

/** C2SP signed-note: not empty, no Unicode space, no plus. */
export const isKeyName = (name: string): boolean => /^[^\s+]+$/u.test(name) && name.isWellFormed();

/** The text by which a verifier is handed on: `name+2a6f2b1c+base64`. */
export function formatVerifier({ name, keyId, publicKey }: Verifier): string {
  return `${name}+${hex(keyId)}+${toBase64(concatBytes([Uint8Array.of(ED25519), publicKey]))}`;
}

export function parseVerifier(text: string): Verifier {
  const [, name = '', id, key = ''] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/u.exec(text) ?? [];
  const bytes = fromBase64(key);
  if (bytes[0] !== ED25519 || bytes.length !== 33)
    throw new LedgerError('malformed', 'This is no Ed25519 verifier key');
  const verifier = noteVerifier(name, bytes.subarray(1));
  if (hex(verifier.keyId) !== id) throw new LedgerError('malformed', 'The key id is not that of the key');
  return verifier;
}

const hex = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
