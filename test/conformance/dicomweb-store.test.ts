import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type JsonDataSet, toBase64 } from '@isocenter/dicom';
import { testServer } from '@isocenter/testkit';
import { relatedBody, type StoreAnswer, storeAnswer, storeRequest } from '@isocenter/testkit/dicomweb';
import { needs } from '@isocenter/testkit/needs';
import { pydicomMissing } from '@isocenter/testkit/pydicom';
import { differences, type PydicomReading, readByPydicom } from '@isocenter/testkit/pydicom-json';
import { realFiles, realFilesFolder, realFilesMissing } from '@isocenter/testkit/real-files';
import { describe, expect, test } from 'vitest';

const missing = (program: string): string | undefined =>
  spawnSync(program, ['--version'], { stdio: 'ignore' }).error ? `${program} is not installed` : undefined;

needs(realFilesMissing ?? pydicomMissing ?? missing('dcmdump') ?? missing('curl'));

const server = testServer();

interface File {
  readonly path: string;
  readonly bytes: Buffer;
  /** Undefined when neither pydicom (unforced) nor dcmtk reads it. */
  readonly reading: PydicomReading | undefined;
  /** SOP Class, SOP Instance, Study and Series Instance UID. */
  readonly uids: readonly (string | undefined)[];
}

const identifying = ['00080016', '00080018', '0020000D', '0020000E'];

/** Every file of the folder, DICOM or not. */
function allFiles(): File[] {
  const paths = readdirSync(realFilesFolder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const known = new Set(realFiles.map((path) => join(realFilesFolder, path)));
  const readings = new Map([
    ...pairs(paths.filter((path) => known.has(path))),
    ...pairs(paths.filter((path) => !known.has(path))),
  ]);
  return paths.map((path) => {
    const theirs = readings.get(path);
    const readable = theirs?.willingly || spawnSync('dcmdump', ['-q', path], { stdio: 'ignore' }).status === 0;
    const reading = readable ? theirs : undefined;
    const uids = identifying.map((tag) => reading?.json[tag]?.Value?.[0] as string | undefined);
    return { path: path.slice(realFilesFolder.length + 1), bytes: readFileSync(path), reading, uids };
  });
}

function pairs(paths: readonly string[]): [string, PydicomReading | undefined][] {
  const readings = readByPydicom(paths);
  return paths.map((path) => [path, readings.next().value ?? undefined]);
}

const isStorable = ({ reading, uids }: File): boolean => reading !== undefined && uids.every(Boolean);
const pathOf = ({ uids: [, instance, study, series] }: File): string =>
  `/dicom-web/studies/${study}/series/${series}/instances/${instance}`;

async function send(bytes: Uint8Array): Promise<StoreAnswer> {
  const headers = { 'content-type': 'application/dicom' };
  return storeAnswer(await server.fetch('/dicom-web/studies', { method: 'POST', headers, body: Buffer.from(bytes) }));
}

async function bytesAt(path: string, accept: string): Promise<Buffer> {
  const answer = await server.fetch(path, { headers: { accept } });
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return Buffer.from(await answer.arrayBuffer());
}

/** The file's bytes, or for one that came without file meta information those bytes after it. */
const holds = (answered: Buffer, { bytes }: File): boolean =>
  answered.equals(bytes) || (answered.length > bytes.length && answered.subarray(-bytes.length).equals(bytes));

/** Puts the values in the place of their addresses; those of pixel data at the top as their hash. */
async function withBulkData(json: JsonDataSet, hashes: Map<string, string> | undefined): Promise<void> {
  for (const [tag, element] of Object.entries(json)) {
    if (element.vr === 'SQ') {
      for (const item of element.Value ?? []) await withBulkData(item as JsonDataSet, undefined);
    } else if (element.BulkDataURI !== undefined) {
      const bytes = await bytesAt(element.BulkDataURI, 'application/octet-stream');
      hashes?.set(tag, createHash('sha256').update(bytes).digest('hex'));
      element.InlineBinary = toBase64(bytes);
    }
  }
}

async function metadataDifferences(file: File): Promise<string[]> {
  const [json] = JSON.parse((await bytesAt(`${pathOf(file)}/metadata`, 'application/dicom+json')).toString());
  const hashes = new Map<string, string>();
  await withBulkData(json, hashes);
  return differences(json, file.reading!.json, { path: file.path, hash: (tag) => hashes.get(tag) });
}

/** What came back otherwise than it went in. */
async function faults(file: File): Promise<string[]> {
  const back = await bytesAt(pathOf(file), 'application/dicom; transfer-syntax=*');
  return [...(holds(back, file) ? [] : [`${file.path}: other bytes`]), ...(await metadataDifferences(file))];
}

describe('storing real files', { timeout: 600_000 }, () => {
  const files = needsFiles() ? allFiles() : [];

  test('[ARCH-2] every readable file with UIDs is stored, comes back byte by byte, and its metadata is what pydicom reads', async () => {
    const wrong: string[] = [];
    let [waiting, stored, refused] = [files.filter(isStorable), 0, 0];
    expect(waiting.length).toBeGreaterThan(1400);
    // Several of the files share a SOP Instance UID: the first is kept, and the others have their turn after it is deleted.
    while (waiting.length > 0) {
      const [kept, later]: [File[], File[]] = [[], []];
      for (const file of waiting) {
        const answer = await send(file.bytes);
        const [failure] = answer.failed;
        if (!failure) kept.push(file);
        else if (failure.reason === 0x0111 && kept.some(({ uids }) => uids[1] === file.uids[1])) later.push(file);
        else wrong.push(`${file.path}: ${failure.reason.toString(16)} ${failure.comment}`);
      }
      for (const file of kept) wrong.push(...(await faults(file)));
      for (const study of new Set(kept.map(({ uids }) => uids[2]))) {
        const deleted = await server.fetch(`/dicom-web/studies/${study}`, { method: 'DELETE' });
        if (deleted.status !== 204) wrong.push(`${study}: not deleted`);
      }
      stored += kept.length;
      refused += later.length;
      waiting = later;
    }
    expect(wrong).toEqual([]);
    expect(stored).toBe(files.filter(isStorable).length);
    expect(refused).toBeGreaterThan(20);
  });

  test('[ARCH-1] what cannot be read, or lacks UIDs, is refused with a reason, one by one', async () => {
    const unstorable = files.filter((file) => !isStorable(file));
    expect(unstorable.length).toBeGreaterThan(40);
    const answer = await storeAnswer(
      await server.fetch('/dicom-web/studies', storeRequest(unstorable.map(({ bytes }) => bytes))),
    );
    expect(answer).toMatchObject({ status: 409, stored: [] });
    expect(answer.failed).toHaveLength(unstorable.length);
    for (const { reason, comment } of answer.failed) {
      expect([0xa900, 0xc000]).toContain(reason);
      expect(comment).toMatch(/^The .*\. .*\.$/);
    }
    for (const file of unstorable) {
      const { status, failed } = await send(file.bytes);
      expect([file.path, status, failed.length]).toEqual([file.path, 409, 1]);
      // What others read is read here too: it lacks UIDs.
      if (file.reading) expect([file.path, failed[0]?.reason]).toEqual([file.path, 0xa900]);
    }
  });

  test('[ARCH-1] a request of many files of many studies stores each, and says so of each', async () => {
    const many = firstOfEachInstance(files).filter((_, i) => i % 10 === 0);
    expect(new Set(many.map(({ uids }) => uids[2])).size).toBeGreaterThan(10);
    const answer = await storeAnswer(
      await server.fetch('/dicom-web/studies', storeRequest(many.map(({ bytes }) => bytes))),
    );
    expect(answer).toMatchObject({ status: 200, failed: [] });
    expect(answer.stored.map(({ url }) => url)).toEqual(many.map((file) => `${server.url}${pathOf(file)}`));
    for (const file of many) expect([file.path, await faults(file)]).toEqual([file.path, []]);
  });

  test('[ARCH-1] curl stores what a shell put together', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'isocenter-curl-'));
    try {
      const chosen = firstOfEachInstance(files).filter(({ path }) => path.startsWith('us/'));
      const { headers, body } = relatedBody(
        'application/dicom',
        chosen.map(({ bytes }) => ({ body: bytes })),
      );
      writeFileSync(join(folder, 'body'), body);
      const args = ['-sS', '--data-binary', `@${folder}/body`, '-H', `Content-Type: ${headers['content-type']}`];
      const all = [...args, '-H', `Authorization: Bearer ${server.token}`, '-H', 'Accept: application/dicom+json'];
      const said = await curl([...all, `${server.url}/dicom-web/studies`]);
      const answer = await storeAnswer(new Response(said));
      expect(answer.failed).toEqual([]);
      expect(answer.stored).toHaveLength(chosen.length);
      // Chunked, without a length.
      const again = await curl([...all, '-H', 'Transfer-Encoding: chunked', `${server.url}/dicom-web/studies`]);
      expect((await storeAnswer(new Response(again))).stored).toHaveLength(chosen.length);
      for (const file of chosen) expect([file.path, await faults(file)]).toEqual([file.path, []]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

function needsFiles(): boolean {
  return realFilesMissing === undefined && pydicomMissing === undefined;
}

function firstOfEachInstance(files: readonly File[]): File[] {
  const seen = new Map<string, File>();
  for (const file of files.filter(isStorable)) if (!seen.has(file.uids[1]!)) seen.set(file.uids[1]!, file);
  return [...seen.values()];
}

async function curl(args: readonly string[]): Promise<string> {
  return (await promisify(execFile)('curl', args)).stdout;
}
