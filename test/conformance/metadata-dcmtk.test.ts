import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type JsonDataSet, type JsonElement, type JsonValue, readPart10, toJson } from '@isocenter/dicom';
import { needs } from '@isocenter/testkit';
import { realFiles, realFilesFolder, realFilesMissing } from '@isocenter/testkit/real-files';
import { describe, expect, it } from 'vitest';

const noDcmtk = spawnSync('dcm2json', ['--version']).error ? "dcmtk's dcm2json is not installed" : undefined;

describe('metadata', () => {
  needs(realFilesMissing ?? noDcmtk);

  it('[ARCH-2] of real files equals what dcmtk reads', () => {
    const differences: string[] = [];
    let read = 0;
    for (const path of realFiles.filter((_, i) => i % 4 === 2)) {
      const theirs = dcm2json(join(realFilesFolder, path));
      if (!theirs) continue;
      read++;
      const { dataSet } = readPart10(readFileSync(join(realFilesFolder, path)));
      differences.push(...compared(toJson(dataSet), theirs, `${path} `));
    }
    expect(read).toBeGreaterThan(300);
    expect(differences).toEqual([]);
  });
});

/** Undefined where it refuses: compressed pixel data, and character sets that its build can't convert. */
function dcm2json(file: string): JsonDataSet | undefined {
  const { status, stdout } = spawnSync('dcm2json', ['-q', '-fc', '-ee', file], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (status !== 0) return undefined;
  return JSON.parse(stdout.replace(/(?<=[,[])-?(inf|nan)(?=[,\]])/g, '"$1"')) as JsonDataSet;
}

/** dcm2json says UTF-8 always, and writes pixel data out. */
const notCompared = new Set(['00080005', '7FE00010']);

function compared(ours: JsonDataSet, theirs: JsonDataSet, place: string): string[] {
  const tags = new Set([...Object.keys(ours), ...Object.keys(theirs)]);
  return [...tags].flatMap((tag) => {
    const [a, b] = [ours[tag], theirs[tag]];
    if (notCompared.has(tag)) return [];
    if (!a || !b) return [`${place}${tag}: only ${a ? 'ours' : 'theirs'}`];
    return comparedElements(a, b, `${place}${tag}`);
  });
}

function comparedElements(ours: JsonElement, theirs: JsonElement, place: string): string[] {
  // Each knows private elements that the other does not.
  if (ours.vr !== theirs.vr) return ours.vr === 'UN' || theirs.vr === 'UN' ? [] : [`${place}: ${ours.vr} ${theirs.vr}`];
  if (ours.vr === 'SQ') {
    const [a, b] = [ours.Value ?? [], theirs.Value ?? []] as [JsonDataSet[], JsonDataSet[]];
    if (a.length !== b.length) return [`${place}: ${a.length} items, not ${b.length}`];
    return a.flatMap((item, i) => compared(item, b[i]!, `${place}/${i}/`));
  }
  const same =
    ours.InlineBinary !== undefined || theirs.InlineBinary !== undefined
      ? evenBytes(ours) === evenBytes(theirs)
      : normal(ours) === normal(theirs);
  return same ? [] : [`${place} ${ours.vr}: value`];
}

/** dcmtk makes odd lengths even. */
function evenBytes({ InlineBinary = '' }: JsonElement): string {
  const bytes = Buffer.from(InlineBinary, 'base64');
  return Buffer.concat([bytes, Buffer.alloc(bytes.length % 2)]).toString('hex');
}

const normal = ({ vr, Value = [] }: JsonElement): string => {
  const values = Value.map((value) => normalValue(value, vr));
  return values.every((value) => value === '') ? '' : values.join('\\');
};

/** dcmtk leaves out empty name components at the end, writes fewer digits of floats, and long decimals as text. */
function normalValue(value: JsonValue, vr: string): string {
  if (value === null) return '';
  if (typeof value === 'object') {
    const { Alphabetic = '', Ideographic = '', Phonetic = '' } = value as Record<string, string>;
    return [Alphabetic, Ideographic, Phonetic]
      .map((group) => group.replace(/[\^ ]+$/, ''))
      .join('=')
      .replace(/=+$/, '');
  }
  if (vr === 'FL') return Number(value).toPrecision(6);
  if (vr === 'FD') return Number(value).toPrecision(14);
  return vr === 'DS' || vr === 'IS' ? String(Number(value)) : String(value);
}
