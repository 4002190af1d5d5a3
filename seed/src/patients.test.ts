import { decodeText, encodeText, readPart10, stringsOf } from '@isocenter/dicom';
import { describe, expect, it } from 'vitest';
import { demoStudies } from './patients.ts';
import { studyUid } from './series/study.ts';
import { filesOf } from './series/write.ts';

const studies = demoStudies();

describe("the demo's patients", () => {
  it('[OPS-9] come from two hospitals, several makers and scripts, some with an earlier study', () => {
    const people = new Set(studies.map(({ study }) => study.person.id));
    expect(people.size).toBeGreaterThanOrEqual(8);
    expect(people.size).toBeLessThanOrEqual(12);
    expect(new Set(studies.map(({ study }) => study.scanner.hospital.code)).size).toBe(2);
    expect(new Set(studies.map(({ study }) => study.scanner.maker)).size).toBe(5);
    expect(new Set(studies.map(({ study }) => study.person.characterSet.join('\\'))).size).toBeGreaterThanOrEqual(6);
    expect(studies.length).toBeGreaterThan(people.size);
    const modalities = new Set(studies.flatMap(({ series }) => series.map((one) => one.modality)));
    expect([...modalities].sort()).toEqual(['CR', 'CT', 'MR', 'PT', 'US']);
  });

  it('[OPS-9] have UIDs and accession numbers of their own, the same each time', () => {
    const series = studies.flatMap((each) => each.series.map((one) => one.seriesInstanceUid));
    expect(new Set(series).size).toBe(series.length);
    expect(new Set(studies.map(({ study }) => studyUid(study))).size).toBe(studies.length);
    expect(new Set(studies.map(({ study }) => study.accession)).size).toBe(studies.length);
    expect(demoStudies().flatMap((each) => each.series.map((one) => one.seriesInstanceUid))).toEqual(series);
    for (const uid of series) expect(uid).toMatch(/^2\.25\.[1-9]\d{30,38}$/);
  });

  it('[OPS-9] have names that their character sets can write', () => {
    for (const { study } of studies) {
      const { name, characterSet } = study.person;
      for (const text of Object.values(name) as string[]) {
        const bytes = encodeText(text, [...characterSet], 'PN');
        expect(bytes && decodeText(bytes, [...characterSet], 'PN')).toBe(text);
      }
    }
  });

  it('[OPS-9] were examined after they were born, and not tomorrow', () => {
    for (const { study } of studies) {
      expect(study.date > study.person.birthDate).toBe(true);
      expect(study.date < '20260101').toBe(true);
    }
  });

  it('[OPS-9] carry their name into the file and into the pixels of ultrasound, which say so', async () => {
    const { series } = studies.find(({ study }) => study.person.id === 'CL-200118')!;
    const files: Uint8Array[] = [];
    for await (const file of filesOf(series[0]!)) files.push(file);
    const { dataSet } = readPart10(files[0]!);
    expect(stringsOf(dataSet, 0x00100010)).toEqual(['Esempio^Giulia']);
    expect(stringsOf(dataSet, 0x00280301)).toEqual(['YES']);
    expect(files).toHaveLength(series[0]!.instanceCount);
  });
});
