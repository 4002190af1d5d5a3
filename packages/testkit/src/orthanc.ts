import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort, programsMissing, serveProgram } from './programs.ts';

/** Where Debian puts it. */
const dicomWebPlugin = '/usr/share/orthanc/plugins/libOrthancDicomWeb.so';

/** Why there is no Orthanc with its DICOMweb plugin; undefined when there is. */
export const orthancMissing: string | undefined =
  programsMissing('Orthanc') ?? (existsSync(dicomWebPlugin) ? undefined : "Orthanc's DICOMweb plugin: not installed");

export interface OrthancOptions {
  /** Peers over DIMSE, by the name that Orthanc's API calls them. */
  readonly modalities?: Readonly<Record<string, { aeTitle: string; port: number }>>;
  /** Servers over DICOMweb: addresses of their roots, and headers of every request to them. */
  readonly dicomWebServers?: Readonly<Record<string, { url: string; headers: Readonly<Record<string, string>> }>>;
}

export interface Orthanc {
  readonly url: string;
  /** Its side of an association. */
  readonly peer: { readonly aeTitle: 'ORTHANC'; readonly host: string; readonly port: number };
  /** Calls its own API, as JSON; what is no 2xx is an error. */
  call<T>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<T>;
  /** What the path answers, as it comes. */
  bytes(path: string): Promise<Buffer>;
  stop(): Promise<void>;
}

/** Starts Orthanc on free ports of this machine, with all that it keeps in `folder`. */
export async function startOrthanc(folder: string, options: OrthancOptions = {}): Promise<Orthanc> {
  const [httpPort, dicomPort] = [await freePort(), await freePort()];
  await mkdir(folder, { recursive: true });
  const settings = join(folder, 'orthanc.json');
  await writeFile(
    settings,
    JSON.stringify({ ...general(folder), ...named(options), HttpPort: httpPort, DicomPort: dicomPort }),
  );
  const program = await serveProgram('Orthanc', [settings], httpPort, dicomPort);
  const url = `http://127.0.0.1:${httpPort}`;
  return {
    url,
    peer: { aeTitle: 'ORTHANC', host: '127.0.0.1', port: dicomPort },
    call: async <T>(method: string, path: string, body?: unknown) =>
      JSON.parse(
        (await asked(url + path, { method, ...(body === undefined ? {} : { body: bodyOf(body) }) })).toString(),
      ) as T,
    bytes: (path) => asked(url + path),
    stop: () => program.stop(),
  };
}

const bodyOf = (body: unknown): string | Uint8Array<ArrayBuffer> =>
  body instanceof Uint8Array ? new Uint8Array(body) : JSON.stringify(body);

async function asked(address: string, init: RequestInit = {}): Promise<Buffer> {
  const answer = await fetch(address, init);
  const bytes = Buffer.from(await answer.arrayBuffer());
  if (!answer.ok)
    throw new Error(`${init.method ?? 'GET'} ${address}: ${answer.status} ${bytes.toString().slice(0, 500)}`);
  return bytes;
}

const general = (folder: string) => ({
  Name: 'Orthanc',
  StorageDirectory: folder,
  IndexDirectory: folder,
  // What it keeps needn't outlive a test.
  SyncStorageArea: false,
  AuthenticationEnabled: false,
  RemoteAccessAllowed: false,
  DicomAet: 'ORTHANC',
  DefaultEncoding: 'Utf8',
  UnknownSopClassAccepted: true,
  OverwriteInstances: true,
  Plugins: [dicomWebPlugin],
});

const named = ({ modalities = {}, dicomWebServers = {} }: OrthancOptions) => ({
  DicomModalities: Object.fromEntries(
    Object.entries(modalities).map(([name, { aeTitle, port }]) => [name, [aeTitle, '127.0.0.1', port]]),
  ),
  DicomWeb: {
    Enable: true,
    Root: '/dicom-web/',
    Servers: Object.fromEntries(
      Object.entries(dicomWebServers).map(([name, { url, headers }]) => [
        name,
        { Url: url, HttpHeaders: headers, HasDelete: true },
      ]),
    ),
  },
});
