import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type JsonDataSet, transferSyntaxOf, writePart10 } from '@isocenter/dicom';
import { type Codecs, codecAssets, type DecodedFrame, encodeFrame, openCodecs } from '@isocenter/dicom/pixel';
import type { Instance, Series } from './study.ts';

/** Writes instances as DICOM files, compressed where the transfer syntax says so. */
export interface InstanceWriter {
  write(instance: Instance, transferSyntaxUid: string): Promise<Uint8Array>;
}

export function instanceWriter(): InstanceWriter {
  const codecs = openCodecs(async (asset) => {
    const bytes = await readFile(fileURLToPath(import.meta.resolve(codecAssets[asset])));
    return new Uint8Array(bytes);
  });
  return {
    write: (instance, transferSyntaxUid) =>
      transferSyntaxOf(transferSyntaxUid).encapsulated
        ? writeCompressed(codecs, instance, transferSyntaxUid)
        : Promise.resolve(writeNative(instance, transferSyntaxUid)),
  };
}

/** The DICOM files of a series, generated one by one. */
export async function* filesOf(
  series: Series,
  writer: InstanceWriter = instanceWriter(),
): AsyncGenerator<Uint8Array, void, void> {
  for (const instance of series.instances()) yield await writer.write(instance, series.transferSyntaxUid);
}

function writeNative({ header, pixels }: Instance, transferSyntaxUid: string): Uint8Array {
  const vr = numberIn(header, '00280100') === 8 ? 'OB' : 'OW';
  return writePart10(
    { ...header, '7FE00010': { vr, BulkDataURI: 'pixels' } },
    { transferSyntaxUid, bulkData: () => pixels },
  );
}

async function writeCompressed(
  codecs: Codecs,
  { header, pixels }: Instance,
  transferSyntaxUid: string,
): Promise<Uint8Array> {
  const count = numberIn(header, '00280008') ?? 1;
  const size = pixels.length / count;
  const fragments: Uint8Array[] = [];
  let changed: JsonDataSet = {};
  for (let i = 0; i < count; i++) {
    const encoded = await encodeFrame(
      codecs,
      frameOf(header, pixels.slice(i * size, (i + 1) * size)),
      transferSyntaxUid,
    );
    fragments.push(encoded.bytes);
    changed = compressedHeader(
      header,
      encoded.photometricInterpretation,
      encoded.planarConfiguration,
      encoded.lossy ? size / encoded.bytes.length : undefined,
    );
  }
  return writePart10({ ...header, ...changed, '7FE00010': { vr: 'OB' } }, { transferSyntaxUid, fragments });
}

function compressedHeader(
  header: JsonDataSet,
  photometric: string,
  planar: 0 | 1,
  ratio: number | undefined,
): JsonDataSet {
  return {
    '00280004': { vr: 'CS', Value: [photometric] },
    ...(header['00280006'] ? { '00280006': { vr: 'US', Value: [planar] } } : {}),
    ...(ratio === undefined
      ? {}
      : {
          '00282110': { vr: 'CS', Value: ['01'] },
          '00282112': { vr: 'DS', Value: [Number(ratio.toFixed(2))] },
          '00282114': { vr: 'CS', Value: ['ISO_10918_1'] },
        }),
  };
}

function frameOf(header: JsonDataSet, bytes: Uint8Array<ArrayBuffer>): DecodedFrame {
  const bitsAllocated = numberIn(header, '00280100') === 8 ? 8 : 16;
  const signed = numberIn(header, '00280103') === 1;
  const pixels = bitsAllocated === 8 ? bytes : signed ? new Int16Array(bytes.buffer) : new Uint16Array(bytes.buffer);
  return {
    pixels,
    bitsAllocated,
    signed,
    rows: numberIn(header, '00280010')!,
    columns: numberIn(header, '00280011')!,
    samples: numberIn(header, '00280002')!,
    bitsStored: numberIn(header, '00280101')!,
    highBit: numberIn(header, '00280102')!,
    photometricInterpretation: String(header['00280004']?.Value?.[0]),
    planar: 0,
  };
}

const numberIn = (header: JsonDataSet, hex: string): number | undefined => {
  const value = header[hex]?.Value?.[0];
  return typeof value === 'number' ? value : undefined;
};
