import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { readPart10, toJson, toLittleEndian } from '@isocenter/dicom';
import { needs } from '@isocenter/testkit';
import { pydicomMissing } from '@isocenter/testkit/pydicom';
import { differences, type PydicomReading, readByPydicom } from '@isocenter/testkit/pydicom-json';
import { realFiles, realFilesFolder, realFilesMissing } from '@isocenter/testkit/real-files';
import { describe, expect, it } from 'vitest';

describe('metadata', () => {
  needs(realFilesMissing ?? pydicomMissing);

  it('[ARCH-2] of every real file equals what pydicom reads', { timeout: 600_000 }, () => {
    const found: string[] = [];
    const readings = readByPydicom(realFiles.map((path) => join(realFilesFolder, path)));
    for (const path of realFiles) {
      const reading = readings.next().value;
      found.push(...(reading ? differencesOf(path, reading) : [`${path}: only ours`]));
    }
    expect(realFiles.length).toBeGreaterThan(1400);
    expect(found).toEqual([]);
  });
});

function differencesOf(path: string, theirs: PydicomReading): string[] {
  const bytes = readFileSync(join(realFilesFolder, path));
  const { transferSyntax, dataSet, dataSetOffset } = readPart10(bytes);
  // Places in a deflated data set are places in what it inflates to.
  const read = transferSyntax.deflated ? inflateRawSync(bytes.subarray(dataSetOffset)) : bytes;
  const hash = (tag: string): string => {
    const { valueOffset, length, vr } = dataSet.elements.get(Number.parseInt(tag, 16))!;
    const value = toLittleEndian(read.subarray(valueOffset, valueOffset + length), vr, dataSet.encoding.littleEndian);
    return createHash('sha256').update(value).digest('hex');
  };
  const syntax = theirs.syntax === '' || theirs.syntax === transferSyntax.uid ? [] : [`${path}: transfer syntax`];
  return [...syntax, ...differences(toJson(dataSet), theirs.json, { path, hash })];
}
