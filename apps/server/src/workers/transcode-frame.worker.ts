import { transcodeFrame } from '@isocenter/dicom/pixel';
import type { FrameToTranscode, TranscodedFrame } from '../features/archive/pixels/frame-tasks.ts';
import { Transferred } from '../platform/threads/index.ts';
import { codecs } from './thread-codecs.ts';

export async function run({
  bytes,
  module,
  from,
  to,
  skipBits,
}: FrameToTranscode): Promise<Transferred<TranscodedFrame>> {
  const frame = await transcodeFrame(codecs, bytes, module, from, to, { skipBits });
  return new Transferred(frame, [frame.bytes.buffer]);
}
