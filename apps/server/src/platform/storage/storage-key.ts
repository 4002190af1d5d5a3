import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { StorageMisconfigured } from './storage-error.ts';

/** A 256-bit key that objects are encrypted with, and the id (8 bytes, hexadecimal) that says so in each of them. */
export interface StorageKey {
  readonly id: string;
  readonly secret: KeyObject;
}

/** The keys of a store: the first one encrypts; all of them decrypt, each what it encrypted in its time. */
export class Keyring {
  readonly current: StorageKey;
  readonly #keys: ReadonlyMap<string, StorageKey>;

  constructor(keys: readonly StorageKey[]) {
    const [current] = keys;
    if (!current) throw new StorageMisconfigured('The key file holds no key.');
    this.current = current;
    this.#keys = new Map(keys.map((key) => [key.id, key]));
  }

  /**
   * Reads a key file: a key a line, each 32 random bytes in base64 or as 64 hexadecimal digits; empty lines and lines
   * that begin with # don't count. To rotate, put the new key on a line above the old one.
   */
  static async load(path: string): Promise<Keyring> {
    let text: string;
    try {
      text = await readFile(path, 'utf8');
    } catch (error) {
      throw new StorageMisconfigured(`The key file ${path} can't be read.`, { cause: error });
    }
    const lines = text
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '' && !line.startsWith('#'));
    return new Keyring(
      lines.map((line, index) => {
        const bytes = keyBytes(line);
        if (bytes) return storageKey(bytes);
        throw new StorageMisconfigured(
          `Key ${index + 1} in ${path} is not a key: 32 random bytes in base64 (openssl rand -base64 32) are needed.`,
        );
      }),
    );
  }

  get(id: string): StorageKey | undefined {
    return this.#keys.get(id);
  }
}

/** The id is made from the key, so that it needs no name; it tells nothing about it. */
export function storageKey(bytes: Uint8Array): StorageKey {
  const id = createHmac('sha256', bytes).update('isocenter storage key id').digest('hex').slice(0, 16);
  return { id, secret: createSecretKey(bytes) };
}

function keyBytes(line: string): Buffer | undefined {
  if (/^[0-9a-fA-F]{64}$/.test(line)) return Buffer.from(line, 'hex');
  return /^[A-Za-z0-9+/_-]{43}=?$/.test(line) ? Buffer.from(line, 'base64') : undefined;
}
