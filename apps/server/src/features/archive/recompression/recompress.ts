import { createHash } from 'node:crypto';
import { ExplicitVRLittleEndian, HTJ2KLossless } from '@isocenter/dicom';
import { type ImagePixelModule, nativeFrameBits, nativeFrameRange } from '@isocenter/dicom/pixel';
import type { Pool } from 'pg';
import type { Log } from '../../../platform/log.ts';
import type { ObjectStore, Spool, SpoolFile } from '../../../platform/storage/index.ts';
import type { Threads } from '../../../platform/threads/index.ts';
import { abandonClaims, beginClaims, newClaim } from '../ingest/claim-store.ts';
import { transcodeInThread } from '../pixels/frame-tasks.ts';
import { type Piece, writeLayout } from './layout.ts';
import { type Candidate, notWorthIt, recordContainer } from './recompression-store.ts';

export interface RecompressionParts {
  readonly pool: Pool;
  readonly spool: Spool;
  readonly objects: ObjectStore;
  readonly threads: Threads;
  readonly claimant: { readonly number: number };
  readonly log: Log;
}

/** Gains below this part of the size are not worth a decoding at every reading. */
const LEAST_GAIN = 0.1;
const PIECE = 4 * 1024 * 1024;

/**
 * Keeps one object as HTJ2K frames and the bytes around them. Proof that nothing is lost: every frame is decoded again
 * and, put back into its place, gives an object of the same SHA-256; only then is the container recorded.
 *
 * @returns bytes saved; 0 when it was not worth it.
 */
export async function recompress(
  parts: RecompressionParts,
  candidate: Candidate,
  signal: AbortSignal,
): Promise<number> {
  const { module } = candidate.pixelData;
  if (!module || nativeFrameBits(module) % 8 !== 0) return giveUp(parts, candidate, candidate.size);
  const pieces: Piece[] = [];
  const proof = createHash('sha256');
  const body = await parts.spool.create();
  try {
    for await (const { piece, stored, original } of compressed(parts, candidate, module, signal)) {
      pieces.push(piece);
      proof.update(original);
      await body.write(stored);
    }
    if (proof.digest('hex') !== candidate.sha256)
      throw new Error('a recompressed object would not give the original again');
    const header = writeLayout({
      sha256: candidate.sha256,
      size: candidate.size,
      transferSyntaxUid: HTJ2KLossless,
      module,
      pieces,
    });
    const sizeAfter = header.length + body.size;
    if (sizeAfter > candidate.size * (1 - LEAST_GAIN)) return await giveUp(parts, candidate, sizeAfter);
    await putContainer(parts, candidate, header, body);
    return candidate.size - sizeAfter;
  } finally {
    await body.discard();
  }
}

async function giveUp({ pool }: RecompressionParts, candidate: Candidate, sizeAfter: number): Promise<number> {
  await notWorthIt(pool, candidate, sizeAfter);
  return 0;
}

interface CompressedPiece {
  readonly piece: Piece;
  readonly stored: Uint8Array;
  /** What the piece gives when it is read again. */
  readonly original: Uint8Array;
}

async function* compressed(
  parts: RecompressionParts,
  candidate: Candidate,
  module: ImagePixelModule,
  signal: AbortSignal,
): AsyncGenerator<CompressedPiece, void, void> {
  const { offset, length } = candidate.pixelData;
  let at = 0;
  for (let frame = 0; frame < module.numberOfFrames; frame++) {
    const range = nativeFrameRange(module, { littleEndian: true }, frame, length);
    const start = offset + range.offset;
    yield* plain(parts, candidate, at, start);
    signal.throwIfAborted();
    yield await compressedFrame(parts, candidate, module, { start, end: start + range.length }, signal);
    at = start + range.length;
  }
  yield* plain(parts, candidate, at, candidate.size);
}

async function* plain(
  { objects }: RecompressionParts,
  { sha256 }: Candidate,
  start: number,
  end: number,
): AsyncGenerator<CompressedPiece, void, void> {
  for (let at = start; at < end; at += PIECE) {
    const bytes = await objects.read(sha256, { start: at, end: Math.min(end, at + PIECE) });
    yield { piece: { kind: 'bytes', length: bytes.length, stored: bytes.length }, stored: bytes, original: bytes };
  }
}

/** A frame whose bytes don't come back the same (bits outside Bits Stored, a cut frame) stays as it is. */
async function compressedFrame(
  { objects, threads }: RecompressionParts,
  { sha256 }: Candidate,
  module: ImagePixelModule,
  range: { start: number; end: number },
  signal: AbortSignal,
): Promise<CompressedPiece> {
  const original = await objects.read(sha256, range);
  const asIs = {
    piece: { kind: 'bytes' as const, length: original.length, stored: original.length },
    stored: original,
    original,
  };
  const change = (bytes: Uint8Array, from: string, to: string) =>
    transcodeInThread(threads, { bytes: new Uint8Array(bytes), module, from, to, skipBits: 0 }, signal, 'background');
  try {
    const encoded = await change(original, ExplicitVRLittleEndian, HTJ2KLossless);
    if (encoded.bytes.length >= original.length) return asIs;
    const stored = Buffer.from(encoded.bytes);
    const back = Buffer.from((await change(stored, HTJ2KLossless, ExplicitVRLittleEndian)).bytes);
    if (!back.equals(original)) return asIs;
    return { piece: { kind: 'frame', length: original.length, stored: stored.length }, stored, original: back };
  } catch (error) {
    if (signal.aborted) throw error;
    return asIs;
  }
}

async function putContainer(
  parts: RecompressionParts,
  candidate: Candidate,
  header: Buffer,
  body: SpoolFile,
): Promise<void> {
  const { pool, spool, objects, claimant } = parts;
  const spooledBody = await body.finish();
  const file = await spool.create();
  try {
    await file.write(header);
    for (let at = 0; at < spooledBody.size; at += PIECE) {
      await file.write(await spool.read(spooledBody, { start: at, end: Math.min(spooledBody.size, at + PIECE) }));
    }
    const finished = await file.finish();
    const claim = newClaim(finished.sha256);
    await beginClaims(pool, claimant.number, [claim]);
    try {
      await objects.put(finished.sha256, finished);
      await recordContainer(pool, candidate, claim, finished.size);
    } catch (error) {
      await abandonClaims(pool, [claim]).catch(() => undefined);
      throw error;
    }
  } finally {
    await file.discard();
  }
}
