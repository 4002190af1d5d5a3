import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { JsonDataSet } from '@isocenter/dicom';
import { startTestServer, type TestServer } from '@isocenter/testkit';
import { type Orthanc, startOrthanc } from '@isocenter/testkit/orthanc';
import { type Finished, freePort, runProgram } from '@isocenter/testkit/programs';
import { pathOf, type RealInstance } from '@isocenter/testkit/real-instances';

const cli = fileURLToPath(new URL('../../apps/cli/src/main.ts', import.meta.url));

/** Our server and an Orthanc that know each other over DICOMweb and DIMSE. */
export class OrthancPair {
  readonly server: TestServer;
  readonly orthanc: Orthanc;
  readonly #folder: string;

  private constructor(server: TestServer, orthanc: Orthanc, folder: string) {
    this.server = server;
    this.orthanc = orthanc;
    this.#folder = folder;
  }

  static async start(): Promise<OrthancPair> {
    const folder = await mkdtemp(join(tmpdir(), 'isocenter-orthanc-'));
    const port = await freePort();
    const server = await startTestServer({
      ISOCENTER_DIMSE_PORT: String(port),
      ISOCENTER_DIMSE_PEERS: 'ORTHANC@127.0.0.1:104',
    });
    const url = `${server.url}/dicom-web`;
    const orthanc = await startOrthanc(join(folder, 'orthanc'), {
      modalities: { isocenter: { aeTitle: 'ISOCENTER', port } },
      dicomWebServers: {
        isocenter: { url, headers: { Authorization: `Bearer ${server.token}` } },
        stranger: { url, headers: { Authorization: 'Bearer of-nobody' } },
      },
    });
    return new OrthancPair(server, orthanc, folder);
  }

  async stop(): Promise<void> {
    await this.orthanc.stop();
    await this.server.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Sends files to Orthanc by `isocenter send`. */
  async send(paths: readonly string[]): Promise<Finished> {
    const args = [cli, 'send', '--url', this.orthanc.url, '--journal', join(this.#folder, 'journal'), ...paths];
    return await runProgram(process.execPath, args, { ISOCENTER_DATA: this.#folder });
  }

  /** Lets Orthanc's DICOMweb client do something with our server. */
  client<T>(what: string, body: unknown, name: 'isocenter' | 'stranger' = 'isocenter'): Promise<T> {
    return this.orthanc.call<T>('POST', `/dicom-web/servers/${name}/${what}`, body);
  }

  /** Orthanc's ids of what it holds, by SOP Instance UID. */
  async held(): Promise<Map<string, string>> {
    type Instance = { ID: string; MainDicomTags: { SOPInstanceUID: string } };
    const all = await this.orthanc.call<Instance[]>('GET', '/instances?expand&since=0&limit=10000');
    return new Map(all.map(({ ID, MainDicomTags }) => [MainDicomTags.SOPInstanceUID, ID]));
  }

  /** An instance as we have stored it. */
  async ourBytes(file: RealInstance): Promise<Buffer> {
    const headers = { accept: 'application/dicom; transfer-syntax=*' };
    const answer = await this.server.fetch(`/dicom-web${pathOf(file)}`, { headers });
    if (answer.status !== 200) throw new Error(`${file.name}: ${answer.status}`);
    return Buffer.from(await answer.arrayBuffer());
  }

  /** What both answer to the same question. */
  async answers(path: string): Promise<{ ours: JsonDataSet[]; theirs: JsonDataSet[] }> {
    const headers = { accept: 'application/dicom+json' };
    // Orthanc's first and at once: on a busy machine it was seen to close a connection whose answer waited to be read.
    const theirs = await fetch(`${this.orthanc.url}/dicom-web${path}`, { headers }).then((answer) => answer.json());
    const ours = await this.server.fetch(`/dicom-web${path}`, { headers }).then((answer) => answer.json());
    return { ours: ours as JsonDataSet[], theirs: theirs as JsonDataSet[] };
  }
}
