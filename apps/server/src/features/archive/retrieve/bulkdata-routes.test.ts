import { testServer } from '@isocenter/testkit';
import { answeredParts, storeRequest } from '@isocenter/testkit/dicomweb';
import { beforeAll, describe, expect, test } from 'vitest';
import { element, type InstanceFile, instanceFile } from '../test/instance-file.ts';

const server = testServer();

/** Larger than what metadata holds inline, and than one piece that is read at once. */
const pixels = Uint8Array.from({ length: 2_500_001 }, (_, i) => i * 7 + (i >> 8));
const long = Uint8Array.from({ length: 200_000 }, (_, i) => i);
const words = (values: Uint8Array): Uint8Array => values.subarray(0, values.length - (values.length % 2));
/** What a value field holds: an even number of bytes. */
const padded = Buffer.concat([pixels, Buffer.alloc(1)]);

const files: Record<string, InstanceFile> = {};
const syntaxes = {
  explicit: '1.2.840.10008.1.2.1',
  implicit: '1.2.840.10008.1.2',
  bigEndian: '1.2.840.10008.1.2.2',
  deflated: '1.2.840.10008.1.2.1.99',
};

beforeAll(async () => {
  for (const [name, transferSyntaxUid] of Object.entries(syntaxes)) {
    files[name] = instanceFile({
      elements: {
        '00280100': element('US', 16),
        '00420011': { vr: 'OB', BulkDataURI: 'pixels' },
        '54000100': {
          vr: 'SQ',
          Value: [{ '54001010': { vr: 'OW', BulkDataURI: 'long' } }, { '54001010': { vr: 'OW', BulkDataURI: 'long' } }],
        },
        '7FE00010': { vr: 'OW', BulkDataURI: 'words' },
      },
      write: {
        transferSyntaxUid,
        bulkData: (uri) => ({ pixels, long, words: words(pixels) })[uri],
      },
    });
  }
  const answer = await server.fetch('/dicom-web/studies', {
    method: 'POST',
    ...storeRequest(Object.values(files).map(({ bytes }) => bytes)),
  });
  expect(answer.status).toBe(200);
});

const pathOf = ({ study, series, instance }: InstanceFile): string =>
  `/dicom-web/studies/${study}/series/${series}/instances/${instance}`;
const get = (path: string, headers: Record<string, string> = {}): Promise<Response> => server.fetch(path, { headers });
const bytesOf = async (answer: Response): Promise<Buffer> => Buffer.from(await answer.arrayBuffer());

describe('bulk data', () => {
  test.each(Object.keys(syntaxes))('[ARCH-2] of %s lie where the metadata says, in little endian', async (name) => {
    const [json] = (await (await get(`${pathOf(files[name]!)}/metadata`)).json()) as [
      Record<string, { BulkDataURI?: string; Value?: unknown[] }>,
    ];
    const items = json['54000100']?.Value as Record<string, { BulkDataURI?: string }>[];
    const expected: [string | undefined, Uint8Array][] = [
      [json['00420011']?.BulkDataURI, padded],
      [items[0]?.['54001010']?.BulkDataURI, long],
      [items[1]?.['54001010']?.BulkDataURI, long],
      [json['7FE00010']?.BulkDataURI, words(pixels)],
    ];
    for (const [uri, value] of expected) {
      expect(uri).toContain(`${server.url}${pathOf(files[name]!)}/bulkdata/`);
      const answer = await get(uri!, { accept: 'application/octet-stream' });
      expect([uri, answer.status, answer.headers.get('content-type')]).toEqual([uri, 200, 'application/octet-stream']);
      expect(answer.headers.get('content-length')).toBe(String(value.length));
      expect((await bytesOf(answer)).equals(value)).toBe(true);
    }
  });

  test.each(Object.keys(syntaxes))('[ARCH-1] of %s come in ranges of bytes', async (name) => {
    const path = `${pathOf(files[name]!)}/bulkdata/7FE00010`;
    const whole = Buffer.from(words(pixels));
    const size = whole.length;
    for (const [range, start, end] of [
      ['0-0', 0, 1],
      ['1-1', 1, 2],
      ['3-1000000', 3, 1_000_001],
      ['1048575-1048578', 1_048_575, 1_048_579],
      [`${size - 1}-`, size - 1, size],
      ['-3', size - 3, size],
      [`5-${size + 100}`, 5, size],
      [`-${size + 100}`, 0, size],
    ] as const) {
      const answer = await get(path, { range: `bytes=${range}` });
      expect([range, answer.status, answer.headers.get('content-range')]).toEqual([
        range,
        206,
        `bytes ${start}-${end - 1}/${size}`,
      ]);
      expect(answer.headers.get('content-length')).toBe(String(end - start));
      expect((await bytesOf(answer)).equals(whole.subarray(start, end))).toBe(true);
    }
  });

  test('[ARCH-1] that lie beyond the end are 416, and what is no range is answered whole', async () => {
    const path = `${pathOf(files.explicit!)}/bulkdata/00420011`;
    for (const range of [`bytes=${padded.length}-`, 'bytes=99999999-', 'bytes=-0']) {
      const answer = await get(path, { range });
      expect([range, answer.status, answer.headers.get('content-range')]).toEqual([
        range,
        416,
        `bytes */${padded.length}`,
      ]);
      expect(answer.headers.get('cache-control')).toBe('no-store');
    }
    for (const range of ['bytes=5-2', 'bytes=-', 'bytes=a-b', 'items=0-1', 'bytes=0-1,4-5']) {
      const answer = await get(path, { range });
      expect([range, answer.status, (await bytesOf(answer)).length]).toEqual([range, 200, padded.length]);
    }
  });

  test('[ARCH-1] keep their ETag, also when a range is asked for only if they are the same', async () => {
    const path = `${pathOf(files.explicit!)}/bulkdata/00420011`;
    const first = await get(path, { range: 'bytes=0-9' });
    const tag = first.headers.get('etag')!;
    expect([first.status, first.headers.get('accept-ranges')]).toEqual([206, 'bytes']);
    expect((await get(path, { 'if-none-match': tag })).status).toBe(304);
    expect((await get(path, { range: 'bytes=0-9', 'if-range': tag })).status).toBe(206);
    expect((await get(path, { range: 'bytes=0-9', 'if-range': '"another"' })).status).toBe(200);
    const other = await get(`${pathOf(files.explicit!)}/bulkdata/7FE00010`, { 'if-none-match': tag });
    expect(other.status).toBe(200);
    await other.arrayBuffer();
  });

  test('[ARCH-1] come as a part where that is asked for', async () => {
    const path = `${pathOf(files.explicit!)}/bulkdata/54000100/1/54001010`;
    const answer = await get(path, { accept: 'multipart/related; type="application/octet-stream"' });
    const [part, ...none] = await answeredParts(answer);
    expect([part?.body.equals(long), none]).toEqual([true, []]);
    expect(part?.headers.get('content-location')).toBe(`${server.url}${path}`);
    expect((await get(path, { accept: 'image/png' })).status).toBe(406);
  });

  test('[ARCH-1] that are not there are 404', async () => {
    for (const path of [
      '00100999',
      '54000100',
      '54000100/7/54001010',
      '54000100/0/00100010',
      '54000100/x/54001010',
      '54000100/0',
      'PixelData',
      '',
      '%2e%2e/x',
      '7FE00010/0/7FE00010',
    ]) {
      const answer = await get(`${pathOf(files.explicit!)}/bulkdata/${path}`);
      expect([path, answer.status]).toEqual([path, 404]);
    }
  });

  test('[ARCH-2] of encapsulated pixel data are its fragments as they stand', async () => {
    const fragments = [Uint8Array.of(1, 2, 3, 4), new Uint8Array(200_000).fill(9)];
    const file = instanceFile({
      elements: { '7FE00010': { vr: 'OB' } },
      write: { transferSyntaxUid: '1.2.840.10008.1.2.5', fragments },
    });
    await server.fetch('/dicom-web/studies', { method: 'POST', ...storeRequest([file.bytes]) });
    const answer = await get(`${pathOf(file)}/bulkdata/7FE00010`, { accept: 'application/octet-stream' });
    const value = await bytesOf(answer);
    // Up to the delimiter of the sequence.
    expect(file.bytes.subarray(-value.length - 8, -8).equals(value)).toBe(true);
    expect(value.readUInt32LE(0)).toBe(0xe000fffe);
  });
});
