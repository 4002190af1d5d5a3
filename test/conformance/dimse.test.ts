import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { firstString, readPart10 } from '@isocenter/dicom';
import { startTestServer, type TestServer } from '@isocenter/testkit';
import { needs } from '@isocenter/testkit/needs';
import { freePort, programsMissing, runProgram, serveProgram } from '@isocenter/testkit/programs';
import { askPythonBeside, pythonMissing } from '@isocenter/testkit/pydicom';
import { realFilesMissing } from '@isocenter/testkit/real-files';
import { firstOfEach, pathOf, type RealInstance, realInstances, variedFiles } from '@isocenter/testkit/real-instances';
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
    ISOCENTER_DIMSE_PEERS:
      'STORESCU@127.0.0.1:104,ELSEWHERE@192.0.2.1:104,JSNODE@127.0.0.1:104,PYNETDICOM@127.0.0.1:104',
  });
});
afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Every file that can be stored. */
const storableFiles = (): readonly RealInstance[] => (storable ??= realInstances());
let storable: readonly RealInstance[] | undefined;

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

const storescu = (args: readonly string[]) => runProgram('storescu', args);

/** Sends files as they are, to several archives. */
async function sendAll(files: readonly RealInstance[], ports: readonly string[]): Promise<void> {
  for (const [uid, flag] of Object.entries(proposals)) {
    const paths = files.filter(({ part10 }) => part10.transferSyntax.uid === uid).map(({ path }) => path);
    if (paths.length === 0) continue;
    await Promise.all(ports.map((to) => storescu(['-nh', '-R', flag, '-aec', 'ISOCENTER', '127.0.0.1', to, ...paths])));
  }
}

/** A storescp that keeps what comes over the network as it is. */
async function receiver() {
  const into = await mkdtemp(join(folder, 'received-'));
  const port = await freePort();
  const args = ['-pm', '+xa', '+B', '-fe', '.dcm', '-od', into, String(port)];
  const program = await serveProgram('storescp', args, port);
  /** Hands out the data sets that came, by SOP Instance UID. */
  async function received(): Promise<Map<string, Buffer>> {
    const dataSets = new Map<string, Buffer>();
    for (const name of await readdir(into)) {
      const bytes = await readFile(join(into, name));
      await rm(join(into, name));
      const part10 = readPart10(bytes);
      dataSets.set(firstString(part10.meta, 0x00020003)!, bytes.subarray(part10.dataSetOffset));
    }
    return dataSets;
  }
  return { port: String(port), received, stop: () => program.stop() };
}

async function storedHere(file: RealInstance): Promise<Buffer | undefined> {
  const answer = await server.fetch(`/dicom-web${pathOf(file)}`, {
    headers: { accept: 'application/dicom; transfer-syntax=*' },
  });
  if (answer.status === 404) return undefined;
  const bytes = Buffer.from(await answer.arrayBuffer());
  return bytes.subarray(readPart10(bytes).dataSetOffset);
}

/** Several of the files share a SOP Instance UID: the first of each is sent, and the others have their turn after it is deleted. */
async function inTurns(files: readonly RealInstance[], send: (turn: readonly RealInstance[]) => Promise<void>) {
  for (let waiting = files; waiting.length > 0; ) {
    const turn = firstOfEach(waiting);
    await send(turn);
    for (const study of new Set(turn.map((file) => file.study))) {
      await server.fetch(`/dicom-web/studies/${study}`, { method: 'DELETE' });
    }
    waiting = waiting.filter((file) => !turn.includes(file));
  }
}

/** What storescu doesn't send: what it can't read itself, and SOP classes that are private. */
const notByStorescu = [
  'dicom/pydicom-test-files/MR_truncated.dcm',
  'dicom/pydicom-test-files/SC_rgb_jpeg.dcm',
  'dicom/pydicom-test-files/rtdose_rle.dcm',
  'dicom/pydicom-test-files/rtdose_rle_1frame.dcm',
  'dicom/pydicom-test-files/rtplan_truncated.dcm',
  'mr/philips-dwi/cl/DICOM/XX_0546',
  'mr/philips-dwi/cl/DICOM/XX_0547',
];

describe('storescu', () => {
  it('[ARCH-5] stores every real file as dcmtk itself receives it, byte by byte', { timeout: 900_000 }, async () => {
    const dcmtk = await receiver();
    const files = storableFiles();
    const [differing, notSent]: [string[], string[]] = [[], []];
    let unchanged = 0;
    await inTurns(files, async (turn) => {
      await sendAll(turn, [port, dcmtk.port]);
      const received = await dcmtk.received();
      for (const file of turn) {
        const [theirs, ours] = [received.get(file.uid), await storedHere(file)];
        if (!theirs && !ours) notSent.push(file.name);
        else if (!theirs || !ours?.equals(theirs)) differing.push(file.name);
        if (ours?.equals(file.dataSet)) unchanged++;
      }
    });
    await dcmtk.stop();
    expect(files.length).toBeGreaterThan(1400);
    expect(differing).toEqual([]);
    expect(notSent.sort()).toEqual(notByStorescu);
    // dcmtk writes some data sets anew while it sends them; most of these files it doesn't change.
    expect(unchanged).toBeGreaterThan(files.length * 0.5);
  });

  it('[ARCH-5] finds one answer in every duplicate: the same is there, another is refused', async () => {
    const [first] = storableFiles();
    const send = (path: string) => storescu(['-v', '-aec', 'ISOCENTER', '127.0.0.1', port, path]);
    expect((await send(first!.path)).output).toContain('Received Store Response (Success)');
    const again = await send(first!.path);
    expect(again.output).toContain('Received Store Response (Success)');
    const changed = join(folder, 'changed.dcm');
    const bytes = await readFile(first!.path);
    const { valueOffset } = first!.part10.dataSet.elements.get(0x00080060)!;
    bytes.write('XX', valueOffset, 'latin1');
    await writeFile(changed, bytes);
    const other = await send(changed);
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
    const files = firstOfEach(storableFiles())
      .slice(-40)
      .map(({ path }) => path);
    const send = () => storescu(['-nh', '+IR', '1', '-aec', 'ISOCENTER', '127.0.0.1', port, ...files]);
    const sent = await Promise.all([send(), send(), send(), send()]);
    expect(sent.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
  });
});

describe('pynetdicom', () => {
  needs(pythonMissing('pynetdicom'));

  it('[ARCH-2] stores files of every kind, whose data sets stay byte by byte as they lie in the file', async () => {
    // It sends what lies behind the file meta information as it is, but must find that to say what it sends.
    const files = realInstances([...new Set([...variedFiles, ...notByStorescu])]).filter(
      ({ part10 }) => part10.preamble && part10.meta.elements.has(0x00020010),
    );
    const wrong: string[] = [];
    await inTurns(files, async (turn) => {
      const given = { port: Number(port), paths: turn.map(({ path }) => path) };
      const statuses = (await askPythonBeside(SEND_BY_PYNETDICOM, given)) as string[];
      for (const [i, file] of turn.entries()) {
        // Where the pixel data end early the instance is stored with a warning.
        const status = file.part10.truncated ? 'b007' : '0';
        if (statuses[i] !== status) wrong.push(`${file.name}: ${statuses[i]}`);
        else if (!(await storedHere(file))?.equals(file.dataSet)) wrong.push(`${file.name}: other bytes`);
      }
    });
    expect(wrong).toEqual([]);
    expect(files.length).toBeGreaterThan(300);
  });
});

const SEND_BY_PYNETDICOM = `
from pydicom.uid import UID
from pynetdicom import AE, _config, build_context
from pynetdicom.dsutils import split_dataset
_config.STORE_SEND_CHUNKED_DATASET = True
kinds = {}
for path in given['paths']:
    meta, offset = split_dataset(path)
    kinds.setdefault(str(meta.TransferSyntaxUID), []).append((path, str(meta.MediaStorageSOPClassUID)))
statuses = {}
for syntax, files in kinds.items():
    ae = AE(ae_title='PYNETDICOM')
    contexts = [build_context(sop_class, syntax) for sop_class in sorted({c for p, c in files})]
    association = ae.associate('127.0.0.1', given['port'], contexts=contexts, ae_title='ISOCENTER')
    for path, c in files:
        try: statuses[path] = '%x' % association.send_c_store(path).Status
        except Exception as error: statuses[path] = str(error)
    association.release()
answer = [statuses[path] for path in given['paths']]
`;

describe('dcmjs-dimse', () => {
  it('[ARCH-5] verifies and stores', async () => {
    const file = storableFiles().find(({ part10 }) => part10.transferSyntax.uid === '1.2.840.10008.1.2.1')!;
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
