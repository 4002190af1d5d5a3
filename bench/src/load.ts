import { Agent, request } from 'undici';
import type { ArchivePeer } from './archive-peer.ts';

/** Runs `tasks` with so many at a time. */
export async function concurrently(
  tasks: number,
  connections: number,
  run: (n: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < tasks) await run(next++);
  };
  await Promise.all(Array.from({ length: connections }, worker));
}

const agents = new Map<number, Agent>();
export const agentOf = (connections: number): Agent => {
  const known = agents.get(connections);
  if (known) return known;
  const agent = new Agent({ connections, pipelining: 1, headersTimeout: 600_000, bodyTimeout: 600_000 });
  agents.set(connections, agent);
  return agent;
};

/** Gets a resource whole; answers its size. Throws unless it was found. */
export async function get(peer: ArchivePeer, path: string, accept: string, connections = 1): Promise<number> {
  const { statusCode, body } = await request(`${peer.base}${path}`, {
    headers: { ...peer.headers, accept },
    dispatcher: agentOf(connections),
  });
  let size = 0;
  for await (const chunk of body) size += (chunk as Buffer).length;
  if (statusCode !== 200 && statusCode !== 204) throw new Error(`${peer.name} answered ${statusCode} to ${path}`);
  return size;
}

const BOUNDARY = 'isocenter-bench-boundary';

/** Stores files by one STOW-RS request. */
export async function store(peer: ArchivePeer, files: readonly Uint8Array[], connections: number): Promise<void> {
  const head = Buffer.from(`--${BOUNDARY}\r\nContent-Type: application/dicom\r\n\r\n`);
  const body = Buffer.concat([
    ...files.flatMap((file) => [head, file, Buffer.from('\r\n')]),
    Buffer.from(`--${BOUNDARY}--\r\n`),
  ]);
  const answer = await request(`${peer.base}/studies`, {
    method: 'POST',
    headers: {
      ...peer.headers,
      accept: 'application/dicom+json',
      'content-type': `multipart/related; type="application/dicom"; boundary=${BOUNDARY}`,
    },
    body,
    dispatcher: agentOf(connections),
  });
  const text = await answer.body.text();
  if (answer.statusCode !== 200) throw new Error(`${peer.name} answered ${answer.statusCode}: ${text.slice(0, 300)}`);
}

export interface Timing {
  readonly p50: number;
  readonly p95: number;
}

/** Milliseconds of each run, one after the other. */
export async function time(runs: number, run: (n: number) => Promise<unknown>): Promise<Timing> {
  const took: number[] = [];
  for (let n = 0; n < runs; n++) {
    const began = performance.now();
    await run(n);
    took.push(performance.now() - began);
  }
  took.sort((a, b) => a - b);
  return { p50: took[Math.floor(runs * 0.5)]!, p95: took[Math.floor(runs * 0.95)]! };
}
