import { startServerProcess } from '@isocenter/testkit';
import type { ArchivePeer } from './archive-peer.ts';
import { memoryOfTree } from './process-memory.ts';

/** Isocenter as `isocenter start` runs it, with its embedded database. */
export async function startIsocenter(folder: string): Promise<ArchivePeer> {
  const server = await startServerProcess({ ISOCENTER_DATA: folder });
  return {
    name: 'Isocenter',
    base: `${server.url}/dicom-web`,
    headers: { authorization: `Bearer ${server.token}` },
    memory: () => memoryOfTree(server.pid),
    stop: async () => void (await server.end('SIGTERM')),
  };
}
