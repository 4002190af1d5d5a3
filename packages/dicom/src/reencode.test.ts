import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { needs } from '@isocenter/testkit';
import { askPython, pydicomMissing, sharedFolder } from '@isocenter/testkit/pydicom';
import { describe, expect, test } from 'vitest';
import {
  applyReencoded,
  DicomError,
  ExplicitVRBigEndian,
  ExplicitVRLittleEndian,
  encodeElements,
  firstString,
  ImplicitVRLittleEndian,
  JPEGBaseline8Bit,
  type JsonDataSet,
  type Part10,
  readDataSet,
  readPart10,
  toJson,
  transferSyntaxOf,
  writeDataSet,
  writeFileMeta,
} from './index.ts';

const explicit = transferSyntaxOf(ExplicitVRLittleEndian);
const implicit = transferSyntaxOf(ImplicitVRLittleEndian);
const inline = { bulkDataUri: (path: string) => `bulk/${path}` };

const sample: JsonDataSet = {
  '00080005': { vr: 'CS', Value: ['ISO_IR 192'] },
  '00080018': { vr: 'UI', Value: ['1.2.3'] },
  '00081140': {
    vr: 'SQ',
    Value: [{ '00081155': { vr: 'UI', Value: ['1.2.4'] }, '00081160': { vr: 'IS', Value: [7] } }, {}],
  },
  '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Müller^Jörg' }] },
  '00189087': { vr: 'FD', Value: [1000.5] },
  '00281101': { vr: 'US', Value: [256, 0, 16] },
  '00281201': { vr: 'OW', InlineBinary: 'AQIDBA==' },
  '00290010': { vr: 'LO', Value: ['SOMEONE'] },
  '00291001': { vr: 'UN', InlineBinary: 'AQIDBA==' },
};

describe('between native encodings', () => {
  for (const from of [ExplicitVRLittleEndian, ImplicitVRLittleEndian, ExplicitVRBigEndian]) {
    for (const to of [explicit, implicit]) {
      test(`[ARCH-2] from ${transferSyntaxOf(from).name} to ${to.name} nothing changes but the encoding`, () => {
        const bytes = writeDataSet(sample, { transferSyntaxUid: from });
        const read = readDataSet(bytes, transferSyntaxOf(from));
        const written = applyReencoded(encodeElements(read, to), bytes);
        expect(toJson(readDataSet(written, to))).toEqual(toJson(read));
        expect(Buffer.from(written).equals(Buffer.from(writeDataSet(sample, { transferSyntaxUid: to.uid })))).toBe(
          true,
        );
      });
    }
  }

  test('[ARCH-2] values that the reader did not keep are copied by their place, turned round where they must be', () => {
    const bytes = writeDataSet(sample, { transferSyntaxUid: ExplicitVRBigEndian });
    const whole = readDataSet(bytes, transferSyntaxOf(ExplicitVRBigEndian));
    const located = readDataSet(bytes, transferSyntaxOf(ExplicitVRBigEndian), { keep: 2 });
    const segments = encodeElements(located, explicit);
    expect(segments.filter((segment) => 'copy' in segment).length).toBeGreaterThan(3);
    expect(applyReencoded(segments, bytes)).toEqual(applyReencoded(encodeElements(whole, explicit), bytes));
  });

  test('[ARCH-2] elements are left out, put in and replaced', () => {
    const bytes = writeDataSet(sample);
    const segments = encodeElements(readDataSet(bytes, explicit), explicit, {
      leaveOut: (tag) => tag === 0x00281201,
      put: [
        { tag: 0x00280002, vr: 'US', value: Uint8Array.of(1, 0) },
        { tag: 0x00080018, vr: 'UI', value: Buffer.from('1.2.9\0') },
      ],
    });
    const json = toJson(readDataSet(applyReencoded(segments, bytes), explicit));
    const { '00281201': _, ...rest } = sample;
    expect(json).toEqual({
      ...rest,
      '00080018': { vr: 'UI', Value: ['1.2.9'] },
      '00280002': { vr: 'US', Value: [1] },
    });
    expect(Object.keys(json)).toEqual(Object.keys(json).sort());
  });

  test('[ARCH-2] odd values are padded, group lengths and repeated elements go', () => {
    const bytes = Buffer.concat([
      Buffer.from([8, 0, 0, 0, 0x55, 0x4c, 4, 0, 99, 0, 0, 0]),
      Buffer.from([8, 0, 0x18, 0, 0x55, 0x49, 3, 0, 0x31, 0x2e, 0x32]),
      Buffer.from([0x10, 0, 0x20, 0, 0x4c, 0x4f, 1, 0, 0x41]),
      Buffer.from([0x10, 0, 0x20, 0, 0x4c, 0x4f, 1, 0, 0x42]),
    ]);
    const written = applyReencoded(encodeElements(readDataSet(bytes, explicit), explicit), bytes);
    const wanted = [
      8, 0, 0x18, 0, 0x55, 0x49, 4, 0, 0x31, 0x2e, 0x32, 0, 0x10, 0, 0x20, 0, 0x4c, 0x4f, 2, 0, 0x42, 0x20,
    ];
    expect([...written]).toEqual(wanted);
  });

  test('[ARCH-2] big endian and deflated are no targets', () => {
    const read = readDataSet(writeDataSet(sample), explicit);
    expect(() => encodeElements(read, transferSyntaxOf(ExplicitVRBigEndian))).toThrow(DicomError);
    expect(() => encodeElements(read, transferSyntaxOf('1.2.840.10008.1.2.1.99'))).toThrow(DicomError);
  });

  test('[ARCH-2] an icon with encapsulated pixel data stays in an encapsulated syntax and goes from a native one', () => {
    const icon = iconSequence();
    const jpeg = transferSyntaxOf(JPEGBaseline8Bit);
    const read = readDataSet(icon, jpeg);
    expect(applyReencoded(encodeElements(read, jpeg), icon)).toEqual(new Uint8Array(icon));
    expect(encodeElements(read, explicit)).toEqual([]);
  });
});

/** (0088,0200) of undefined length with an item that holds two fragments. */
function iconSequence(): Buffer {
  const item = (length: number) => [0xfe, 0xff, 0, 0xe0, length & 0xff, length >> 8, 0, 0];
  const open = [0xff, 0xff, 0xff, 0xff];
  return Buffer.from([
    ...[0x88, 0, 0, 2, 0x53, 0x51, 0, 0, ...open],
    ...[0xfe, 0xff, 0, 0xe0, ...open],
    ...[0xe0, 0x7f, 0x10, 0, 0x4f, 0x42, 0, 0, ...open],
    ...[...item(0), ...item(4), 1, 2, 3, 4, 0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0],
    ...[0xfe, 0xff, 0x0d, 0xe0, 0, 0, 0, 0, 0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0],
  ]);
}

/** As it goes over the wire, binary values of odd length, which only broken files have, padded as they must be. */
const evened = (json: JsonDataSet): unknown =>
  JSON.parse(JSON.stringify(json), (key, value) => {
    if (key !== 'InlineBinary') return value;
    const bytes = Buffer.from(value, 'base64');
    return Buffer.concat([bytes, Buffer.alloc(bytes.length % 2)]).toString('base64');
  });

interface RealFile {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly part10: Part10;
}

/** Real files that can be read and are native: re-encoding them is the reader's and the writer's work alone. */
let read: RealFile[] | undefined;
function realFiles(): RealFile[] {
  read ??= readRealFiles();
  return read;
}

function readRealFiles(): RealFile[] {
  const folder = join(sharedFolder ?? '', 'data');
  const found: RealFile[] = [];
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    // Of the many that are alike, some headers.
    if (!name.endsWith('.dcm') || /mr\/(siemens|philips|enhanced)|mr-headers\/\d*[1-57-9]\.dcm/.test(name)) continue;
    const bytes = readFileSync(join(folder, name));
    try {
      const part10 = readPart10(bytes);
      if (!part10.transferSyntax.encapsulated && !part10.transferSyntax.deflated) {
        found.push({ path: join(folder, name), bytes, part10 });
      }
    } catch (error) {
      if (!(error instanceof DicomError)) throw error;
    }
  }
  return found;
}

describe('of real files', () => {
  needs(sharedFolder === undefined ? 'the real test files are not beside the checkout' : undefined);

  test('[ARCH-2] the JSON model of what was re-encoded is that of the original', () => {
    const files = realFiles();
    expect(files.length).toBeGreaterThan(70);
    for (const { path, bytes, part10 } of files) {
      const written = applyReencoded(encodeElements(part10.dataSet, explicit), bytes);
      const again = readDataSet(written, explicit);
      expect([path, evened(toJson(again, inline))]).toEqual([path, evened(toJson(part10.dataSet, inline))]);
      const twice = applyReencoded(encodeElements(again, explicit), written);
      expect([path, Buffer.from(twice).equals(Buffer.from(written))]).toEqual([path, true]);
    }
  });

  test('[ARCH-2] explicit to implicit and back to explicit keeps what implicit VR can say', () => {
    for (const { path, bytes, part10 } of realFiles()) {
      if (part10.transferSyntax.uid !== ImplicitVRLittleEndian) continue;
      const there = applyReencoded(encodeElements(part10.dataSet, explicit), bytes);
      const back = applyReencoded(encodeElements(readDataSet(there, explicit), implicit), there);
      const straight = applyReencoded(encodeElements(part10.dataSet, implicit), bytes);
      expect([path, Buffer.from(back).equals(Buffer.from(straight))]).toEqual([path, true]);
    }
  });
});

describe('as pydicom reads it', () => {
  needs(pydicomMissing ?? (sharedFolder === undefined ? 'the real test files are not beside the checkout' : undefined));

  test('[ARCH-2] pydicom reads the same elements from the re-encoded file', { timeout: 120_000 }, () => {
    const pairs = realFiles()
      .filter(({ bytes, part10 }) => bytes.length < 300_000 && !part10.dataSet.truncated)
      .map(({ path, bytes, part10 }) => {
        const written = applyReencoded(encodeElements(part10.dataSet, explicit), bytes);
        const meta = writeFileMeta({
          sopClassUid: firstString(part10.dataSet, 0x00080016) ?? '1.2',
          sopInstanceUid: firstString(part10.dataSet, 0x00080018) ?? '1.2',
          transferSyntaxUid: ExplicitVRLittleEndian,
        });
        return [path, Buffer.concat([meta, written]).toString('base64')];
      });
    expect(pairs.length).toBeGreaterThan(60);
    expect(askPython(COMPARE, pairs)).toEqual([]);
  });
});

/** Elements whose raw value differs once both are read; of numbers and strings the values, of the rest the bytes. */
const COMPARE = `
import base64, io, pydicom
pydicom.config.settings.reading_validation_mode = pydicom.config.IGNORE
def flat(ds, big, path=''):
    out = {}
    for e in ds:
        if e.tag.element == 0: continue
        key = path + str(e.tag)
        if e.VR == 'SQ':
            out[key] = len(e.value)
            for i, item in enumerate(e.value): out.update(flat(item, big, key + '/%d/' % i))
        else:
            v = e.value
            if isinstance(v, bytes):
                if big and e.VR in ('OW', 'OF', 'OD', 'OL', 'OV'):
                    n = {'OW': 2, 'OF': 4, 'OL': 4, 'OD': 8, 'OV': 8}[e.VR]
                    v = b''.join(v[i:i + n][::-1] for i in range(0, len(v), n))
                v = v + b'\\0' * (len(v) % 2)
            out[key] = (e.VR, repr(v))
    return out
answer = []
for path, text in given:
    try:
        one = pydicom.dcmread(path, force=True)
        a = flat(one, one.original_encoding[1] is False)
    except Exception: continue
    b = flat(pydicom.dcmread(io.BytesIO(base64.b64decode(text))), False)
    differing = [k for k in sorted(set(a) | set(b)) if a.get(k) != b.get(k)]
    if differing: answer.append([path] + [[k, str(a.get(k))[:80], str(b.get(k))[:80]] for k in differing[:5]])
`;
