import { parentPort } from 'node:worker_threads';
import type { FromGenerator, ToGenerator } from './generation.ts';
import { demoStudies } from './patients.ts';
import { instanceWriter } from './series/write.ts';

/** Files that leave together. */
const BATCH_BYTES = 12 * 2 ** 20;
const BATCH_FILES = 64;

const port = parentPort;
if (!port) throw new Error('generate.worker.ts runs in a worker thread');

const writer = instanceWriter();
let taken: (() => void) | undefined;

const send = (message: FromGenerator, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer);

/** Waits until the last batch has been taken: no more than one lies between the threads. */
const sent = async (message: FromGenerator & { kind: 'files' }): Promise<void> => {
  const { promise, resolve } = Promise.withResolvers<void>();
  taken = resolve;
  send(
    message,
    message.files.map((file) => file.buffer as ArrayBuffer),
  );
  await promise;
};

async function generate(studies: readonly number[], wanted: ReadonlySet<string>): Promise<void> {
  for (const index of studies) {
    const series = demoStudies()[index]?.series ?? [];
    for (const one of series) {
      if (!wanted.has(one.seriesInstanceUid)) continue;
      let files: Uint8Array[] = [];
      let size = 0;
      for (const instance of one.instances()) {
        const file = await writer.write(instance, one.transferSyntaxUid);
        files.push(file);
        size += file.length;
        if (size < BATCH_BYTES && files.length < BATCH_FILES) continue;
        await sent({ kind: 'files', study: index, seriesInstanceUid: one.seriesInstanceUid, files });
        files = [];
        size = 0;
      }
      if (files.length > 0)
        await sent({ kind: 'files', study: index, seriesInstanceUid: one.seriesInstanceUid, files });
    }
  }
}

port.on('message', (message: ToGenerator) => {
  if (message.kind === 'taken') {
    taken?.();
    return;
  }
  generate(message.studies, new Set(message.wanted)).then(
    () => send({ kind: 'done' }),
    (error: unknown) =>
      send({ kind: 'failed', reason: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  );
});
