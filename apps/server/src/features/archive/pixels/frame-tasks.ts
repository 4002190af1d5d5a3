import type { ImagePixelModule, TranscodedFrame, Viewport, Window } from '@isocenter/dicom/pixel';
import { defineTask, type Priority, type Threads } from '../../../platform/threads/index.ts';

export type { TranscodedFrame } from '@isocenter/dicom/pixel';

/** A frame's bytes as they are stored. */
export interface FrameInput {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly module: ImagePixelModule;
  readonly from: string;
  /** See {@link import('@isocenter/dicom/pixel').NativeFrameRange}. */
  readonly skipBits: number;
}

/** ... and the transfer syntax that it shall have. */
export interface FrameToTranscode extends FrameInput {
  readonly to: string;
}

export type PictureType = 'image/jpeg' | 'image/png';

/** ... and the picture that it shall become. */
export interface FrameToRender extends FrameInput {
  /** What stands in the object before the pixel data. */
  readonly header: Uint8Array<ArrayBuffer>;
  /** The header is that of an inflated data set, without file meta information. */
  readonly inflated: boolean;
  /** From 0. */
  readonly frame: number;
  readonly type: PictureType;
  readonly quality?: number;
  readonly window?: Window;
  readonly viewport?: Viewport;
  readonly patient: boolean;
  readonly technique: boolean;
}

const transcode = defineTask<FrameToTranscode, TranscodedFrame>(
  'transcode-frame',
  new URL('../../../workers/transcode-frame.worker.ts', import.meta.url),
);

const render = defineTask<FrameToRender, Uint8Array<ArrayBuffer>>(
  'render-frame',
  new URL('../../../workers/render-frame.worker.ts', import.meta.url),
);

/** Longer than any real frame takes; what takes longer was made to. */
const TIMEOUT_MS = 60_000;

/** Takes one frame to another transfer syntax in a thread. The bytes move there: the caller can't use them afterwards. */
export function transcodeInThread(
  threads: Threads,
  frame: FrameToTranscode,
  signal: AbortSignal,
  priority: Priority = 'interactive',
): Promise<TranscodedFrame> {
  const bytes = movable(frame.bytes);
  const options = { transfer: [bytes.buffer], signal, timeoutMs: TIMEOUT_MS, priority };
  return threads.run(transcode, { ...frame, bytes }, options);
}

/** Makes a picture of one frame in a thread. Its bytes and header move there. */
export function renderInThread(
  threads: Threads,
  frame: FrameToRender,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const [bytes, header] = [movable(frame.bytes), movable(frame.header)];
  const transfer = [bytes.buffer, header.buffer];
  return threads.run(
    render,
    { ...frame, bytes, header },
    { transfer, signal, timeoutMs: TIMEOUT_MS, priority: 'interactive' },
  );
}

/** The bytes in a buffer of their own: a shared one can't be moved to a thread. */
const movable = (bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> =>
  bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes);
