import { readdirSync } from 'node:fs';
import { askPython, pydicomMissing, sharedFolder } from '@isocenter/testkit/pydicom';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { characterSetWarnings, decodeText, encodeText } from './character-set.ts';
import type { VR } from './vr.ts';

const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
const latin = (bytes: Uint8Array | undefined): string | undefined => bytes && String.fromCharCode(...bytes);

/** PS3.5 Annexes H, I, J and K: the names and their bytes, ESC as \x1b. */
const examples: readonly [characterSet: string[], text: string, bytes: string][] = [
  [
    ['', 'ISO 2022 IR 87'],
    'Yamada^Tarou=山田^太郎=やまだ^たろう',
    'Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B=\x1b$B$d$^$@\x1b(B^\x1b$B$?$m$&\x1b(B',
  ],
  [
    ['ISO 2022 IR 13', 'ISO 2022 IR 87'],
    'ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう',
    '\xd4\xcf\xc0\xde^\xc0\xdb\xb3=\x1b$B;3ED\x1b(J^\x1b$BB@O:\x1b(J=\x1b$B$d$^$@\x1b(J^\x1b$B$?$m$&\x1b(J',
  ],
  [
    ['', 'ISO 2022 IR 149'],
    'Hong^Gildong=洪^吉洞=홍^길동',
    'Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7=\x1b$)C\xc8\xab^\x1b$)C\xb1\xe6\xb5\xbf',
  ],
  [['ISO_IR 192'], 'Wang^XiaoDong=王^小東', 'Wang^XiaoDong=\xe7\x8e\x8b^\xe5\xb0\x8f\xe6\x9d\xb1'],
  [['GB18030'], 'Wang^XiaoDong=王^小东', 'Wang^XiaoDong=\xcd\xf5^\xd0\xa1\xb6\xab'],
  [['', 'ISO 2022 IR 58'], 'Zhang^XiaoDong=张^小东', 'Zhang^XiaoDong=\x1b$)A\xd5\xc5^\x1b$)A\xd0\xa1\xb6\xab'],
];

describe('character sets', () => {
  it.each(examples)('[ARCH-2] %j: the example of PS3.5 both ways: %s', (characterSet, text, bytes) => {
    expect(decodeText(bytesOf(bytes), characterSet, 'PN')).toBe(text);
    expect(latin(encodeText(text, characterSet, 'PN'))).toBe(bytes);
  });

  it('[ARCH-2] go back to those of value 1 at the delimiters of the VR, and at no other', () => {
    const sets = ['ISO 2022 IR 100', 'ISO 2022 IR 126'];
    const greek = (tail: string) => bytesOf(`\x1b-F\xe1${tail}\xe1`);
    for (const control of '\t\n\f\r') expect(decodeText(greek(control), sets, 'LT')).toBe(`α${control}á`);
    expect(decodeText(greek('\\'), sets, 'LO')).toBe('α\\á');
    expect(decodeText(greek('\\'), sets, 'LT')).toBe('α\\α');
    for (const delimiter of '^=\\') expect(decodeText(greek(delimiter), sets, 'PN')).toBe(`α${delimiter}á`);
    for (const character of '^= ') expect(decodeText(greek(character), sets, 'LO')).toBe(`α${character}α`);
  });

  it('[ARCH-2] don’t take the bytes of a double-byte set for delimiters', () => {
    // 5/12 and 5/14 are the halves of the third character, 5/12 one of the other.
    expect(decodeText(bytesOf('\x1b$BF|K\\B^\x1b(B'), ['', 'ISO 2022 IR 87'], 'PN')).toBe('日本袋');
    expect(decodeText(bytesOf('\x81\x5c'), ['GB18030'], 'LO')).toBe('乗');
  });

  it('[ARCH-2] write the sets of value 1 back before each delimiter and at the end', () => {
    expect(latin(encodeText('α\\β', ['ISO 2022 IR 100', 'ISO 2022 IR 126'], 'LO'))).toBe(
      '\x1b-F\xe1\x1b-A\\\x1b-F\xe2\x1b-A',
    );
    expect(latin(encodeText('α^β', ['ISO 2022 IR 100', 'ISO 2022 IR 126'], 'LO'))).toBe('\x1b-F\xe1^\xe2\x1b-A');
  });

  it('[ARCH-2] say so when they can’t write a text', () => {
    for (const [text, ...characterSet] of [
      ['é'],
      ['é', 'ISO_IR 6'],
      ['β', 'ISO_IR 100'],
      ['한', '', 'ISO 2022 IR 87'],
      ['①', '', 'ISO 2022 IR 87'],
      ['😀', 'GBK'],
      ['\x1b', 'ISO_IR 100'],
      ['\ud800', 'ISO_IR 192'],
      ['\ud800', 'ISO 2022 IR 6'],
    ] as [string, ...string[]][]) {
      expect(encodeText(text, characterSet, 'LO'), JSON.stringify([text, characterSet])).toBeUndefined();
    }
  });

  it('[ARCH-2] are read as Latin-1, katakana of any half, older escapes and Shift_JIS where files have them', () => {
    expect(decodeText(bytesOf('J\xe9r\xf4me'), [], 'PN')).toBe('Jérôme');
    expect(decodeText(bytesOf('\x1b(ITEST'), ['', 'ISO 2022 IR 13'], 'LO')).toBe('ﾔﾅﾓﾔ');
    expect(decodeText(bytesOf('\x1b$@;3\x1b(B'), ['', 'ISO 2022 IR 87'], 'LO')).toBe('山');
    expect(decodeText(bytesOf('\x8e\x52\x93\x63'), ['ISO_IR 13'], 'PN')).toBe('山田');
    expect(decodeText(bytesOf('\x1b$B\x21'), ['', 'ISO 2022 IR 87'], 'LO')).toBe('\ufffd');
    expect(decodeText(bytesOf('\x1b!a'), ['ISO 2022 IR 100'], 'LO')).toBe('\x1b!a');
  });

  it('[ARCH-2] are understood when misspelt, with a warning', () => {
    const e = bytesOf('\xe6');
    for (const term of ['ISO_IR_101', 'ISO IR 101', 'ISO-IR-101', 'iso_ir 101', 'ISO_2022_IR_101', 'ISO 2022-IR 101']) {
      expect(decodeText(e, [term], 'LO'), term).toBe('ć');
      expect(characterSetWarnings([term])).toHaveLength(1);
    }
    for (const term of ['latin1', 'ISO-8859-1', 'nonsense', 'ISO_IR 999']) {
      expect(decodeText(e, [term], 'LO'), term).toBe('æ');
      expect(characterSetWarnings([term])).toHaveLength(1);
    }
    expect(decodeText(bytesOf('\xc3\xa9'), ['UTF-8'], 'LO')).toBe('é');
    expect(decodeText(bytesOf('\xe9'), ['windows-1251'], 'LO')).toBe('й');
    expect(latin(encodeText('й', ['windows-1251'], 'LO'))).toBe('\xe9');
    expect(characterSetWarnings(['ISO_IR 192', 'ISO 2022 IR 87'])).toHaveLength(1);
    expect(decodeText(bytesOf('\xc3\xa9'), ['ISO_IR 192', 'ISO 2022 IR 87'], 'LO')).toBe('é');
    expect(characterSetWarnings(['ISO 2022 IR 6', 'GB18030'])).toHaveLength(1);
    expect(characterSetWarnings([])).toEqual([]);
    expect(characterSetWarnings(['', 'ISO 2022 IR 87'])).toEqual([]);
  });
});

/** Single terms, and combinations that files have. */
const single = [100, 101, 109, 110, 144, 127, 126, 138, 148, 203, 13, 166].map((number) => `ISO_IR ${number}`);
const sets: readonly string[][] = [
  ['ISO_IR 6'],
  ...single.map((term) => [term]),
  ['ISO_IR 192'],
  ['GB18030'],
  ['GBK'],
  ['', 'ISO 2022 IR 87'],
  ['', 'ISO 2022 IR 87', 'ISO 2022 IR 159'],
  ['ISO 2022 IR 13', 'ISO 2022 IR 87', 'ISO 2022 IR 159'],
  ['ISO 2022 IR 6', 'ISO 2022 IR 149'],
  ['ISO 2022 IR 149'],
  ['ISO 2022 IR 87'],
  ['', 'ISO 2022 IR 58'],
  ['ISO 2022 IR 100', 'ISO 2022 IR 144', 'ISO 2022 IR 126'],
  ['ISO 2022 IR 166', 'ISO 2022 IR 149', 'ISO 2022 IR 87', 'ISO 2022 IR 58'],
];
const alphabet = fc.constantFrom(
  ...'aZ 09^=\\\r\n\t\f~',
  ...'éßčŽĦħĸŋжЯαΩאתبمğşŒ€ไทยｱﾝ',
  ...'山田太郎張东小東漢字一丂乀韩홍길동가ひらカタ',
  '\u0085',
  '\u301c',
  '\u2212',
  '😀',
  '𠀀',
);
const textVR = fc.constantFrom<VR>('PN', 'LO', 'SH', 'LT', 'ST', 'UT', 'UC');

describe('what is written', () => {
  it('[ARCH-2] reads back the same in every character set that can say it', () => {
    let said = 0;
    fc.assert(
      fc.property(
        fc.constantFrom(...sets),
        fc.array(alphabet, { maxLength: 12 }),
        textVR,
        (characterSet, parts, vr) => {
          const text = parts.join('');
          const bytes = encodeText(text, characterSet, vr);
          if (!bytes) return;
          said++;
          expect(decodeText(bytes, characterSet, vr)).toBe(text);
        },
      ),
      { numRuns: 5000 },
    );
    expect(said).toBeGreaterThan(500);
  });

  it('[ARCH-2] holds for every character of the basic plane', () => {
    for (const characterSet of sets) {
      let said = 0;
      for (let point = 0; point < 0x10000; point++) {
        const text = String.fromCharCode(point);
        const bytes = encodeText(text, characterSet, 'LT');
        if (bytes && decodeText(bytes, characterSet, 'LT') !== text)
          expect.fail(`${characterSet} U+${point.toString(16)}`);
        if (bytes) said++;
      }
      expect(said, String(characterSet)).toBeGreaterThanOrEqual(127);
    }
  });
});

describe.skipIf(pydicomMissing)(`character sets beside pydicom's ${pydicomMissing ?? ''}`, () => {
  const decodeAll = (cases: { characterSet: string[]; bytes: string }[]): (string | null)[] =>
    askPython(
      `
from pydicom.charset import convert_encodings, decode_bytes
from pydicom.valuerep import TEXT_VR_DELIMS
answer = [decode_bytes(c['bytes'].encode('latin1'), convert_encodings(c['characterSet']), TEXT_VR_DELIMS) for c in given]`,
      cases,
    ) as string[];

  it('[ARCH-2] read every byte of the single-byte sets the same', () => {
    // pydicom doesn't know ISO_IR 203, and takes all codes of ISO_IR 13 for Shift_JIS.
    const terms = [['ISO_IR 6'], ...single.filter((term) => !/ (203|13)$/.test(term)).map((term) => [term])];
    const cases = terms.flatMap((characterSet) =>
      Array.from({ length: 256 }, (_, code) => ({ characterSet, bytes: String.fromCharCode(code) })),
    );
    const theirs = decodeAll(cases);
    const different = cases.filter(({ characterSet, bytes }, at) => {
      return decodeText(bytesOf(bytes), characterSet, 'LT') !== theirs[at];
    });
    // A no-break space for us, as in ISO 8859-11; no character in Python's TIS-620.
    expect(different).toEqual([{ characterSet: ['ISO_IR 166'], bytes: '\xa0' }]);
  });

  it('[ARCH-2] read every pair of the double-byte sets the same', () => {
    const pairs = (high: number) =>
      Array.from({ length: 8836 }, (_, place) =>
        String.fromCharCode(high + 0x21 + Math.floor(place / 94), high + 0x21 + (place % 94)),
      );
    const cases = [
      ...pairs(0).map((pair) => ({ characterSet: ['', 'ISO 2022 IR 87'], bytes: `\x1b$B${pair}\x1b(B` })),
      ...pairs(0).map((pair) => ({ characterSet: ['', 'ISO 2022 IR 159'], bytes: `\x1b$(D${pair}\x1b(B` })),
      ...pairs(0x80).map((pair) => ({ characterSet: ['', 'ISO 2022 IR 149'], bytes: `\x1b$)C${pair}` })),
      ...pairs(0x80).map((pair) => ({ characterSet: ['GB18030'], bytes: pair })),
      ...pairs(0x80).map((pair) => ({ characterSet: ['GBK'], bytes: pair })),
    ];
    const theirs = decodeAll(cases);
    const same = cases.filter(({ characterSet, bytes }, at) => {
      return decodeText(bytesOf(bytes), characterSet, 'LT') === theirs[at];
    });
    const different = cases.filter(({ characterSet, bytes }, at) => {
      const readable = !/[\ufffd\ue000-\uf8ff]/.test(theirs[at]!) && theirs[at]!.length === 1;
      return readable && decodeText(bytesOf(bytes), characterSet, 'LT') !== theirs[at];
    });
    expect(same.length).toBeGreaterThan(35_000);
    expect(different).toEqual([]);
  });

  it('[ARCH-2] read what pydicom writes, and pydicom reads what we write', () => {
    const samples = fc.sample(fc.tuple(fc.constantFrom(...sets), fc.array(alphabet, { minLength: 1, maxLength: 6 })), {
      numRuns: 6000,
      seed: 7,
    });
    // pydicom knows neither ISO_IR 203 nor the delimiters of C1, and Python's GB 2312 keeps escape sequences as text.
    const cases = samples
      .map(([characterSet, parts]) => ({ characterSet, text: parts.join('') }))
      .filter(({ characterSet, text }) => !/203|IR 58/.test(characterSet.join()) && !/[\\\t\n\f\r\u0085]/.test(text))
      .map((one) => ({ ...one, bytes: latin(encodeText(one.text, one.characterSet, 'LT')) ?? null }));
    const theirs = askPython(
      `
from pydicom import config
from pydicom.charset import convert_encodings, decode_bytes, encode_string
from pydicom.valuerep import TEXT_VR_DELIMS
config.settings.writing_validation_mode = config.RAISE
answer = []
for c in given:
    encodings = convert_encodings(c['characterSet'])
    try: theirs = encode_string(c['text'], encodings).decode('latin1')
    except (UnicodeError, ValueError): theirs = None
    ours = c['bytes']
    answer.append([theirs, ours and decode_bytes(ours.encode('latin1'), encodings, TEXT_VR_DELIMS)])`,
      cases,
    ) as [string | null, string | null][];
    let read = 0;
    cases.forEach(({ characterSet, text, bytes }, at) => {
      const [written, readBack] = theirs[at]!;
      const about = JSON.stringify([characterSet, text, bytes, written]);
      if (bytes === null) return;
      expect(readBack, about).toBe(text);
      // What we don't write pydicom writes with question marks, or as Latin-1 in the default repertoire.
      if (written === null || written.includes('?')) return;
      expect(decodeText(bytesOf(written), characterSet, 'LT'), about).toBe(text);
      read++;
    });
    expect(read).toBeGreaterThan(700);
  });

  it.skipIf(!sharedFolder)('[ARCH-2] read the text of real files the same, nested items included', () => {
    const folder = `${sharedFolder}data/dicom/pydicom-charset-files/`;
    const files = readdirSync(folder).filter((name) => name.endsWith('.dcm'));
    expect(files.length).toBeGreaterThan(10);
    const elements = askPython(
      `
import pydicom, base64
from pydicom.valuerep import CUSTOMIZABLE_CHARSET_VR
answer = []
def walk(ds, raw, inherited):
    cs = ds.get('SpecificCharacterSet', inherited)
    cs = [cs] if isinstance(cs, str) else list(cs or [])
    for tag in sorted(ds.keys()):
        r = raw.get_item(tag); e = ds[tag]
        if e.VR == 'SQ':
            for item, r in zip(e.value, raw[tag].value): walk(item, r, cs)
        elif e.VR in CUSTOMIZABLE_CHARSET_VR:
            v = e.value
            text = '\\\\'.join(map(str, v)) if e.VM > 1 else str(v)
            answer.append([cs, e.VR, base64.b64encode(r.value or b'').decode(), text])
for path in given:
    walk(pydicom.dcmread(path, force=True), pydicom.dcmread(path, force=True), [])`,
      files.map((name) => folder + name),
    ) as [string[], VR, string, string][];
    expect(elements.length).toBeGreaterThan(50);
    for (const [characterSet, vr, bytes, text] of elements) {
      const ours = decodeText(Buffer.from(bytes, 'base64'), characterSet, vr).replace(/[ \0]+$/, '');
      expect(vr === 'PN' ? ours.replace(/=+$/, '') : ours).toBe(text);
    }
  });
});
