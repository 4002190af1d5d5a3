import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openStorage } from '../../apps/server/src/platform/storage/index.ts';

/*
 * What storing costs beyond the unavoidable: hashing, writing and syncing the same bytes. Both sides run in turns, so
 * that a busy moment of the machine hits both.
 *
 *   node bench/src/storage.ts [--objects 2000] [--kilobytes 512] [--connections 4] [--rounds 8] [--data data/bench] [--encrypted]
 */
const { values } = parseArgs({
  options: {
    objects: { type: 'string', default: '2000' },
    kilobytes: { type: 'string', default: '512' },
    connections: { type: 'string', default: '4' },
    rounds: { type: 'string', default: '8' },
    encrypted: { type: 'boolean', default: false },
    data: { type: 'string', default: new URL('../../data/bench', import.meta.url).pathname },
  },
});
const objects = Number(values.objects);
const size = Number(values.kilobytes) * 1024;
const connections = Number(values.connections);
const rounds = Number(values.rounds);
/** As a socket hands them over. */
const CHUNK = 64 * 1024;

const sources = Array.from({ length: 16 }, () => randomBytes(size));
let made = 0;

/** The next object's content, in chunks: different from all before. */
function content(): Buffer[] {
  const source = sources[made % sources.length] ?? Buffer.alloc(size);
  source.writeUInt32LE(made++);
  return Array.from({ length: Math.ceil(size / CHUNK) }, (_, i) => source.subarray(i * CHUNK, (i + 1) * CHUNK));
}

/** Does the work as often as said, over some connections at a time; answers seconds. */
async function timed(times: number, work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  let left = times;
  const connection = async () => {
    while (left-- > 0) await work();
  };
  await Promise.all(Array.from({ length: connections }, connection));
  return (performance.now() - began) / 1000;
}

await mkdir(values.data, { recursive: true });
const folder = await mkdtemp(join(values.data, 'storage-'));
const storageKeyFile = join(folder, 'key');
await writeFile(storageKeyFile, randomBytes(32).toString('base64'));
const storage = await openStorage({ dataDir: folder, ...(values.encrypted && { storageKeyFile }) });
await mkdir(join(folder, 'limit'));

async function limit(): Promise<void> {
  const chunks = content();
  const hash = createHash('sha256');
  for (const chunk of chunks) hash.update(chunk);
  const handle = await open(join(folder, 'limit', String(made)), 'wx');
  hash.digest('hex');
  await handle.writev(chunks);
  await handle.datasync();
  await handle.close();
}

async function store(): Promise<void> {
  const file = await storage.spool.create();
  for (const chunk of content()) await file.write(chunk);
  const spooled = await file.finish();
  await storage.objects.put(spooled.sha256, spooled);
}

try {
  await timed(50, limit);
  await timed(50, store);
  const share = Math.ceil(objects / rounds);
  const seconds = { limit: 0, store: 0 };
  for (let round = 0; round < rounds; round++) {
    seconds.limit += await timed(share, limit);
    seconds.store += await timed(share, store);
  }
  const rate = (spent: number) => (share * rounds * size) / 1024 / 1024 / spent;
  const line = (name: string, spent: number) =>
    console.log(`${name.padEnd(28)} ${rate(spent).toFixed(0).padStart(6)} MB/s`);
  console.log(`${share * rounds} objects of ${values.kilobytes} KB, ${connections} connections`);
  line('hash + write + fdatasync', seconds.limit);
  line(values.encrypted ? 'Spool + put, encrypted' : 'Spool + FileStore.put', seconds.store);
  console.log(`ratio                        ${(seconds.limit / seconds.store).toFixed(2).padStart(6)}`);
} finally {
  await storage.close();
  await rm(folder, { recursive: true, force: true });
}
