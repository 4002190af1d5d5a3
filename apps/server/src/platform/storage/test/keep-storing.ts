import { randomBytes } from 'node:crypto';
import { openStorage } from '../index.ts';

/*
 * A program to be killed. It prints a line for each thing that it has done.
 *
 *   node keep-storing.ts <data folder> forever              stores without end, one line for each acknowledged address
 *   node keep-storing.ts <data folder> receiving|finished|stored   comes as far as that with one object, and waits
 */
const [, , dataDir = '', step = ''] = process.argv;
const storage = await openStorage({ dataDir });

async function storeForever(): Promise<void> {
  for (;;) {
    const file = await storage.spool.create();
    const size = Math.floor(Math.random() ** 4 * 6_000_000);
    for (let left = size; left > 0; left -= 65_536) await file.write(randomBytes(Math.min(left, 65_536)));
    const spooled = await file.finish();
    await storage.objects.put(spooled.sha256, spooled);
    process.stdout.write(`${spooled.sha256}\n`);
  }
}

async function comeTo(last: string): Promise<void> {
  const file = await storage.spool.create();
  for (let i = 0; i < 100; i++) await file.write(Buffer.alloc(65_536, i));
  if (last === 'receiving') return;
  const spooled = await file.finish();
  if (last === 'finished') return;
  await storage.objects.put(spooled.sha256, spooled);
}

if (step === 'forever') await Promise.all(Array.from({ length: 3 }, storeForever));
await comeTo(step);
process.stdout.write(`${step}\n`);
setInterval(() => undefined, 1000);
