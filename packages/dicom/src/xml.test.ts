import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { sharedFolder } from '@isocenter/testkit/pydicom';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DicomError } from './dicom-error.ts';
import { toJson } from './json.ts';
import type { JsonDataSet, JsonElement, JsonValue } from './model.ts';
import { readPart10 } from './part10.ts';
import { isPrivate, isPrivateCreator, privateCreatorTag, tagHex } from './tag.ts';
import type { VR } from './vr.ts';
import { fromXml, toXml, xmlChunks } from './xml.ts';

const model = (content: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<NativeDicomModel xmlns="http://dicom.nema.org/PS3.19/models/NativeDICOM" xml:space="preserve">${content}</NativeDicomModel>\n`;

const example: JsonDataSet = {
  '00080005': { vr: 'CS', Value: ['ISO_IR 192'] },
  '00081140': { vr: 'SQ', Value: [{ '00081155': { vr: 'UI', Value: ['1.2.3'] } }, {}] },
  '00100010': {
    vr: 'PN',
    Value: [{ Alphabetic: 'Wang^XiaoDong^^Dr', Ideographic: '王^小東' }, null, { Alphabetic: 'Solo^^' }],
  },
  '00102110': { vr: 'LO', Value: ['a<b & "c"', null, 'tab\tand\r\nline'] },
  '00280010': { vr: 'US', Value: [512] },
  '00280030': { vr: 'DS', Value: [0.5, -1e-7] },
  '00282110': { vr: 'CS' },
  '00290010': { vr: 'LO', Value: ['SIEMENS & SONS'] },
  '00291008': { vr: 'CS', Value: ['IMAGE'] },
  '00291010': { vr: 'OB', InlineBinary: 'AAECAw==' },
  '7FE00010': { vr: 'OW', BulkDataURI: '/bulk?a=1&b=2' },
};

describe('the Native DICOM Model', () => {
  it('[ARCH-1] is written as PS3.19 A.1 has it', () => {
    expect(toXml(example)).toBe(
      model(
        '<DicomAttribute tag="00080005" keyword="SpecificCharacterSet" vr="CS"><Value number="1">ISO_IR 192</Value></DicomAttribute>' +
          '<DicomAttribute tag="00081140" keyword="ReferencedImageSequence" vr="SQ"><Item number="1">' +
          '<DicomAttribute tag="00081155" keyword="ReferencedSOPInstanceUID" vr="UI"><Value number="1">1.2.3</Value></DicomAttribute>' +
          '</Item><Item number="2"/></DicomAttribute>' +
          '<DicomAttribute tag="00100010" keyword="PatientName" vr="PN"><PersonName number="1"><Alphabetic>' +
          '<FamilyName>Wang</FamilyName><GivenName>XiaoDong</GivenName><NamePrefix>Dr</NamePrefix></Alphabetic>' +
          '<Ideographic><FamilyName>王</FamilyName><GivenName>小東</GivenName></Ideographic></PersonName>' +
          '<PersonName number="2"/><PersonName number="3"><Alphabetic><FamilyName>Solo</FamilyName><MiddleName/></Alphabetic></PersonName></DicomAttribute>' +
          '<DicomAttribute tag="00102110" keyword="Allergies" vr="LO"><Value number="1">a&lt;b &amp; &quot;c&quot;</Value>' +
          '<Value number="2"/><Value number="3">tab&#9;and&#13;&#10;line</Value></DicomAttribute>' +
          '<DicomAttribute tag="00280010" keyword="Rows" vr="US"><Value number="1">512</Value></DicomAttribute>' +
          '<DicomAttribute tag="00280030" keyword="PixelSpacing" vr="DS"><Value number="1">0.5</Value><Value number="2">-1e-7</Value></DicomAttribute>' +
          '<DicomAttribute tag="00282110" keyword="LossyImageCompression" vr="CS"/>' +
          '<DicomAttribute tag="00290010" vr="LO"><Value number="1">SIEMENS &amp; SONS</Value></DicomAttribute>' +
          '<DicomAttribute tag="00290008" privateCreator="SIEMENS &amp; SONS" vr="CS"><Value number="1">IMAGE</Value></DicomAttribute>' +
          '<DicomAttribute tag="00290010" privateCreator="SIEMENS &amp; SONS" vr="OB"><InlineBinary>AAECAw==</InlineBinary></DicomAttribute>' +
          '<DicomAttribute tag="7FE00010" keyword="PixelData" vr="OW"><BulkData uri="/bulk?a=1&amp;b=2"/></DicomAttribute>',
      ),
    );
    expect(fromXml(toXml(example))).toEqual(example);
    expect([...xmlChunks(example)].join('')).toBe(toXml(example));
  });

  it('[ARCH-1] puts private elements into their creator’s block, or the first free one', () => {
    const xml = (more: string) =>
      model(
        `<DicomAttribute tag="00290008" privateCreator="B" vr="CS"><Value number="1">X</Value></DicomAttribute>${more}`,
      );
    const value = { vr: 'CS', Value: ['X'] };
    expect(fromXml(xml(''))).toEqual({ '00290010': { vr: 'LO', Value: ['B'] }, '00291008': value });
    const creator = (tag: string, name: string) =>
      `<DicomAttribute tag="${tag}" vr="LO"><Value number="1">${name}</Value></DicomAttribute>`;
    expect(fromXml(xml(creator('00290010', 'A') + creator('00290015', 'B')))['00291508']).toEqual(value);
    expect(fromXml(xml(creator('00290010', 'A')))['00291108']).toEqual(value);
    const twice: JsonDataSet = {
      '00290010': { vr: 'LO', Value: ['A'] },
      '00290011': { vr: 'LO', Value: ['A'] },
      '00291008': { vr: 'CS', Value: ['X'] },
      '00291108': { vr: 'CS', Value: ['Y'] },
      '00291208': { vr: 'CS', Value: ['NOBODY'] },
    };
    expect(fromXml(toXml(twice))).toEqual(twice);
  });

  it('[ARCH-1] is read from what other writers make of it', () => {
    const read = fromXml(
      '<NativeDicomModel xml:space="preserve">\n<DicomAttribute tag="00100010" vr="PN">\n<PersonName number="1">\n<Alphabetic>\n' +
        '<GivenName>Jo</GivenName>\n<FamilyName>Doe</FamilyName>\n</Alphabetic>\n</PersonName>\n</DicomAttribute>\n' +
        '<!-- a comment --><DicomAttribute tag="00080060" vr="CS"><Value number="1"><![CDATA[M]]>R</Value></DicomAttribute>' +
        '<DicomAttribute tag="00080008" vr="CS"><Value number="3">M</Value></DicomAttribute>' +
        '<DicomAttribute tag="00189999" vr="FD"><Value number="1">inf</Value><Value number="2">1e3</Value></DicomAttribute>' +
        '<DicomAttribute tag="00189998" vr="UV"><Value number="1">18446744073709551615</Value></DicomAttribute>' +
        '<DicomAttribute tag="7fe00010" vr="OW"><BulkData uuid="abc"/></DicomAttribute></NativeDicomModel>',
    );
    expect(read).toEqual({
      '00080008': { vr: 'CS', Value: [null, null, 'M'] },
      '00080060': { vr: 'CS', Value: ['MR'] },
      '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Doe^Jo' }] },
      '00189998': { vr: 'UV', Value: ['18446744073709551615'] },
      '00189999': { vr: 'FD', Value: ['Infinity', 1000] },
      '7FE00010': { vr: 'OW', BulkDataURI: 'urn:uuid:abc' },
    });
  });

  it.each([
    ['nothing', ''],
    ['no XML', 'SECRET'],
    ['an open end', '<NativeDicomModel>'],
    ['another root', '<SECRET/>'],
    ['another namespace', '<NativeDicomModel xmlns="urn:SECRET"/>'],
    ['a document type', '<!DOCTYPE a [<!ENTITY b "SECRET">]><NativeDicomModel/>'],
    ['an entity', model('<DicomAttribute tag="00080060" vr="CS"><Value number="1">&SECRET;</Value></DicomAttribute>')],
    ['text astray', model('SECRET')],
    ['an element astray', model('<Value number="1">SECRET</Value>')],
    ['no tag', model('<DicomAttribute vr="CS"/>')],
    ['a bad tag', model('<DicomAttribute tag="SECRET00" vr="CS"/>')],
    ['no VR', model('<DicomAttribute tag="00080060"/>')],
    ['a bad VR', model('<DicomAttribute tag="00080060" vr="SECRET"/>')],
    ['an attribute twice', model('<DicomAttribute tag="00080060" vr="CS"/>'.repeat(2))],
    ['no number', model('<DicomAttribute tag="00080060" vr="CS"><Value>SECRET</Value></DicomAttribute>')],
    [
      'a number twice',
      model(`<DicomAttribute tag="00080060" vr="CS">${'<Value number="1">SECRET</Value>'.repeat(2)}</DicomAttribute>`),
    ],
    [
      'a number too high',
      model('<DicomAttribute tag="00080060" vr="CS"><Value number="99999999">SECRET</Value></DicomAttribute>'),
    ],
    [
      'text for a number',
      model('<DicomAttribute tag="00280010" vr="US"><Value number="1">SECRET</Value></DicomAttribute>'),
    ],
    [
      'a number past all',
      model('<DicomAttribute tag="00280010" vr="FD"><Value number="1">1e999</Value></DicomAttribute>'),
    ],
    [
      'a value in a sequence',
      model('<DicomAttribute tag="00081140" vr="SQ"><Value number="1">SECRET</Value></DicomAttribute>'),
    ],
    ['an item in a text', model('<DicomAttribute tag="00080060" vr="CS"><Item number="1"/></DicomAttribute>')],
    ['a name in a text', model('<DicomAttribute tag="00080060" vr="CS"><PersonName number="1"/></DicomAttribute>')],
    [
      'a value in binary',
      model('<DicomAttribute tag="7FE00010" vr="OW"><Value number="1">SECRET</Value></DicomAttribute>'),
    ],
    [
      'binary in a text',
      model('<DicomAttribute tag="00080060" vr="CS"><InlineBinary>AAAA</InlineBinary></DicomAttribute>'),
    ],
    [
      'no base64',
      model('<DicomAttribute tag="7FE00010" vr="OW"><InlineBinary>SECRET!</InlineBinary></DicomAttribute>'),
    ],
    [
      'binary twice',
      model(`<DicomAttribute tag="7FE00010" vr="OW">${'<InlineBinary>AAAA</InlineBinary>'.repeat(2)}</DicomAttribute>`),
    ],
    ['a creator of no private element', model('<DicomAttribute tag="00080060" privateCreator="SECRET" vr="CS"/>')],
    [
      'depth without end',
      model(
        `${'<DicomAttribute tag="00081140" vr="SQ"><Item number="1">'.repeat(70)}${'</Item></DicomAttribute>'.repeat(70)}`,
      ),
    ],
  ])('[ARCH-1] refuses %s without telling values', (_what, xml) => {
    try {
      fromXml(xml);
      expect.fail('was read');
    } catch (error) {
      expect(error).toBeInstanceOf(DicomError);
      expect((error as DicomError).code).toBe('malformed');
      expect((error as DicomError).message).not.toContain('SECRET');
    }
  });
});

/** Text that XML 1.0 can say. */
const text = fc
  .string({ unit: 'binary', maxLength: 12 })
  .map((value) => value.toWellFormed().replace(/[^\t\n\r\u0020-\ufffd]/g, 'x'))
  .filter((value) => value !== '');
const nameText = text.map((value) => value.replaceAll('=', '-'));
const personName = fc
  .record({ Alphabetic: nameText, Ideographic: nameText, Phonetic: nameText }, { requiredKeys: [] })
  .map((name) => (Object.keys(name).length === 0 ? null : name));
const values = (value: fc.Arbitrary<JsonValue>): fc.Arbitrary<JsonValue[]> =>
  fc.array(fc.option(value, { nil: null, freq: 6 }), { minLength: 1, maxLength: 4 });
const finite = fc
  .double({ noNaN: true, noDefaultInfinity: true })
  .map((number) => (Object.is(number, -0) ? 0 : number));

const scalar = fc
  .oneof(
    fc.tuple(fc.constantFrom<VR>('LO', 'SH', 'UT', 'CS', 'UI', 'DA'), values(text)),
    fc.tuple(fc.constantFrom<VR>('US', 'UL', 'SS', 'SL'), values(fc.integer())),
    fc.tuple(
      fc.constantFrom<VR>('UV', 'SV'),
      values(fc.oneof(fc.maxSafeInteger(), fc.constantFrom('18446744073709551615', '-9223372036854775808'))),
    ),
    fc.tuple(
      fc.constantFrom<VR>('FD', 'FL'),
      values(fc.oneof(finite, fc.constantFrom('NaN', 'Infinity', '-Infinity'))),
    ),
    fc.tuple(fc.constantFrom<VR>('DS', 'IS'), values(finite)),
    fc.tuple(fc.constant<VR>('AT'), values(fc.integer({ min: 0, max: 0xffffffff }).map(tagHex))),
    fc.tuple(fc.constant<VR>('PN'), values(personName)),
  )
  .map(([vr, Value]): JsonElement => ({ vr, Value }));
const binary = fc
  .tuple(fc.constantFrom<VR>('OB', 'OW', 'UN'), fc.uint8Array({ minLength: 1, maxLength: 20 }))
  .map(([vr, bytes]): JsonElement => ({ vr, InlineBinary: Buffer.from(bytes).toString('base64') }));
const bulk = text.map((uri): JsonElement => ({ vr: 'OW', BulkDataURI: uri }));
const empty = fc.constantFrom<VR>('LO', 'SQ', 'PN', 'OB', 'US').map((vr): JsonElement => ({ vr }));

const { dataSet } = fc.letrec<{ dataSet: JsonDataSet; sequence: JsonElement }>((tie) => ({
  sequence: fc.array(tie('dataSet'), { minLength: 1, maxLength: 2 }).map((Value): JsonElement => ({ vr: 'SQ', Value })),
  dataSet: fc
    .tuple(
      fc.dictionary(
        fc.integer({ min: 0x0008, max: 0x00ff }).map((number) => tagHex(((number & ~1) << 16) | (number * 7))),
        fc.oneof({ depthSize: 'small', withCrossShrink: true }, scalar, binary, bulk, empty, tie('sequence')),
        { maxKeys: 5 },
      ),
      fc.option(
        fc.tuple(
          text.filter((creator) => creator.trim() !== ''),
          fc.integer({ min: 0x10, max: 0xff }),
          scalar,
        ),
      ),
    )
    .map(([elements, block]) => {
      if (!block) return elements;
      const [creator, number, element] = block;
      const hex = number.toString(16).toUpperCase();
      return { ...elements, [`001900${hex}`]: { vr: 'LO' as const, Value: [creator] }, [`0019${hex}42`]: element };
    }),
}));

describe('what is written in XML', () => {
  it('[ARCH-1] reads back the same', () => {
    fc.assert(
      fc.property(dataSet, (json) => {
        expect(fromXml(toXml(json))).toEqual(json);
      }),
      { numRuns: 1000 },
    );
  });

  it('[ARCH-1] reads back as deep as data sets are read, and no deeper', () => {
    const nested = (depth: number): JsonDataSet => ({
      '00081140': depth === 0 ? { vr: 'SQ' } : { vr: 'SQ', Value: [nested(depth - 1)] },
    });
    expect(fromXml(toXml(nested(64)))).toEqual(nested(64));
    expect(() => fromXml(toXml(nested(65)))).toThrow('more than 64 deep');
  });

  it('[ARCH-1] is well-formed whatever the text, with U+FFFD for what XML has not', () => {
    const read = (value: string) => fromXml(toXml({ '00104000': { vr: 'LT', Value: [value] } }))['00104000']?.Value;
    expect(read('a\x1b\0\ud800\uffffb')).toEqual(['a\ufffd\ufffd\ufffd\ufffdb']);
    fc.assert(fc.property(fc.string({ unit: 'binary', minLength: 1 }), (value) => read(value)?.length === 1));
  });
});

describe('XML of strangers', () => {
  it('[ARCH-1] is read or refused, whatever has happened to it', () => {
    const source = toXml(example);
    const place = fc.integer({ min: 0, max: source.length });
    let refused = 0;
    fc.assert(
      fc.property(place, fc.nat(20), fc.oneof(fc.string({ maxLength: 6 }), place), (at, length, more) => {
        const inserted = typeof more === 'string' ? more : source.slice(more, more + 40);
        try {
          fromXml(source.slice(0, at) + inserted + source.slice(at + length));
        } catch (error) {
          expect(error).toBeInstanceOf(DicomError);
          refused++;
        }
      }),
      { numRuns: 2000 },
    );
    expect(refused).toBeGreaterThan(100);
  });
});

const dcmtkMissing = spawnSync('dcm2xml', ['--version']).status === 0 ? undefined : 'dcm2xml of DCMTK is not installed';
if (dcmtkMissing && process.env.CI === 'true') throw new Error(dcmtkMissing);

describe.skipIf(dcmtkMissing || !sharedFolder)(`XML beside dcm2xml's ${dcmtkMissing ?? ''}`, () => {
  it('[ARCH-1] says of real files what DCMTK says', () => {
    const folder = `${sharedFolder}data/dicom/pydicom-test-files/`;
    let files = 0;
    for (const name of readdirSync(folder).filter((each) => each.endsWith('.dcm'))) {
      const theirs = dcmtkXml(folder + name);
      if (theirs === undefined) continue;
      const ours = fromXml(
        toXml(toJson(readPart10(readFileSync(folder + name)).dataSet, { bulkDataUri: (path) => path })),
      );
      expect(differences(ours, fromXml(theirs)), name).toEqual([]);
      files++;
    }
    expect(files).toBeGreaterThan(40);
  });
});

function dcmtkXml(path: string): string | undefined {
  try {
    return execFileSync('dcm2xml', ['-q', '-nat', '+M', '+Eb', '+Xn', path], {
      maxBuffer: 1e9,
      stdio: ['ignore', 'pipe', 'ignore'],
    }).toString();
  } catch {
    return undefined;
  }
}

/** What one says and the other doesn't, by tag; but for what DCMTK is known to do otherwise. */
function differences(ours: JsonDataSet, theirs: JsonDataSet, path = ''): string[] {
  const tags = [...new Set([...Object.keys(ours), ...Object.keys(theirs)])].filter((tag) =>
    comparable(tag, ours, theirs),
  );
  return tags.flatMap((tag) => {
    const [a, b] = [ours[tag], theirs[tag]];
    if (!a || !b) return [`${path}${tag} ${a ? 'only ours' : 'only theirs'}`];
    // Values of UN stay bytes in DCMTK where we know the VR.
    if (b.vr === 'UN') return [];
    if (a.vr === 'SQ' && b.vr === 'SQ') {
      if (a.Value?.length !== b.Value?.length) return [`${path}${tag} has another number of items`];
      return (a.Value ?? []).flatMap((item, index) =>
        differences(item as JsonDataSet, b.Value![index] as JsonDataSet, `${path}${tag}[${index}].`),
      );
    }
    const [x, y] = [comparison(a), comparison(a.vr === 'OW' ? swapped(b) : b)];
    return x === y || x.includes('\ufffd') || y.includes('\ufffd') ? [] : [`${path}${tag} ${x} ${y}`];
  });
}

/** Not: pixel data, by reference with us; group lengths; private elements without a creator, moved by DCMTK. */
function comparable(tag: string, ours: JsonDataSet, theirs: JsonDataSet): boolean {
  const number = Number.parseInt(tag, 16);
  if (tag === '7FE00010' || tag.endsWith('0000')) return false;
  if (!isPrivate(number)) return true;
  if (isPrivateCreator(number)) return ours[tag] !== undefined;
  const creator = tagHex(privateCreatorTag(number));
  return (number & 0xff00) !== 0 && [ours, theirs].every((each) => typeof each[creator]?.Value?.[0] === 'string');
}

/** DCMTK rounds floats to nine digits and drops carets at the end of names. */
const comparison = (element: JsonElement): string =>
  JSON.stringify(element, (_key, value: unknown) => {
    if (typeof value === 'number' && /^F[DL]$/.test(element.vr)) return value.toPrecision(7);
    if (typeof value === 'string' && element.vr === 'PN') return value.replace(/\^+$/, '') || undefined;
    return Array.isArray(value) && element.vr === 'PN' && JSON.stringify(value) === '[{"Alphabetic":"^^^^"}]'
      ? undefined
      : value;
  });

/** DCMTK's base64 of words is big endian, where PS3.18 F.2.7 has little endian. */
function swapped(element: JsonElement): JsonElement {
  if (element.InlineBinary === undefined) return element;
  return { ...element, InlineBinary: Buffer.from(element.InlineBinary, 'base64').swap16().toString('base64') };
}
