import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type CodecAsset, codecAssets, openCodecs } from '@isocenter/dicom/pixel';

/** The codecs of this thread. */
export const codecs = openCodecs((asset: CodecAsset) =>
  readFile(fileURLToPath(import.meta.resolve(codecAssets[asset]))),
);
