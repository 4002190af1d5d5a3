import { firstString } from '@isocenter/dicom';
import { bytesOf, element, IMPLICIT, type Seeded, uint16 } from '@isocenter/dicom/testing';
import type { Base } from './bases.ts';

/** What a storage SCU writes to the connection (PS3.8 9.3, PS3.7 9.3.1), made here apart from the code under test. */

export const CALLED = 'ISOCENTER';
export const CALLING = 'FUZZER';
const ASSOCIATE_REQUEST = 1;
const DATA = 4;
const RELEASE_REQUEST = 5;
const CONTEXT = 1;

const bigEndian = (value: number, size: 2 | 4): Uint8Array => {
  const bytes = Buffer.alloc(size);
  bytes.writeUIntBE(value, 0, size);
  return bytes;
};
const pdu = (type: number, ...body: readonly Uint8Array[]): Uint8Array => {
  const all = bytesOf(...body);
  return bytesOf(type, 0, bigEndian(all.length, 4), all);
};
const item = (type: number, ...body: readonly (Uint8Array | string)[]): Uint8Array => {
  const all = bytesOf(...body);
  return bytesOf(type, 0, bigEndian(all.length, 2), all);
};
const even = (uid: string): string => (uid.length % 2 === 0 ? uid : `${uid}\0`);

function associateRequest(sopClass: string, transferSyntax: string): Uint8Array {
  const context = item(0x20, bytesOf(CONTEXT, 0, 0, 0), item(0x30, sopClass), item(0x40, transferSyntax));
  const user = item(0x50, item(0x51, bigEndian(0, 4)), item(0x52, '1.2.3'), item(0x55, 'FUZZ'));
  return pdu(
    ASSOCIATE_REQUEST,
    bytesOf(bigEndian(1, 2), 0, 0, CALLED.padEnd(16), CALLING.padEnd(16), new Uint8Array(32)),
    item(0x10, '1.2.840.10008.3.1.1.1'),
    context,
    user,
  );
}

function storeCommand(sopClass: string, sopInstance: string): Uint8Array {
  const body = bytesOf(
    element(0x00000002, 'UI', even(sopClass), IMPLICIT),
    element(0x00000100, 'US', uint16(1), IMPLICIT),
    element(0x00000110, 'US', uint16(7), IMPLICIT),
    element(0x00000700, 'US', uint16(0), IMPLICIT),
    element(0x00000800, 'US', uint16(1), IMPLICIT),
    element(0x00001000, 'UI', even(sopInstance), IMPLICIT),
  );
  return body;
}

/** A P-DATA-TF of one fragment. */
const fragment = (data: Uint8Array, command: boolean, last: boolean): Uint8Array =>
  pdu(DATA, bigEndian(data.length + 2, 4), bytesOf(CONTEXT, (command ? 1 : 0) | (last ? 2 : 0)), data);

/** The PDUs by which a data set is stored: associate, C-STORE in fragments, release. */
export function storePdus({ part10 }: Base, dataSet: Uint8Array, random: Seeded): Uint8Array[] {
  const sopClass = firstString(part10.dataSet, 0x00080016) ?? '1.2.840.10008.5.1.4.1.1.7';
  const sopInstance = firstString(part10.dataSet, 0x00080018) ?? '1.2.3';
  const data: Uint8Array[] = [];
  for (let at = 0; at < dataSet.length; ) {
    const size = 1 + random.below(16_000);
    data.push(fragment(dataSet.subarray(at, at + size), false, at + size >= dataSet.length));
    at += size;
  }
  return [
    associateRequest(sopClass, part10.transferSyntax.uid),
    fragment(storeCommand(sopClass, sopInstance), true, true),
    ...data,
    pdu(RELEASE_REQUEST, new Uint8Array(4)),
  ];
}

/** What goes wrong on the way: whole PDUs, or bytes anywhere, mostly in their headers. */
export function mutatedStream(pdus: readonly Uint8Array[], random: Seeded): Uint8Array {
  const pieces = [...pdus];
  const any = (): number => random.below(pieces.length);
  for (let i = random.below(3); i > 0; i--) {
    const [at, other] = [any(), any()];
    const kind = random.below(4);
    if (kind === 0) pieces.splice(at, 1, pieces[at]!, pieces[at]!);
    else if (kind === 1 && pieces.length > 1) pieces.splice(at, 1);
    else if (kind === 2) [pieces[at], pieces[other]] = [pieces[other]!, pieces[at]!];
    else pieces.splice(at, 0, pdu(random.below(10), new Uint8Array(random.below(100))));
  }
  for (let i = random.below(4); i > 0; i--) {
    const at = any();
    const piece = new Uint8Array(pieces[at]!);
    const reach = random.below(3) === 0 ? piece.length : Math.min(piece.length, 90);
    piece[random.below(reach)] = random.below(3) === 0 ? random.pick([0, 1, 0x7f, 0x80, 0xff]) : random.below(256);
    pieces[at] = piece;
  }
  const stream = bytesOf(...pieces);
  return random.below(6) === 0 ? stream.subarray(0, random.below(stream.length)) : stream;
}

/** Statuses of the C-STORE responses in what a server wrote. */
export function storeStatuses(answer: Buffer): number[] {
  const statuses: number[] = [];
  for (let at = 0; at + 12 <= answer.length; at += 6 + answer.readUInt32BE(at + 2)) {
    if (answer[at] !== DATA) continue;
    const command = answer.subarray(at + 12, at + 6 + answer.readUInt32BE(at + 2));
    const status = command.indexOf(Buffer.from([0, 0, 0, 9, 2, 0, 0, 0])); // (0000,0900), two bytes
    if (status >= 0) statuses.push(command.readUInt16LE(status + 8));
  }
  return statuses;
}
