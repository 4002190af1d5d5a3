export { KEY_CHANNEL, sharedSecret } from './key-store.ts';
export { type KeyAlgorithm, rotateKeys, type SigningKey, signingKeys } from './signing-keys.ts';
