import { describe, expect, test } from 'vitest';
import { peekBytes } from './peek.ts';

const ascii = (text: string): number[] => [...text].map((character) => character.charCodeAt(0));

/** An element of the file meta information: explicit VR, little endian (PS3.10 7.1). */
function element(number: number, vr: string, value: string): number[] {
  const bytes = ascii(value.length % 2 === 0 ? value : `${value}\0`);
  const long = vr === 'OB';
  const length = long ? [0, 0, bytes.length & 0xff, bytes.length >> 8, 0, 0] : [bytes.length & 0xff, bytes.length >> 8];
  return [0x02, 0x00, number & 0xff, number >> 8, ...ascii(vr), ...length, ...bytes];
}

const preamble = [...new Array<number>(128).fill(0), ...ascii('DICM')];
const file = (...parts: number[][]): Uint8Array => Uint8Array.from(parts.flat());
const ct = '1.2.840.10008.5.1.4.1.1.2';

describe('[UI-5] before sending, a file is told', () => {
  test('an instance by the UID in its file meta information', () => {
    const meta = [element(1, 'OB', '\0\x01'), element(2, 'UI', ct), element(3, 'UI', '1.2.3.45')];
    expect(peekBytes(file(preamble, ...meta))).toEqual({ kind: 'instance', sopInstanceUid: '1.2.3.45' });
    expect(peekBytes(file(...meta))).toEqual({ kind: 'instance', sopInstanceUid: '1.2.3.45' });
  });

  test('an instance without meta information, in either byte order', () => {
    for (const group of [
      [0x08, 0x00],
      [0x00, 0x08],
    ]) {
      expect(peekBytes(file(group, [0x05, 0x00, 0x43, 0x53, 0x00, 0x00]))).toEqual({
        kind: 'instance',
        sopInstanceUid: null,
      });
    }
  });

  test('a DICOMDIR', () => {
    const meta = [element(2, 'UI', '1.2.840.10008.1.3.10'), element(3, 'UI', '1.2.3')];
    expect(peekBytes(file(preamble, ...meta))).toEqual({ kind: 'directory' });
  });

  test('anything else', () => {
    for (const other of [[], ascii('%PDF-1.7 something'), ascii('II*\0 a TIFF'), new Array<number>(600).fill(0xff)]) {
      expect(peekBytes(Uint8Array.from(other))).toEqual({ kind: 'other' });
    }
  });

  test('an instance whose meta information is cut off', () => {
    const whole = file(preamble, element(2, 'UI', ct), element(3, 'UI', '1.2.3.45'));
    for (let length = 132; length < whole.length; length += 1) {
      expect(peekBytes(whole.subarray(0, length)).kind, `${length} bytes`).toBe('instance');
    }
  });
});
