import { HTJ2KLossless, JPEGBaseline8Bit, type JsonDataSet, RLELossless, type VR, writePart10 } from '@isocenter/dicom';
import { Seeded } from '@isocenter/dicom/testing';

const element = (vr: VR, ...Value: (string | number)[]) => ({ vr, Value });
const binary = (vr: VR, bytes: Uint8Array) => ({ vr, InlineBinary: Buffer.from(bytes).toString('base64') });

const random = new Seeded(1);
const noise = (length: number): Uint8Array => Uint8Array.from({ length }, () => random.below(256));

/** What every instance has, and what searches look at. */
const header = (number: number): JsonDataSet => ({
  '00080005': element('CS', 'ISO_IR 192'),
  '00080016': element('UI', '1.2.840.10008.5.1.4.1.1.7'),
  '00080018': element('UI', `1.2.826.0.1.3680043.9.99.${number}`),
  '00080020': element('DA', '20240229'),
  '00080030': element('TM', '235959.999999'),
  '00080050': element('SH', 'A-1'),
  '00080060': element('CS', 'OT'),
  '00081030': element('LO', 'Aufnahme größer'),
  '00081140': {
    vr: 'SQ',
    Value: [{ '00081150': element('UI', '1.2'), '00081155': element('UI', '1.2.3') }, {}],
  },
  '00090010': element('LO', 'SOMEONE UNKNOWN'),
  '00091001': element('UN' as VR),
  '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Doe^Jane', Ideographic: '山^한', Phonetic: 'やま' }] },
  '00100020': element('LO', '4711'),
  '00100030': element('DA', '19700101'),
  '0020000D': element('UI', `1.2.826.0.1.3680043.9.98.${number}`),
  '0020000E': element('UI', `1.2.826.0.1.3680043.9.97.${number}`),
  '00200013': element('IS', number),
});

interface Image {
  readonly rows: number;
  readonly columns: number;
  readonly bits: number;
  readonly samples?: number;
  readonly photometric?: string;
  readonly frames?: number;
}

const image = ({ rows, columns, bits, samples = 1, photometric = 'MONOCHROME2', frames = 1 }: Image): JsonDataSet => ({
  '00280002': element('US', samples),
  '00280004': element('CS', photometric),
  ...(samples > 1 && { '00280006': element('US', 0) }),
  '00280008': element('IS', frames),
  '00280010': element('US', rows),
  '00280011': element('US', columns),
  '00280100': element('US', bits <= 8 ? 8 : bits <= 16 ? 16 : 32),
  '00280101': element('US', bits),
  '00280102': element('US', bits - 1),
  '00280103': element('US', 0),
  '00281050': element('DS', 40, 400),
  '00281051': element('DS', 400, 2000),
  '00281052': element('DS', -1024),
  '00281053': element('DS', 1),
});

const pixels = ({ rows, columns, bits, samples = 1, frames = 1 }: Image): Uint8Array =>
  noise(rows * columns * samples * frames * (bits <= 8 ? 1 : bits <= 16 ? 2 : 4));

const native = (as: Image): JsonDataSet => ({ ...image(as), '7FE00010': binary('OW', pixels(as)) });

const palette: JsonDataSet = Object.fromEntries(
  ['1', '2', '3'].flatMap((color) => [
    [`0028110${color}`, element('US', 256, 0, 16)],
    [`0028120${color}`, binary('OW', noise(512))],
  ]),
);

const overlay: JsonDataSet = {
  '60000010': element('US', 16),
  '60000011': element('US', 16),
  '60000040': element('CS', 'G'),
  '60000050': element('SS', 1, 1),
  '60000100': element('US', 1),
  '60000102': element('US', 0),
  '60003000': binary('OW', noise(32)),
};

const small = { rows: 16, columns: 16 };
const rleFrame = Uint8Array.from([1, 0, 0, 0, 64, ...new Array<number>(59).fill(0), 129, 7, 129, 9]);

/** Files of every kind that rendering and searching treat differently, by name. */
export function syntheticBases(): [string, Uint8Array][] {
  const plain: [string, JsonDataSet, string?][] = [
    ['no pixels', {}],
    ['gray 8', native({ ...small, bits: 8 })],
    ['gray 12', { ...native({ ...small, bits: 12 }), ...overlay }],
    ['gray 16 implicit', native({ ...small, bits: 16 }), '1.2.840.10008.1.2'],
    ['gray 16 big endian', native({ ...small, bits: 16 }), '1.2.840.10008.1.2.2'],
    ['gray 32', native({ ...small, bits: 32 })],
    ['color frames', native({ ...small, bits: 8, samples: 3, photometric: 'RGB', frames: 3 })],
    ['color full', native({ ...small, bits: 8, samples: 3, photometric: 'YBR_FULL' })],
    ['palette', { ...native({ ...small, bits: 8, photometric: 'PALETTE COLOR' }), ...palette }],
    ['deflated', native({ ...small, bits: 16 }), '1.2.840.10008.1.2.1.99'],
    ['floats', { ...image({ ...small, bits: 32 }), '7FE00008': binary('OF', noise(16 * 16 * 4)) }],
  ];
  const compressed: [string, Image, Uint8Array[], string][] = [
    ['rle', { rows: 16, columns: 8, bits: 8 }, [rleFrame], RLELossless],
    ['jpeg without image', { ...small, bits: 8 }, [noise(100), noise(100)], JPEGBaseline8Bit],
    ['htj2k without image', { ...small, bits: 12, frames: 2 }, [noise(80), noise(80)], HTJ2KLossless],
  ];
  return [
    ...plain.map(([name, json, transferSyntaxUid], i): [string, Uint8Array] => [
      name,
      writePart10({ ...header(i), ...json }, transferSyntaxUid === undefined ? {} : { transferSyntaxUid }),
    ]),
    ...compressed.map(([name, as, fragments, transferSyntaxUid], i): [string, Uint8Array] => [
      name,
      writePart10(
        { ...header(50 + i), ...image(as), '7FE00010': { vr: 'OB', BulkDataURI: 'frames' } },
        { transferSyntaxUid, fragments },
      ),
    ]),
  ];
}
