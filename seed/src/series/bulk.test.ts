import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { firstNumber, firstString, readPart10 } from '@isocenter/dicom';
import { describe, expect, it } from 'vitest';
import { bulkIdentity, bulkInstances } from './bulk.ts';

const options = {
  count: 25,
  rows: 16,
  columns: 24,
  seed: 'bulk test',
  instancesPerSeries: 4,
  seriesPerStudy: 3,
  studiesPerPatient: 2,
};

describe('instances in bulk', () => {
  it('[OPS-9] are whole files with the identities that were foretold, and each with its own pixels', async () => {
    const uids = new Set<string>();
    const pixels = new Set<string>();
    let index = 0;
    for await (const file of bulkInstances(options)) {
      const identity = bulkIdentity(options, index++);
      const { dataSet, meta } = readPart10(file);
      expect(firstString(meta, 0x00020003)).toBe(identity.sopInstanceUid);
      expect(firstString(dataSet, 0x00080018)).toBe(identity.sopInstanceUid);
      expect(firstString(dataSet, 0x0020000e)).toBe(identity.seriesInstanceUid);
      expect(firstString(dataSet, 0x0020000d)).toBe(identity.studyInstanceUid);
      expect(firstString(dataSet, 0x00100020)).toBe(identity.patientId);
      expect(firstString(dataSet, 0x00100010)).toBe(identity.patientName.trimEnd());
      expect(firstString(dataSet, 0x00080020)).toBe(identity.studyDate);
      expect(firstString(dataSet, 0x00080050)).toBe(identity.accession);
      expect(firstNumber(dataSet, 0x00200013)).toBe(identity.instanceNumber);
      expect(firstNumber(dataSet, 0x00200011)).toBe(identity.seriesNumber);
      expect(dataSet.elements.get(0x7fe00010)?.length).toBe(16 * 24 * 2);
      uids.add(identity.sopInstanceUid);
      pixels.add(Buffer.from(file.subarray(-768)).toString('base64'));
    }
    expect(index).toBe(25);
    expect(uids.size).toBe(25);
    expect(pixels.size).toBe(25);
    const series = new Set(Array.from({ length: 25 }, (_, i) => bulkIdentity(options, i).seriesInstanceUid));
    const studies = new Set(Array.from({ length: 25 }, (_, i) => bulkIdentity(options, i).studyInstanceUid));
    expect([series.size, studies.size]).toEqual([7, 3]);
  });

  it('[OPS-9] go on where another run ended', async () => {
    const files: Uint8Array[] = [];
    for await (const file of bulkInstances({ ...options, first: 7, count: 1 })) files.push(file);
    expect(firstString(readPart10(files[0]!).dataSet, 0x00080018)).toBe(bulkIdentity(options, 7).sopInstanceUid);
  });

  const missing = spawnSync('dciodvfy', ['-version']).error ? 'dciodvfy of dicom3tools is not installed' : undefined;
  if (missing && process.env.CI === 'true') throw new Error(missing);
  it.skipIf(missing)(`[OPS-9] are CT images to dciodvfy ${missing ?? ''}`, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'isocenter-bulk-'));
    try {
      for await (const file of bulkInstances({ ...options, count: 1 })) writeFileSync(join(folder, 'one.dcm'), file);
      const { stderr, stdout } = spawnSync('dciodvfy', [join(folder, 'one.dcm')], { encoding: 'utf8' });
      expect(`${stdout}${stderr}`).toContain('CTImage');
      expect(`${stdout}${stderr}`).not.toMatch(/^Error/m);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
