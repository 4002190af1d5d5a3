import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { transferSyntaxes } from '../transfer-syntax.ts';
import { codecAssets } from './codecs/codec-assets.ts';
import { openCodecs } from './codecs/codecs.ts';
import { decodeFrame } from './decode-frame.ts';
import { encodableTransferSyntaxes } from './encode-frame.ts';
import type { ImagePixelModule } from './image-pixel-module.ts';
import { CodecUnavailable } from './pixel-error.ts';

const resolve = createRequire(import.meta.url).resolve;
const codecs = openCodecs(async (asset) => readFileSync(resolve(codecAssets[asset])));
const page = readFileSync(new URL('../../../../docs/reference/transfer-syntaxes.md', import.meta.url), 'utf8');

/** The cells of the row of a UID; videos share one. */
function rowOf(uid: string): { decoded: boolean; encoded: boolean } | undefined {
  const named = /\.4\.10[0-8](\.1)?$/.test(uid) ? '1.2.840.10008.1.2.4.100 to .108' : uid;
  const cells = page
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .find((row) => row[2] === named);
  return cells && { decoded: !cells[3]!.startsWith('no'), encoded: !cells[4]!.startsWith('no') };
}

const module: ImagePixelModule = {
  rows: 2,
  columns: 2,
  samplesPerPixel: 1,
  photometricInterpretation: 'MONOCHROME2',
  planarConfiguration: 0,
  bitsAllocated: 8,
  bitsStored: 8,
  highBit: 7,
  pixelRepresentation: 0,
  numberOfFrames: 1,
  sampleType: 'integer',
};

test.each(transferSyntaxes.map(({ uid, encapsulated }) => ({ uid, encapsulated })))(
  '[ARCH-1] the page on transfer syntaxes says of $uid what the code does',
  async ({ uid, encapsulated }) => {
    const outcome = await decodeFrame(codecs, new Uint8Array(4), module, uid).catch((error: unknown) => error);
    expect(rowOf(uid)).toEqual({
      decoded: !(outcome instanceof CodecUnavailable),
      encoded: !encapsulated || encodableTransferSyntaxes.includes(uid),
    });
  },
);
