import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Sha256 } from '@isocenter/contract';
import { ObjectDamaged, StorageMisconfigured } from './storage-error.ts';
import type { StorageKey } from './storage-key.ts';

/*
 * A sealed object, all numbers big-endian:
 *
 *   header   0  magic 'ISOSEAL' and the version, 1
 *            8  id of the key (8 bytes)
 *           16  salt (32 random bytes)
 *           48  length of the content (8)
 *           56  length of a chunk (4), reserved zeros (4)
 *           64  HMAC-SHA-256 over bytes 0..63 and the address (32)
 *   chunks  of 64 KiB of content, the last one shorter (empty only in an empty object), each followed by its GCM tag
 *
 * HKDF-SHA-256 (RFC 5869) makes from key and salt, for this object alone: an AES-256 key, a MAC key and a nonce prefix
 * of 8 bytes. A chunk's nonce is the prefix and its number; number and a flag for the last chunk are its associated
 * data. So a chunk cut off, moved, repeated or taken from another object is noticed when it is read; the header's MAC
 * ties all of it to one address and one length. As each object has its own key, nonces can't meet.
 */
export const SEALED_HEADER_LENGTH = 96;
export const CHUNK = 64 * 1024;
export const TAG = 16;
export const SEALED_CHUNK = CHUNK + TAG;

const MAGIC = Buffer.from('ISOSEAL\x01', 'latin1');
const SALT_AT = 16;
const SIZE_AT = 48;
const CHUNK_AT = 56;
const MAC_AT = 64;
const KEY_ID_LENGTH = 8;
const INFO = 'isocenter sealed object 1';

interface ObjectKeys {
  readonly cipher: Buffer;
  readonly mac: Buffer;
  readonly noncePrefix: Buffer;
}

/** What is needed to open the chunks of one object. */
export interface SealedHeader extends Pick<ObjectKeys, 'cipher' | 'noncePrefix'> {
  readonly size: number;
  readonly keyId: string;
}

const chunksOf = (size: number): number => Math.max(1, Math.ceil(size / CHUNK));

/** How long the sealed object of a content of this length is. */
export const sealedSize = (size: number): number => SEALED_HEADER_LENGTH + size + chunksOf(size) * TAG;

/** The length of the content of a sealed object of this length; undefined when no content makes such a length. */
export function contentSize(stored: number): number | undefined {
  const body = stored - SEALED_HEADER_LENGTH;
  const size = body - Math.ceil(body / SEALED_CHUNK) * TAG;
  return size >= 0 && sealedSize(size) === stored ? size : undefined;
}

/** The chunks that hold content bytes `start` to `end`, and where they lie in the sealed object. */
export function chunkSpan(start: number, end: number, size: number) {
  const first = Math.floor(start / CHUNK);
  const last = Math.max(first, Math.ceil(end / CHUNK) - 1);
  const at = SEALED_HEADER_LENGTH + first * SEALED_CHUNK;
  return { first, last, start: at, end: Math.min(SEALED_HEADER_LENGTH + (last + 1) * SEALED_CHUNK, sealedSize(size)) };
}

/** Seals one object while its content comes in; its header can be made only when all of it is known. */
export class Sealer {
  readonly #key: StorageKey;
  readonly #salt = randomBytes(32);
  readonly #keys: ObjectKeys;
  #chunk = Buffer.allocUnsafe(CHUNK);
  #filled = 0;
  #number = 0;
  #size = 0;

  constructor(key: StorageKey) {
    this.#key = key;
    this.#keys = deriveKeys(key, this.#salt);
  }

  /** The sealed chunks that are complete now. The newest is held back, as it may be the last one. */
  update(content: Uint8Array): Buffer[] {
    const sealed: Buffer[] = [];
    this.#size += content.length;
    for (let at = 0; at < content.length; ) {
      if (this.#filled === CHUNK) sealed.push(...this.#seal(false));
      const part = content.subarray(at, at + CHUNK - this.#filled);
      this.#chunk.set(part, this.#filled);
      this.#filled += part.length;
      at += part.length;
    }
    return sealed;
  }

  finish(): Buffer[] {
    return this.#seal(true);
  }

  header(address: Sha256): Buffer {
    const header = Buffer.alloc(SEALED_HEADER_LENGTH);
    MAGIC.copy(header);
    header.write(this.#key.id, MAGIC.length, 'hex');
    this.#salt.copy(header, SALT_AT);
    header.writeBigUInt64BE(BigInt(this.#size), SIZE_AT);
    header.writeUInt32BE(CHUNK, CHUNK_AT);
    headerMac(this.#keys.mac, header, address).copy(header, MAC_AT);
    return header;
  }

  #seal(last: boolean): Buffer[] {
    const { nonce, associated } = chunkBinding(this.#keys.noncePrefix, this.#number, last);
    const cipher = createCipheriv('aes-256-gcm', this.#keys.cipher, nonce).setAAD(associated);
    const body = cipher.update(this.#chunk.subarray(0, this.#filled));
    cipher.final();
    this.#number++;
    this.#filled = 0;
    return body.length > 0 ? [body, cipher.getAuthTag()] : [cipher.getAuthTag()];
  }
}

/** Whether these bytes begin as a sealed object does. */
export const isSealed = (bytes: Buffer): boolean => bytes.subarray(0, MAGIC.length).equals(MAGIC);

/** Checks the header of the object at this address, and takes from it what opens the chunks. */
export function openHeader(
  bytes: Buffer,
  address: Sha256,
  keyOf: (id: string) => StorageKey | undefined,
): SealedHeader {
  if (!isSealed(bytes)) throw new ObjectDamaged(address, 'it is not encrypted');
  if (bytes.length < SEALED_HEADER_LENGTH) throw new ObjectDamaged(address, 'it is shorter than its header');
  const keyId = bytes.toString('hex', MAGIC.length, MAGIC.length + KEY_ID_LENGTH);
  const key = keyOf(keyId);
  // No verdict about the object: somebody may have to bring back an old key.
  if (!key) throw new StorageMisconfigured(`The key ${keyId}, which ${address} needs, is not in the key file.`);
  const keys = deriveKeys(key, bytes.subarray(SALT_AT, SIZE_AT));
  const mac = bytes.subarray(MAC_AT, SEALED_HEADER_LENGTH);
  const intact = timingSafeEqual(mac, headerMac(keys.mac, bytes, address)) && bytes.readUInt32BE(CHUNK_AT) === CHUNK;
  if (!intact) throw new ObjectDamaged(address, 'its header was changed or belongs to another object');
  const size = Number(bytes.readBigUInt64BE(SIZE_AT));
  return { size, keyId, cipher: keys.cipher, noncePrefix: keys.noncePrefix };
}

/** The content of chunk `number`; throws when it isn't exactly what was sealed at this place. */
export function openChunk(header: SealedHeader, address: Sha256, number: number, sealed: Buffer): Buffer {
  const last = number === chunksOf(header.size) - 1;
  const length = last ? header.size - number * CHUNK : CHUNK;
  if (sealed.length !== length + TAG) throw new ObjectDamaged(address, 'a part of it is missing');
  const { nonce, associated } = chunkBinding(header.noncePrefix, number, last);
  const decipher = createDecipheriv('aes-256-gcm', header.cipher, nonce, { authTagLength: TAG });
  decipher.setAAD(associated).setAuthTag(sealed.subarray(length));
  const content = decipher.update(sealed.subarray(0, length));
  try {
    decipher.final();
  } catch (error) {
    throw new ObjectDamaged(address, 'its bytes were changed', { cause: error });
  }
  return content;
}

function deriveKeys(key: StorageKey, salt: Buffer): ObjectKeys {
  const derived = Buffer.from(hkdfSync('sha256', key.secret, salt, INFO, 72));
  return { cipher: derived.subarray(0, 32), mac: derived.subarray(32, 64), noncePrefix: derived.subarray(64) };
}

function headerMac(macKey: Buffer, header: Buffer, address: Sha256): Buffer {
  return createHmac('sha256', macKey).update(header.subarray(0, MAC_AT)).update(address, 'hex').digest();
}

function chunkBinding(prefix: Buffer, number: number, last: boolean): { nonce: Buffer; associated: Buffer } {
  const associated = Buffer.alloc(5);
  associated.writeUInt32BE(number);
  associated.writeUInt8(last ? 1 : 0, 4);
  return { nonce: Buffer.concat([prefix, associated.subarray(0, 4)]), associated };
}
