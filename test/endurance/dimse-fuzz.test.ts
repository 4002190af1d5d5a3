import { once } from 'node:events';
import { connect } from 'node:net';
import { Seeded } from '@isocenter/dicom/testing';
import { freePort } from '@isocenter/testkit/programs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bytesWithUid, fuzzBases } from './fuzz/bases.ts';
import { CALLING, mutatedStream, storePdus, storeStatuses } from './fuzz/dimse-stream.ts';
import { mutated } from './fuzz/file-mutations.ts';
import { foundInstances, objectFiles, referredObjects, spoolLeftovers } from './inventory.ts';
import { SupervisedArchive } from './supervised-archive.ts';

/*
 * Damaged associations and data sets, sent to the DICOM port of a real server. ISOCENTER_FUZZ_SEED says which ones (1).
 */
const RUNS = 500;
const SEED = Number(process.env.ISOCENTER_FUZZ_SEED ?? 1);
/** Longer than a busy machine takes for any answer, and less than what the server waits for a silent peer. */
const PATIENCE_MS = 25_000;
/** A sender that hears nothing for so long has nothing more to say. */
const SILENCE_MS = 1000;
const CONNECTIONS = 16;

// A data set comes without file meta information, and a deflated one would need its own.
const bases = [...fuzzBases().values()].filter(({ deflatedHeader, uidEnds }) => !deflatedHeader && uidEnds.length > 0);

describe('damaged associations', () => {
  let archive: SupervisedArchive;
  let port: number;
  beforeAll(async () => {
    port = await freePort();
    const peers = `${CALLING}@127.0.0.1:104`;
    archive = await SupervisedArchive.start({
      env: { ISOCENTER_DIMSE_PORT: String(port), ISOCENTER_DIMSE_PEERS: peers },
    });
  });
  afterAll(() => archive?.stop());

  /**
   * Writes it all at once and reads what comes, until the server ends. One that waits for more hears that there isn't
   * any. Undefined when it doesn't end even then.
   */
  async function exchange(stream: Uint8Array): Promise<Buffer | undefined> {
    const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true });
    const chunks: Buffer[] = [];
    let silence = setTimeout(() => socket.end(), SILENCE_MS);
    socket.on('error', () => undefined);
    socket.on('end', () => socket.end());
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      clearTimeout(silence);
      silence = setTimeout(() => socket.end(), SILENCE_MS);
    });
    socket.write(stream);
    const timer = setTimeout(() => socket.destroy(new Error('no end')), PATIENCE_MS);
    await once(socket, 'close').catch(() => undefined);
    clearTimeout(timer);
    clearTimeout(silence);
    return socket.errored?.message === 'no end' ? undefined : Buffer.concat(chunks);
  }

  test(`[ARCH-5] and damaged data sets store what can be read back, or nothing: ${RUNS}`, {
    timeout: 300_000,
  }, async () => {
    console.log(`ISOCENTER_FUZZ_SEED=${SEED}`);
    const order = new Seeded(SEED);
    const seeds = Array.from({ length: RUNS }, () => order.below(2 ** 32));
    const counts = new Map<string, number>();
    const hanging: number[] = [];
    const connection = async (): Promise<void> => {
      for (let seed = seeds.pop(); seed !== undefined; seed = seeds.pop()) {
        const answer = await exchange(streamOf(seed));
        if (!answer) hanging.push(seed);
        for (const status of storeStatuses(answer ?? Buffer.alloc(0))) {
          const name = status.toString(16).padStart(4, '0');
          counts.set(name, (counts.get(name) ?? 0) + 1);
        }
      }
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, connection));
    console.log(JSON.stringify(Object.fromEntries(counts)));
    expect(hanging).toEqual([]);

    // Success, and the warning of pixel data that end early; out of resources or processing failure would be ours.
    const stored = (counts.get('0000') ?? 0) + (counts.get('b007') ?? 0);
    expect([...counts.keys()].filter((status) => /^(a7|01[01]0)/.test(status))).toEqual([]);
    expect(stored).toBeGreaterThan(RUNS / 10);
    const found = await foundInstances(archive);
    expect(found.length).toBeGreaterThan(RUNS / 10);
    const { names, damaged } = await objectFiles(archive.dataDir);
    expect(damaged).toEqual([]);
    expect(names).toEqual(expect.arrayContaining(await referredObjects(archive)));
    expect(await spoolLeftovers(archive.dataDir)).toEqual([]);
    // It still does what it is there for.
    const [base] = bases;
    const whole = storePdus(base!, bytesWithUid(base!, 1).subarray(base!.part10.dataSetOffset), order);
    expect(storeStatuses((await exchange(Buffer.concat(whole))) ?? Buffer.alloc(0))).toEqual([0]);
    expect(archive.starts).toBe(1);
    expect(archive.output).not.toMatch(/"level":"?(error|fatal|50|60)/);
  });
});

/** The bytes that a seed stands for. */
function streamOf(seed: number): Uint8Array {
  const random = new Seeded(seed);
  const base = random.pick(bases);
  const file = random.below(2) === 0 ? bytesWithUid(base, seed) : mutated(base, random, seed, random.pick(bases).bytes);
  const pdus = storePdus(base, file.subarray(base.part10.dataSetOffset), random);
  return random.below(4) === 0 ? Buffer.concat(pdus) : mutatedStream(pdus, random);
}
