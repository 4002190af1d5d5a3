import { Readable } from 'node:stream';
import type { Sha256 } from '@isocenter/contract';
import { ExplicitVRLittleEndian } from '@isocenter/dicom';
import { LRUCache } from 'lru-cache';
import type { Pool } from 'pg';
import {
  type ByteRange,
  clampRange,
  type ListedObject,
  ObjectDamaged,
  ObjectMissing,
  type ObjectStore,
  type PutOptions,
  type PutOutcome,
  type SpooledFile,
  type StorageHealth,
  verifyObject,
} from '../../../platform/storage/index.ts';
import type { Threads } from '../../../platform/threads/index.ts';
import { transcodeInThread } from '../pixels/frame-tasks.ts';
import { type Layout, layoutLength, overlapping, type PlacedPiece, PREFIX, place, readLayout } from './layout.ts';
import { containerOf, forget } from './recompression-store.ts';

export interface RecompressedStoreOptions {
  readonly inner: ObjectStore;
  readonly pool: Pool;
  readonly threads: Threads;
}

interface Opened {
  readonly container: Sha256;
  readonly layout: Layout;
  readonly pieces: readonly PlacedPiece[];
}

/** Decoded frames kept, so that a frame read in pieces is decoded once. */
const DECODED_BYTES = 64 * 1024 * 1024;

/**
 * Answers also for objects that are kept recompressed, byte by byte as they were. One that is not costs nothing more:
 * only when the original is missing is it asked whether it can be made again.
 */
export class RecompressedStore implements ObjectStore {
  private readonly inner: ObjectStore;
  private readonly pool: Pool;
  private readonly threads: Threads;
  private readonly opened = new LRUCache<Sha256, Opened>({ max: 2_000 });
  private readonly decoded = new LRUCache<string, Buffer>({
    maxSize: DECODED_BYTES,
    sizeCalculation: ({ length }) => length + 1,
  });

  constructor({ inner, pool, threads }: RecompressedStoreOptions) {
    this.inner = inner;
    this.pool = pool;
    this.threads = threads;
  }

  put(sha256: Sha256, spooled: SpooledFile, options?: PutOptions): Promise<PutOutcome> {
    return this.inner.put(sha256, spooled, options);
  }

  async open(sha256: Sha256, range?: ByteRange): Promise<Readable> {
    return this.either(
      sha256,
      () => this.inner.open(sha256, range),
      async (object) => {
        const { start, end } = clampRange(range, object.layout.size);
        return Readable.from(this.slices(object, start, end), { objectMode: false });
      },
    );
  }

  async read(sha256: Sha256, range?: ByteRange): Promise<Buffer> {
    return this.either(
      sha256,
      () => this.inner.read(sha256, range),
      async (object) => {
        const { start, end } = clampRange(range, object.layout.size);
        const slices: Buffer[] = [];
        for await (const slice of this.slices(object, start, end)) slices.push(slice);
        return Buffer.concat(slices);
      },
    );
  }

  async stat(sha256: Sha256): Promise<{ readonly size: number } | undefined> {
    return (await this.inner.stat(sha256)) ?? (await this.find(sha256))?.layout;
  }

  async has(sha256: Sha256): Promise<boolean> {
    return (await this.inner.has(sha256)) || (await this.find(sha256)) !== undefined;
  }

  async verify(sha256: Sha256): Promise<'intact' | 'damaged' | 'missing'> {
    const found = await this.inner.verify(sha256);
    return found === 'missing' ? verifyObject(this, sha256) : found;
  }

  /** The container goes first: what is left when this is cut off can be deleted again. */
  async delete(sha256: Sha256): Promise<void> {
    const container = await containerOf(this.pool, sha256);
    if (container) await this.inner.delete(container);
    await forget(this.pool, sha256);
    this.opened.delete(sha256);
    await this.inner.delete(sha256);
  }

  list(prefix?: string): AsyncIterable<ListedObject> {
    return this.inner.list(prefix);
  }

  check(): Promise<StorageHealth> {
    return this.inner.check();
  }

  close(): Promise<void> {
    return this.inner.close();
  }

  private async either<T>(
    sha256: Sha256,
    original: () => Promise<T>,
    made: (object: Opened) => Promise<T>,
  ): Promise<T> {
    try {
      return await original();
    } catch (error) {
      if (!(error instanceof ObjectMissing)) throw error;
      const object = await this.find(sha256);
      if (!object) throw error;
      return made(object);
    }
  }

  private async find(sha256: Sha256): Promise<Opened | undefined> {
    const known = this.opened.get(sha256);
    if (known) return known;
    const container = await containerOf(this.pool, sha256);
    if (!container) return undefined;
    const length = layoutLength(await this.inner.read(container, { start: 0, end: PREFIX }));
    const layout = readLayout(await this.inner.read(container, { start: PREFIX, end: PREFIX + length }));
    if (layout.sha256 !== sha256) throw new ObjectDamaged(sha256, 'its container is that of another object');
    const opened = { container, layout, pieces: place(layout.pieces, PREFIX + length) };
    this.opened.set(sha256, opened);
    return opened;
  }

  private async *slices(object: Opened, start: number, end: number): AsyncGenerator<Buffer, void, void> {
    if (start >= end) return;
    for (const piece of overlapping(object.pieces, start, end)) {
      const from = Math.max(0, start - piece.from);
      const to = Math.min(piece.length, end - piece.from);
      if (piece.kind === 'bytes')
        yield await this.inner.read(object.container, { start: piece.at + from, end: piece.at + to });
      else yield (await this.frame(object, piece)).subarray(from, to);
    }
  }

  private async frame({ container, layout }: Opened, piece: PlacedPiece): Promise<Buffer> {
    const key = `${container}/${piece.from}`;
    const known = this.decoded.get(key);
    if (known) return known;
    const stored = await this.inner.read(container, { start: piece.at, end: piece.at + piece.stored });
    const frame = {
      bytes: new Uint8Array(stored),
      module: layout.module,
      from: layout.transferSyntaxUid,
      to: ExplicitVRLittleEndian,
      skipBits: 0,
    };
    const { bytes } = await transcodeInThread(this.threads, frame, new AbortController().signal);
    const decoded = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (decoded.length !== piece.length)
      throw new ObjectDamaged(layout.sha256, 'a frame of it is not of the size that it had');
    this.decoded.set(key, decoded);
    return decoded;
  }
}
