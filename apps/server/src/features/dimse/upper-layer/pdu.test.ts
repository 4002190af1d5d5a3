import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DimseError } from '../dimse-error.ts';
import {
  type AnsweredContext,
  APPLICATION_CONTEXT,
  decodeAssociateAccept,
  decodeAssociateRequest,
  encodeAssociateAccept,
  encodeAssociateRequest,
  type ProposedContext,
} from './associate-pdu.ts';
import { type CommandSet, decodeCommandSet, encodeCommandSet, hasDataSet } from './command-set.ts';
import { decodePdvs, decodeReject, encodePdvHeader, encodeReject, PDU_HEADER, rejections } from './pdu.ts';

const uid = fc.stringMatching(/^[0-2]\.[0-9]{1,9}(\.[1-9][0-9]{0,8}){0,4}$/);
const title = fc.stringMatching(/^[A-Z][A-Z0-9_ ]{0,13}[A-Z0-9]$/);
const header = {
  calledAeTitle: title,
  callingAeTitle: title,
  maxLength: fc.integer({ min: 0, max: 0xffffffff }),
  implementationClassUid: uid,
  implementationVersionName: title,
};
const id = fc.integer({ min: 0, max: 127 }).map((n) => n * 2 + 1);

describe('association requests and answers', () => {
  it('[ARCH-5] say the same after they were written and read', () => {
    const proposed: fc.Arbitrary<ProposedContext> = fc.record({
      id,
      abstractSyntax: uid,
      transferSyntaxes: fc.array(uid, { minLength: 1, maxLength: 40 }),
    });
    const answered: fc.Arbitrary<AnsweredContext> = fc.record({
      id,
      result: fc.integer({ min: 0, max: 4 }),
      transferSyntax: uid,
    });
    const same = { applicationContext: APPLICATION_CONTEXT };
    fc.assert(
      fc.property(fc.record({ ...header, contexts: fc.array(proposed, { maxLength: 128 }) }), (request) => {
        const body = encodeAssociateRequest(request).subarray(PDU_HEADER);
        expect(decodeAssociateRequest(body)).toEqual({ ...request, ...same, protocolVersion: 1 });
      }),
    );
    fc.assert(
      fc.property(fc.record({ ...header, contexts: fc.array(answered, { maxLength: 128 }) }), (accept) => {
        const body = encodeAssociateAccept(accept).subarray(PDU_HEADER);
        expect(decodeAssociateAccept(body)).toEqual({ ...accept, ...same });
      }),
    );
  });

  it('[ARCH-5] that are cut short or damaged are refused', () => {
    const contexts = [{ id: 1, abstractSyntax: '1.2.3', transferSyntaxes: ['1.2.840.10008.1.2'] }];
    const body = encodeAssociateRequest({
      calledAeTitle: 'A',
      callingAeTitle: 'B',
      contexts,
      maxLength: 0,
      implementationClassUid: '1.2',
      implementationVersionName: 'V',
    }).subarray(PDU_HEADER);
    const whole = decodeAssociateRequest(body)!;
    for (let length = 0; length < body.length; length++) {
      const cut = decodeAssociateRequest(body.subarray(0, length));
      // Between two items a shorter request is one too; it says less.
      if (cut) expect(whole.contexts).toEqual(expect.arrayContaining([...cut.contexts]));
    }
    fc.assert(
      fc.property(fc.nat(body.length - 1), fc.nat(255), (at, value) => {
        const damaged = Buffer.from(body);
        damaged[at] = value;
        decodeAssociateRequest(damaged);
        decodeAssociateAccept(damaged);
      }),
    );
  });

  it('[ARCH-5] rejections keep their reason', () => {
    for (const rejection of Object.values(rejections)) {
      expect(decodeReject(encodeReject(rejection).subarray(PDU_HEADER))).toEqual(rejection);
    }
  });
});

describe('fragments', () => {
  it('[ARCH-5] come apart as they were put together', () => {
    const one = fc.tuple(id, fc.boolean(), fc.boolean(), fc.uint8Array({ maxLength: 50 }));
    fc.assert(
      fc.property(fc.array(one), (pdvs) => {
        const body = pdvs.flatMap(([contextId, isCommand, isLast, data]) => [
          encodePdvHeader(contextId, isCommand, isLast, data.length).subarray(PDU_HEADER),
          data,
        ]);
        const decoded = decodePdvs(Buffer.concat(body))!;
        expect(
          decoded.map(({ contextId, isCommand, isLast, data }) => [contextId, isCommand, isLast, [...data]]),
        ).toEqual(pdvs.map(([contextId, isCommand, isLast, data]) => [contextId, isCommand, isLast, [...data]]));
      }),
    );
  });

  it('[ARCH-5] whose lengths lie are refused', () => {
    const body = Buffer.concat([encodePdvHeader(1, false, true, 4).subarray(PDU_HEADER), Buffer.alloc(4)]);
    expect(decodePdvs(body)).toHaveLength(1);
    for (const length of [0, 1, 7, 0xffffffff]) {
      body.writeUInt32BE(length, 0);
      expect(decodePdvs(body), String(length)).toBeUndefined();
    }
    expect(decodePdvs(body.subarray(0, 3))).toBeUndefined();
  });
});

describe('command sets', () => {
  const us = fc.integer({ min: 0, max: 0xffff });
  const some = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined });
  const command: fc.Arbitrary<CommandSet> = fc.record({
    commandField: us,
    affectedSopClassUid: some(uid),
    messageId: some(us),
    moveDestination: some(title),
    commandDataSetType: some(us),
    status: some(us),
    errorComment: some(title),
    affectedSopInstanceUid: some(uid),
    remaining: some(us),
    failed: some(us),
  });

  it('[ARCH-5] say the same after they were written and read', () => {
    fc.assert(
      fc.property(command, (given) => {
        const bytes = encodeCommandSet(given);
        expect(bytes.readUInt32LE(8)).toBe(bytes.length - 12);
        expect(decodeCommandSet(bytes)).toEqual(JSON.parse(JSON.stringify(given)));
      }),
    );
  });

  it('[ARCH-5] pass over elements that are not ours, and tell whether a data set follows', () => {
    const unknown = Buffer.from([0, 0, 0x01, 0x50, 2, 0, 0, 0, 1, 2]);
    const bytes = Buffer.concat([encodeCommandSet({ commandField: 1, commandDataSetType: 0x0102 }), unknown]);
    expect(decodeCommandSet(bytes)).toEqual({ commandField: 1, commandDataSetType: 0x0102 });
    expect(hasDataSet(decodeCommandSet(bytes))).toBe(true);
    expect(hasDataSet({ commandField: 1, commandDataSetType: 0x0101 })).toBe(false);
  });

  it('[ARCH-5] that make no sense are refused as such', () => {
    const bytes = encodeCommandSet({ commandField: 1, affectedSopClassUid: '1.2.3' });
    const others = [
      Buffer.alloc(0),
      bytes.subarray(0, -1),
      bytes.subarray(0, 12),
      Buffer.concat([bytes, Buffer.alloc(3)]),
    ];
    for (const other of others) expect(() => decodeCommandSet(other)).toThrow(DimseError);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (noise) => {
        try {
          decodeCommandSet(Buffer.from(noise));
        } catch (error) {
          expect(error).toBeInstanceOf(DimseError);
        }
      }),
    );
  });
});
