import { randomBytes } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { bytesOf, EXPLICIT, element, file, header, IMPLICIT, marker, UNDEFINED } from '@isocenter/dicom/testing';
import { nested } from './file-mutations.ts';

const DEFLATED = '1.2.840.10008.1.2.1.99';
const MIB = 1024 * 1024;

let made = 0;

/** The UIDs without which nothing is stored. */
function named(): Uint8Array {
  const even = (uid: string): string => (uid.length % 2 === 0 ? uid : `${uid}\0`);
  const number = ++made;
  return bytesOf(
    element(0x00080016, 'UI', even('1.2.840.10008.5.1.4.1.1.7')),
    element(0x00080018, 'UI', even(`2.25.777.${number}`)),
    element(0x0020000d, 'UI', even(`2.25.778.${number}`)),
    element(0x0020000e, 'UI', even(`2.25.779.${number}`)),
  );
}

const withHeader = (syntax: string, ...after: readonly Uint8Array[]): Uint8Array =>
  file(syntax, bytesOf(named(), ...after));
const explicit = (...after: readonly Uint8Array[]): Uint8Array => withHeader('1.2.840.10008.1.2.1', ...after);
const zeros = (length: number): Uint8Array => new Uint8Array(length);
const repeated = (count: number, one: Uint8Array): Uint8Array => {
  const all = new Uint8Array(count * one.length);
  for (let at = 0; at < all.length; at += one.length) all.set(one, at);
  return all;
};
const distinct = (count: number): Uint8Array =>
  Buffer.concat(Array.from({ length: count }, (_, i) => element(0x30000000 + i, 'US', zeros(2))));
const deflated = (dataSet: Uint8Array): Uint8Array => file(DEFLATED, deflateRawSync(bytesOf(named(), dataSet)));

/** Small files that ask for much: memory, depth, time, room in the index. */
export function extremeFiles(): [string, Uint8Array][] {
  const openSequence = header(0x00321064, 'SQ', UNDEFINED);
  const sequenceEnd = marker(0xfffee0dd, 0);
  const emptyItem = marker(0xfffee000, 0);
  const encapsulated = bytesOf(header(0x7fe00010, 'OB', UNDEFINED), marker(0xfffee000, 0));
  return [
    ['10,000 deep, open', explicit(nested(10_000, true, EXPLICIT))],
    ['10,000 deep, with lengths', explicit(nested(10_000, false, EXPLICIT))],
    ['10,000 deep, implicit', file('1.2.840.10008.1.2', bytesOf(nested(10_000, true, IMPLICIT)))],
    ['64 deep', explicit(nested(64, true, EXPLICIT))],
    ['64 MiB of pixels, deflated', deflated(bytesOf(header(0x7fe00010, 'OW', 64 * MIB), zeros(64 * MIB)))],
    ['64 MiB of text, deflated', deflated(bytesOf(header(0x0040a160, 'UT', 64 * MIB), zeros(64 * MIB)))],
    ['a million elements, deflated', deflated(repeated(1_000_000, element(0x00091001, 'LO', 'x ')))],
    ['as many zeros as elements, deflated', deflated(zeros(64 * MIB))],
    ['no end of pixels', explicit(header(0x7fe00010, 'OW', 0xfffffffe), zeros(1000))],
    ['no end of text', explicit(header(0x7fe00000, 'UT', 0x7fffffff), zeros(1000))],
    ['no end of an item', explicit(openSequence, marker(0xfffee000, 0xfffffffe), zeros(100))],
    ['no end of a sequence', explicit(header(0x00321064, 'SQ', 0xfffffff0), zeros(100))],
    ['400,000 items', explicit(openSequence, repeated(400_000, emptyItem), sequenceEnd)],
    ['a million items', explicit(openSequence, repeated(1_000_000, emptyItem), sequenceEnd)],
    ['100,000 elements', explicit(distinct(100_000))],
    ['the same element 300,000 times', explicit(repeated(300_000, element(0x00321063, 'LO', 'x ')))],
    ['300,000 fragments', explicit(encapsulated, repeated(300_000, marker(0xfffee000, 0)), sequenceEnd)],
    [
      'a value of 100,000 values',
      explicit(element(0x00324000, 'UT', 'x'), element(0x00330010, 'UC', '\\'.repeat(100_000))),
    ],
    [
      'a long name',
      explicit(element(0x00400275, 'PN', '='.repeat(60_000)), element(0x00400280, 'PN', '^'.repeat(60_000))),
    ],
    ['20 MB of private bytes', explicit(header(0x00330011, 'OB', 20 * MIB), randomBytes(20 * MIB))],
  ];
}
