import { ExplicitVRLittleEndian, type JsonDataSet, transferSyntaxOf, writePart10 } from '@isocenter/dicom';
import type { ImagePixelModule } from '@isocenter/dicom/pixel';

export interface PictureFile {
  readonly study: string;
  readonly series: string;
  readonly instance: string;
  readonly bytes: Uint8Array;
}

export interface PictureOptions extends Partial<ImagePixelModule> {
  readonly transferSyntaxUid?: string;
  /** Native: the value field, little endian. */
  readonly pixels?: Uint8Array;
  /** Encapsulated: the fragments, without offset table. */
  readonly fragments?: readonly Uint8Array[];
  /** Further elements, or others instead of the usual ones. */
  readonly elements?: JsonDataSet;
}

let made = 0;

/** A file of the image that is described; 8-bit MONOCHROME2, 4 rows of 6 columns, unless told otherwise. */
export function pictureFile(options: PictureOptions = {}): PictureFile {
  const n = ++made;
  const [study, series, instance] = [`1.2.826.0.1.${n}`, `1.2.826.0.1.${n}.1`, `1.2.826.0.1.${n}.1.1`];
  const { rows = 4, columns = 6, samplesPerPixel = 1, bitsAllocated = 8, numberOfFrames = 1 } = options;
  const bitsStored = options.bitsStored ?? bitsAllocated;
  const us = (value: number) => ({ vr: 'US' as const, Value: [value] });
  const syntax = transferSyntaxOf(options.transferSyntaxUid ?? ExplicitVRLittleEndian);
  const json: JsonDataSet = {
    '00080016': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.7'] },
    '00080018': { vr: 'UI', Value: [instance] },
    '00080060': { vr: 'CS', Value: ['OT'] },
    '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Doe^Jane' }] },
    '00100020': { vr: 'LO', Value: ['P-77'] },
    '0020000D': { vr: 'UI', Value: [study] },
    '0020000E': { vr: 'UI', Value: [series] },
    '00280002': us(samplesPerPixel),
    '00280004': {
      vr: 'CS',
      Value: [options.photometricInterpretation ?? (samplesPerPixel === 3 ? 'RGB' : 'MONOCHROME2')],
    },
    ...(samplesPerPixel > 1 && { '00280006': us(options.planarConfiguration ?? 0) }),
    ...(numberOfFrames > 1 && { '00280008': { vr: 'IS' as const, Value: [numberOfFrames] } }),
    '00280010': us(rows),
    '00280011': us(columns),
    '00280100': us(bitsAllocated),
    '00280101': us(bitsStored),
    '00280102': us(options.highBit ?? bitsStored - 1),
    '00280103': us(options.pixelRepresentation ?? 0),
    ...(options.pixels && {
      '7FE00010': {
        vr: bitsAllocated === 8 && syntax.explicitVR ? ('OB' as const) : ('OW' as const),
        BulkDataURI: 'pixels',
      },
    }),
    ...(options.fragments && { '7FE00010': { vr: 'OB' as const } }),
    ...options.elements,
  };
  const bytes = writePart10(json, {
    transferSyntaxUid: syntax.uid,
    bulkData: () => options.pixels,
    ...(options.fragments && { fragments: options.fragments }),
  });
  return { study, series, instance, bytes };
}

/** A native value field whose bytes all differ from their neighbours. */
export const counted = (length: number, start = 0): Uint8Array => Uint8Array.from({ length }, (_, i) => start + i * 7);

interface Server {
  fetch(path: string, init?: RequestInit): Promise<Response>;
}

export async function store(server: Server, ...files: readonly { readonly bytes: Uint8Array }[]): Promise<void> {
  for (const { bytes } of files) {
    const answer = await server.fetch('/dicom-web/studies', {
      method: 'POST',
      headers: { 'content-type': 'application/dicom' },
      body: Buffer.from(bytes),
    });
    if (answer.status !== 200) throw new Error(`not stored: ${answer.status} ${await answer.text()}`);
  }
}

export const pathOf = ({ study, series, instance }: PictureFile): string =>
  `/dicom-web/studies/${study}/series/${series}/instances/${instance}`;

export interface AnsweredPart {
  readonly contentType: string;
  readonly location: string | undefined;
  readonly body: Buffer;
}

/** The parts of a multipart answer. */
export async function partsOf(answer: Response): Promise<AnsweredPart[]> {
  const boundary = /boundary=([^;]+)/.exec(answer.headers.get('content-type') ?? '')?.[1];
  if (!boundary) throw new Error(`no multipart answer but ${answer.status} ${await answer.text()}`);
  const body = Buffer.from(await answer.arrayBuffer());
  const parts: AnsweredPart[] = [];
  const mark = Buffer.from(`--${boundary}`);
  for (let at = body.indexOf(mark); ; ) {
    const next = body.indexOf(mark, at + mark.length);
    if (next < 0) return parts;
    const part = body.subarray(at + mark.length + 2, next - 2);
    const end = part.indexOf('\r\n\r\n');
    const headers = new Headers(
      part
        .subarray(0, end)
        .toString('latin1')
        .split('\r\n')
        .map((line) => line.split(/: ?(.*)/s, 2) as [string, string]),
    );
    parts.push({
      contentType: headers.get('content-type') ?? '',
      location: headers.get('content-location') ?? undefined,
      body: part.subarray(end + 4),
    });
    at = next;
  }
}
