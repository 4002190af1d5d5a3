import { askPython, pydicomMissing } from '@isocenter/testkit/pydicom';
import { describe, expect, it } from 'vitest';
import {
  allTags,
  allUids,
  attributeOf,
  privateAttributeOf,
  registeredUid,
  resolveAmbiguousVR,
  sopClassName,
  tagOf,
  uidName,
  vrOf,
} from './dictionary.ts';
import { tagHex } from './tag.ts';
import { transferSyntaxes } from './transfer-syntax.ts';
import { isVR } from './vr.ts';

describe('the dictionary', () => {
  it('[ARCH-2] knows attributes by tag and by keyword', () => {
    expect(attributeOf(0x00100010)).toEqual({
      keyword: 'PatientName',
      name: "Patient's Name",
      vr: 'PN',
      vm: '1',
      retired: false,
    });
    expect(attributeOf(0x00080001)?.retired).toBe(true);
    for (const tag of allTags()) {
      const keyword = attributeOf(tag)!.keyword;
      if (keyword !== '') expect(tagOf(keyword)).toBe(tag);
    }
    expect(tagOf('DS')).toBeUndefined();
    expect(tagOf('Patient.*')).toBeUndefined();
    expect(tagOf('')).toBeUndefined();
  });

  it('[ARCH-2] knows repeating groups, group lengths and private creators', () => {
    expect(attributeOf(0x60023000)?.keyword).toBe('OverlayData');
    expect(attributeOf(0x50100005)?.keyword).toBe('CurveDimensions');
    expect(attributeOf(0x00203102)?.keyword).toBe('SourceImageIDs');
    expect(attributeOf(0x7fe00010)?.keyword).toBe('PixelData');
    expect(attributeOf(0x60013000)).toBeUndefined();
    expect(tagOf('OverlayData')).toBe(0x60003000);
    expect(attributeOf(0x00180000)).toMatchObject({ name: 'Group Length', vr: 'UL' });
    expect(attributeOf(0x00290010)).toMatchObject({ name: 'Private Creator', vr: 'LO' });
    expect(attributeOf(0x00291010)).toBeUndefined();
    expect(vrOf(0x00180000)).toBe('UL');
    expect(vrOf(0x00290010)).toBe('LO');
    expect(vrOf(0x00187777)).toBe('UN');
  });

  it('[ARCH-2] knows makers’ private elements by their creator, in whatever block', () => {
    expect(vrOf(0x0029_1008, 'SIEMENS CSA HEADER')).toBe('CS');
    expect(vrOf(0x0029_aa08, 'SIEMENS CSA HEADER')).toBe('CS');
    expect(vrOf(0x0029_1008, 'NOBODY')).toBe('UN');
    expect(vrOf(0x0029_1008)).toBe('UN');
    expect(vrOf(0x0029_0008, 'SIEMENS CSA HEADER')).toBe('UN');
    expect(privateAttributeOf(0x0043_1039, 'GEMS_PARM_01')?.vr).toBe('IS');
  });

  it('[ARCH-2] knows registered UIDs', () => {
    expect(sopClassName('1.2.840.10008.5.1.4.1.1.2')).toBe('CT Image Storage');
    expect(sopClassName('1.2.840.10008.1.2')).toBeUndefined();
    expect(uidName('1.2.840.10008.1.2')).toBe('Implicit VR Little Endian');
    expect(uidName('1.2.3')).toBeUndefined();
    for (const { uid } of transferSyntaxes) expect(registeredUid(uid)?.type, uid).toBe('Transfer Syntax');
  });

  it('[ARCH-2] gives every attribute a VR of PS3.5 or a choice that context settles', () => {
    for (const tag of allTags()) expect(isVR(resolveAmbiguousVR(tag, vrOf(tag))), tagHex(tag)).toBe(true);
    expect(resolveAmbiguousVR(0x00280106, 'US or SS')).toBe('US');
    expect(resolveAmbiguousVR(0x00280106, 'US or SS', { pixelRepresentation: 1 })).toBe('SS');
    expect(resolveAmbiguousVR(0x7fe00010, 'OB or OW')).toBe('OW');
    expect(resolveAmbiguousVR(0x7fe00010, 'OB or OW', { bitsAllocated: 8 })).toBe('OW');
    expect(resolveAmbiguousVR(0x7fe00010, 'OB or OW', { explicitVR: true, bitsAllocated: 8 })).toBe('OB');
    expect(resolveAmbiguousVR(0x7fe00010, 'OB or OW', { explicitVR: true, encapsulated: true })).toBe('OB');
    expect(resolveAmbiguousVR(0x54001010, 'OB or OW', { explicitVR: true, waveformBitsAllocated: 8 })).toBe('OB');
    expect(resolveAmbiguousVR(0x00283006, 'US or OW', { lutEntries: 1 })).toBe('US');
    expect(resolveAmbiguousVR(0x00283006, 'US or OW', { lutEntries: 256 })).toBe('OW');
  });
});

describe.skipIf(pydicomMissing)(`the dictionary beside pydicom's ${pydicomMissing ?? ''}`, () => {
  it('[ARCH-2] gives the VR that pydicom gives to every element of the standard', () => {
    const rows = askPython(
      `
from pydicom.datadict import DicomDictionary, RepeatersDictionary, dictionary_VR
answer = [[t, e[0], e[4]] for t, e in DicomDictionary.items() if e[0] != 'NONE']
repeating = [int(p.replace('x', x), 16) for p in RepeatersDictionary for x in '02468ACE']
answer += [[t, dictionary_VR(t), ''] for t in repeating]`,
      null,
    ) as [number, string, string][];
    expect(rows.length).toBeGreaterThan(5000);
    expect(rows.filter(([tag, vr]) => vrOf(tag) !== vr).map(([tag]) => tagHex(tag))).toEqual([]);
    const renamed = rows.filter(([tag, , keyword]) => keyword !== '' && attributeOf(tag)?.keyword !== keyword);
    // Renamed after pydicom's edition, 2024c.
    expect(renamed.map(([tag]) => tagHex(tag))).toEqual(['003A0320', '003A0325']);
  });

  it('[ARCH-2] gives the VR that pydicom gives to every private element it knows', () => {
    const rows = askPython(
      `
from pydicom.datadict import private_dictionaries, private_dictionary_VR
answer = []
for creator, block in private_dictionaries.items():
    for pattern in block:
        for x in ('10', '2A'):
            tag = int(pattern.replace('xx', x), 16)
            if (tag >> 16) % 2 and (tag & 0xff00):
                try: answer.append([creator, tag, private_dictionary_VR(tag, creator)])
                except KeyError: pass`,
      null,
    ) as [string, number, string][];
    expect(rows.length).toBeGreaterThan(15000);
    const different = rows.filter(([creator, tag, vr]) => vrOf(tag, creator) !== vr.replace('OB_OW', 'OB or OW'));
    expect(different.map(([creator, tag]) => `${creator} ${tagHex(tag)}`)).toEqual([]);
  });

  it('[ARCH-2] settles ambiguous VRs as pydicom does', () => {
    const cases = [0, 1].flatMap((pixelRepresentation) =>
      [true, false].flatMap((explicitVR) =>
        [1, 256].flatMap((lutEntries) =>
          [8, 16].map((bits) => ({ pixelRepresentation, explicitVR, lutEntries, bits })),
        ),
      ),
    );
    const tags = [
      0x00280106, 0x00281101, 0x00283002, 0x00283006, 0x00189810, 0x54001010, 0x5400100a, 0x60023000, 0x7fe00010,
    ];
    const theirs = askPython(
      `
from pydicom.dataset import Dataset
from pydicom.dataelem import DataElement
from pydicom.filewriter import correct_ambiguous_vr_element
from pydicom.datadict import dictionary_VR
answer = []
for case in given['cases']:
    for tag in given['tags']:
        ds = Dataset()
        ds._read_implicit = not case['explicitVR']; ds.set_original_encoding(not case['explicitVR'], True)
        ds.PixelRepresentation = case['pixelRepresentation']; ds.BitsAllocated = case['bits']
        ds.WaveformBitsAllocated = case['bits']
        ds.LUTDescriptor = [case['lutEntries'], 0, 16]
        elem = DataElement(tag, dictionary_VR(tag), b'\\0\\0')
        answer.append(correct_ambiguous_vr_element(elem, ds, True).VR)`,
      { cases, tags },
    );
    const ours = cases.flatMap(({ bits, ...context }) =>
      tags.map((tag) =>
        resolveAmbiguousVR(tag, vrOf(tag), { ...context, bitsAllocated: bits, waveformBitsAllocated: bits }),
      ),
    );
    expect(ours).toEqual(theirs);
  });

  it('[ARCH-2] names every UID that pydicom names', () => {
    const rows = askPython(
      'from pydicom._uid_dict import UID_dictionary; answer = [[k, v[4]] for k, v in UID_dictionary.items() if v[4]]',
      null,
    ) as [string, string][];
    expect(rows.length).toBeGreaterThan(400);
    expect(rows.filter(([uid, keyword]) => registeredUid(uid)?.keyword !== keyword)).toEqual([]);
    expect([...allUids()].every(({ name }) => name !== '')).toBe(true);
  });
});
