import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { firstString, type Part10, readPart10 } from '@isocenter/dicom';
import { startTestServer, type TestServer } from '@isocenter/testkit';
import { needs } from '@isocenter/testkit/needs';
import { freePort, programsMissing, runProgram, serveProgram } from '@isocenter/testkit/programs';
import { realFiles, realFilesFolder, realFilesMissing } from '@isocenter/testkit/real-files';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

needs(realFilesMissing ?? programsMissing('storescu', 'storescp', 'echoscu'));

let server: TestServer;
let port: string;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'isocenter-dimse-'));
  port = String(await freePort());
  server = await startTestServer({
    ISOCENTER_DIMSE_PORT: port,
    ISOCENTER_DIMSE_PEERS: 'STORESCU@127.0.0.1:104,ELSEWHERE@192.0.2.1:104,JSNODE@127.0.0.1:104',
  });
});
afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

interface File {
  readonly path: string;
  readonly part10: Part10;
  readonly dataSet: Uint8Array;
  readonly uid: string;
}

const UIDS = [0x00080016, 0x00080018, 0x0020000d, 0x0020000e];
const named = (part10: Part10): (string | undefined)[] => UIDS.map((tag) => firstString(part10.dataSet, tag));

/** Every file that can be stored, one of each SOP Instance UID. */
const storableFiles = (): Promise<readonly File[]> => (storable ??= readStorableFiles());
let storable: Promise<readonly File[]> | undefined;

async function readStorableFiles(): Promise<File[]> {
  const files = new Map<string, File>();
  for (const path of realFiles) {
    const bytes = await readFile(join(realFilesFolder, path));
    const part10 = readPart10(bytes);
    const [sopClass, uid, ...others] = named(part10);
    const whole = part10.preamble && part10.meta.elements.has(0x00020010) && !part10.truncated;
    if (!whole || !sopClass || !uid || !others.every(Boolean) || files.has(uid)) continue;
    files.set(uid, { path: join(realFilesFolder, path), part10, dataSet: bytes.subarray(part10.dataSetOffset), uid });
  }
  return [...files.values()];
}

/** How dcmtk is told to propose a transfer syntax; all uncompressed ones it does by itself. */
const proposals: Readonly<Record<string, string>> = {
  '1.2.840.10008.1.2': '-xi',
  '1.2.840.10008.1.2.1': '-xe',
  '1.2.840.10008.1.2.2': '-xb',
  '1.2.840.10008.1.2.1.99': '-xd',
  '1.2.840.10008.1.2.4.50': '-xy',
  '1.2.840.10008.1.2.4.51': '-xx',
  '1.2.840.10008.1.2.4.70': '-xs',
  '1.2.840.10008.1.2.4.80': '-xt',
  '1.2.840.10008.1.2.4.81': '-xu',
  '1.2.840.10008.1.2.4.90': '-xv',
  '1.2.840.10008.1.2.4.91': '-xw',
  '1.2.840.10008.1.2.5': '-xr',
};

/** Without Nagle's algorithm, which makes dcmtk wait 40 ms for each instance. */
const storescu = (args: readonly string[]) => runProgram('storescu', args, { TCP_NODELAY: '1' });

/** Sends files as they are, to two archives. */
async function sendAll(files: readonly File[], ports: readonly string[]): Promise<void> {
  for (const [uid, flag] of Object.entries(proposals)) {
    const paths = files.filter(({ part10 }) => part10.transferSyntax.uid === uid).map(({ path }) => path);
    if (paths.length === 0) continue;
    for (const to of ports) await storescu(['-nh', '-R', flag, '-aec', 'ISOCENTER', '127.0.0.1', to, ...paths]);
  }
}

/** The data sets that dcmtk got, by SOP Instance UID: its bytes as they came over the network. */
async function receivedByDcmtk(into: string): Promise<Map<string, Buffer>> {
  const received = new Map<string, Buffer>();
  for (const name of await readdir(into)) {
    const bytes = await readFile(join(into, name));
    const part10 = readPart10(bytes);
    received.set(firstString(part10.meta, 0x00020003)!, bytes.subarray(part10.dataSetOffset));
  }
  return received;
}

async function storedHere({ part10 }: Pick<File, 'part10'>): Promise<Buffer | undefined> {
  const [, instance, study, series] = named(part10);
  const answer = await server.fetch(`/dicom-web/studies/${study}/series/${series}/instances/${instance}`, {
    headers: { accept: 'application/dicom; transfer-syntax=*' },
  });
  if (answer.status === 404) return undefined;
  const bytes = Buffer.from(await answer.arrayBuffer());
  return bytes.subarray(readPart10(bytes).dataSetOffset);
}

describe('storescu', () => {
  it('[ARCH-5] stores every real file as dcmtk itself receives it, byte by byte', { timeout: 900_000 }, async () => {
    const files = await storableFiles();
    const into = join(folder, 'received');
    await mkdir(into);
    const dcmtkPort = await freePort();
    // Keeps what comes over the network as it is.
    const args = ['-pm', '+xa', '+B', '-fe', '.dcm', '-od', into, String(dcmtkPort)];
    const dcmtk = await serveProgram('storescp', args, dcmtkPort);
    await sendAll(files, [port, String(dcmtkPort)]);
    await dcmtk.stop();
    const received = await receivedByDcmtk(into);
    const differing: string[] = [];
    let unchanged = 0;
    for (const file of files) {
      const [theirs, ours] = [received.get(file.uid), await storedHere(file)];
      if (!theirs || !ours ? theirs !== ours : !theirs.equals(ours)) differing.push(file.path);
      if (ours?.equals(file.dataSet)) unchanged++;
    }
    expect(differing).toEqual([]);
    // dcmtk writes some data sets anew while it sends them; most of these files it doesn't change.
    expect(received.size).toBeGreaterThan(files.length * 0.9);
    expect(unchanged).toBeGreaterThan(files.length * 0.5);
  });

  it('[ARCH-5] finds one answer in every duplicate: the same is there, another is refused', async () => {
    const [first] = await storableFiles();
    const again = await storescu(['-v', '-aec', 'ISOCENTER', '127.0.0.1', port, first!.path]);
    expect(again.output).toContain('Received Store Response (Success)');
    const changed = join(folder, 'changed.dcm');
    const bytes = await readFile(first!.path);
    const { valueOffset } = first!.part10.dataSet.elements.get(0x00080060)!;
    bytes.write('XX', valueOffset, 'latin1');
    await writeFile(changed, bytes);
    const other = await storescu(['-v', '-aec', 'ISOCENTER', '127.0.0.1', port, changed]);
    expect(other.output).toContain('Unknown Status: 0x111');
  });

  it('[ARCH-5] is refused under an AE title that is unknown, or from an address that is not its own', async () => {
    for (const title of ['STRANGER', 'ELSEWHERE']) {
      const echo = await runProgram('echoscu', ['-aet', title, '-aec', 'ISOCENTER', '127.0.0.1', port]);
      expect(echo.code).not.toBe(0);
      expect(echo.output).toContain('Calling AE Title Not Recognized');
    }
    const called = await runProgram('echoscu', ['-aet', 'STORESCU', '-aec', 'OTHER', '127.0.0.1', port]);
    expect(called.output).toContain('Called AE Title Not Recognized');
    const right = await runProgram('echoscu', ['-aet', 'STORESCU', '-aec', 'ISOCENTER', '127.0.0.1', port]);
    expect(right).toMatchObject({ code: 0 });
  });

  it('[ARCH-5] may propose every presentation context that it knows, and be served many times at once', async () => {
    const files = (await storableFiles()).slice(-40).map(({ path }) => path);
    const send = () => storescu(['-nh', '+IR', '1', '-aec', 'ISOCENTER', '127.0.0.1', port, ...files]);
    const sent = await Promise.all([send(), send(), send(), send()]);
    expect(sent.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
  });
});

describe('dcmjs-dimse', () => {
  it('[ARCH-5] verifies and stores', async () => {
    const file = (await storableFiles()).find(({ part10 }) => part10.transferSyntax.uid === '1.2.840.10008.1.2.1')!;
    const script = `
      const { Client, requests, constants, log } = require('dcmjs-dimse');
      log.setLevel('silent');
      const client = new Client();
      for (const request of [new requests.CEchoRequest(), new requests.CStoreRequest(process.argv[1]), new requests.CEchoRequest()]) {
        request.on('response', (response) => console.log(response.getStatus()));
        client.addRequest(request);
      }
      client.on('networkError', (error) => console.log(error.message));
      client.on('associationRejected', () => console.log('rejected'));
      client.send('127.0.0.1', Number(process.argv[2]), 'JSNODE', 'ISOCENTER');`;
    const { output } = await runProgram(process.execPath, ['-e', script, file.path, port]);
    // dcmjs writes the data set anew: under the same UID it is another one, and refused.
    expect(output.trim().split('\n')).toEqual(['0', expect.stringMatching(/^(0|273)$/), '0']);
  });
});
