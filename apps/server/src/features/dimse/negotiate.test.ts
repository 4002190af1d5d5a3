import {
  allUids,
  ExplicitVRBigEndian,
  ExplicitVRLittleEndian,
  ImplicitVRLittleEndian,
  transferSyntaxes,
} from '@isocenter/dicom';
import { describe, expect, it } from 'vitest';
import { acceptedContexts, answerContexts, chooseTransferSyntax } from './negotiate.ts';
import { isStorageSopClass, VERIFICATION } from './sop-classes.ts';

const CT = '1.2.840.10008.5.1.4.1.1.2';
const JPEG = '1.2.840.10008.1.2.4.50';
const J2K = '1.2.840.10008.1.2.4.90';
const DEFLATED = '1.2.840.10008.1.2.1.99';

describe('SOP classes', () => {
  it('[ARCH-5] of storage are all of the standard, and those that it does not know', () => {
    const storage = ['.1.1.2', '.1.1.7', '.1.1.88.67', '.1.1.481.3', '.1.1.66.4', '.34.7'].map(
      (end) => `1.2.840.10008.5.1.4${end}`,
    );
    for (const uid of [...storage, '1.3.46.670589.11.0.0.12.1', '1.2.840.10008.5.1.4.1.1.999']) {
      expect(isStorageSopClass(uid), uid).toBe(true);
    }
    expect(
      [...allUids()].filter(({ uid, type }) => type === 'SOP Class' && isStorageSopClass(uid)).length,
    ).toBeGreaterThan(140);
  });

  it('[ARCH-5] of other services are none', () => {
    const others = [
      VERIFICATION,
      '1.2.840.10008.1.3.10',
      '1.2.840.10008.1.20.1',
      '1.2.840.10008.5.1.4.1.2.2.1',
      '1.2.840.10008.5.1.4.31',
      '1.2.840.10008.5.1.4.1.1.201.2',
      '1.2.840.10008.9.9.9',
    ];
    for (const uid of others) expect(isStorageSopClass(uid), uid).toBe(false);
  });
});

describe('negotiation', () => {
  it('[ARCH-5] takes every known transfer syntax', () => {
    for (const { uid } of transferSyntaxes) expect(chooseTransferSyntax([uid])).toBe(uid);
    expect(chooseTransferSyntax(['1.2.3'])).toBeUndefined();
    expect(chooseTransferSyntax([])).toBeUndefined();
  });

  it('[ARCH-5] takes what the peer names first, and explicit before implicit VR', () => {
    expect(chooseTransferSyntax([J2K, JPEG, ExplicitVRLittleEndian])).toBe(J2K);
    expect(chooseTransferSyntax(['1.2.3', JPEG, ImplicitVRLittleEndian])).toBe(JPEG);
    expect(chooseTransferSyntax([ImplicitVRLittleEndian, ExplicitVRLittleEndian, JPEG])).toBe(ExplicitVRLittleEndian);
    expect(chooseTransferSyntax([ExplicitVRBigEndian, ImplicitVRLittleEndian])).toBe(ExplicitVRBigEndian);
    expect(chooseTransferSyntax([DEFLATED, ExplicitVRLittleEndian])).toBe(DEFLATED);
  });

  it('[ARCH-5] answers each context for itself', () => {
    const proposed = [
      { id: 1, abstractSyntax: VERIFICATION, transferSyntaxes: [ImplicitVRLittleEndian] },
      { id: 3, abstractSyntax: CT, transferSyntaxes: [JPEG] },
      { id: 5, abstractSyntax: CT, transferSyntaxes: ['1.2.3'] },
      { id: 7, abstractSyntax: '1.2.840.10008.5.1.4.1.2.2.1', transferSyntaxes: [ImplicitVRLittleEndian] },
    ];
    const answered = answerContexts(proposed);
    expect(answered.map(({ id, result }) => [id, result])).toEqual([
      [1, 0],
      [3, 0],
      [5, 4],
      [7, 3],
    ]);
    expect(acceptedContexts(proposed, answered)).toEqual([
      { id: 1, abstractSyntax: VERIFICATION, transferSyntax: ImplicitVRLittleEndian },
      { id: 3, abstractSyntax: CT, transferSyntax: JPEG },
    ]);
  });

  it('[ARCH-5] passes over answers to what was not asked', () => {
    expect(acceptedContexts([], [{ id: 9, result: 0, transferSyntax: JPEG }])).toEqual([]);
  });
});
