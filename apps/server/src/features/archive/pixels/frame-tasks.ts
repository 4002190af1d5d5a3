import type { ImagePixelModule, TranscodedFrame } from '@isocenter/dicom/pixel';
import { defineTask, type Priority, type Threads } from '../../../platform/threads/index.ts';

export type { TranscodedFrame } from '@isocenter/dicom/pixel';

/** A frame's bytes as they are stored, and the transfer syntax that they shall have. */
export interface FrameToTranscode {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly module: ImagePixelModule;
  readonly from: string;
  readonly to: string;
  /** See {@link import('@isocenter/dicom/pixel').NativeFrameRange}. */
  readonly skipBits: number;
}

const transcode = defineTask<FrameToTranscode, TranscodedFrame>(
  'transcode-frame',
  new URL('../../../workers/transcode-frame.worker.ts', import.meta.url),
);

/** Longer than any real frame takes; what takes longer was made to. */
export const FRAME_TIMEOUT_MS = 60_000;

/** Takes one frame to another transfer syntax in a thread. The bytes move there: the caller can't use them afterwards. */
export function transcodeInThread(
  threads: Threads,
  frame: FrameToTranscode,
  signal: AbortSignal,
  priority: Priority = 'interactive',
): Promise<TranscodedFrame> {
  const bytes = movable(frame.bytes);
  return threads.run(
    transcode,
    { ...frame, bytes },
    { transfer: [bytes.buffer], signal, timeoutMs: FRAME_TIMEOUT_MS, priority },
  );
}

/** The bytes in a buffer of their own: a shared one can't be moved to a thread. */
export const movable = (bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> =>
  bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes);
