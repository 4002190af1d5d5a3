import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { ArchivePeer } from './archive-peer.ts';
import { memoryOfTree } from './process-memory.ts';

export const orthancMissing = (): string | undefined =>
  spawnSync('Orthanc', ['--version']).error ? 'Orthanc is not installed (Debian: orthanc orthanc-dicomweb)' : undefined;

/** Orthanc with its DICOMweb plugin as Debian packages it, settings as they come: it fsyncs before it answers. */
export async function startOrthanc(folder: string): Promise<ArchivePeer> {
  const [port, dicomPort] = [await freePort(), await freePort()];
  await mkdir(folder, { recursive: true });
  const settings = join(folder, 'orthanc.json');
  await writeFile(
    settings,
    JSON.stringify({
      Name: 'bench',
      StorageDirectory: join(folder, 'storage'),
      IndexDirectory: join(folder, 'index'),
      HttpPort: port,
      DicomPort: dicomPort,
      AuthenticationEnabled: false,
      RemoteAccessAllowed: false,
      SyncStorageArea: true,
      KeepAlive: true,
      Plugins: ['/usr/share/orthanc/plugins/libOrthancDicomWeb.so'],
      DicomWeb: { Enable: true, Root: '/dicom-web/' },
    }),
  );
  const child = spawn('Orthanc', [settings], { stdio: 'ignore' });
  const base = `http://127.0.0.1:${port}/dicom-web`;
  await until(async () => (await fetch(`${base}/studies?limit=1`)).ok);
  return {
    name: 'Orthanc',
    base,
    headers: {},
    memory: () => memoryOfTree(child.pid!),
    async stop() {
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

export async function until(ready: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await ready().catch(() => false))) {
    if (Date.now() > deadline) throw new Error('A peer did not start within a minute');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
