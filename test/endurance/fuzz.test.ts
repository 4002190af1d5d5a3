import { readFileSync } from 'node:fs';
import { Seeded } from '@isocenter/dicom/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { frozenSeeds } from './frozen-seeds.ts';
import { fuzzBases } from './fuzz/bases.ts';
import { extremeFiles } from './fuzz/extreme-files.ts';
import { mutated } from './fuzz/file-mutations.ts';
import { mutatedMetadata, mutatedRequest } from './fuzz/request-mutations.ts';
import { type Case, Trial } from './fuzz/trial.ts';
import { SupervisedArchive } from './supervised-archive.ts';

/*
 * Damaged files and requests, stored by STOW-RS in a real server. Whatever comes, it answers what became of each instance,
 * and what it calls stored it can read back in every form.
 *
 * ISOCENTER_FUZZ says how many files (1,000; in CI 10,000), ISOCENTER_FUZZ_SEED which ones (1). A failure prints lines for
 * frozen-seeds.ts.
 */
const RUNS = Number(process.env.ISOCENTER_FUZZ ?? (process.env.CI === 'true' ? 10_000 : 1_000));
const SEED = Number(process.env.ISOCENTER_FUZZ_SEED ?? 1);
/** Of the damaged files, so many go with one request; and one request in so many is damaged itself. */
const BATCH = 40;
/** Memory that the server may ever have had, bytes: it begins with a heap of 1 GiB. */
const MEMORY = 3 * 2 ** 30;
const CONNECTIONS = 3;

const bases = fuzzBases();
const names = [...bases.keys()];

/** The case that a base's name and a seed stand for. */
function caseOf(name: string, seed: number): Case {
  const random = new Seeded(seed);
  const other = bases.get(random.pick(names))!.bytes;
  return { name: `['${name}', ${seed}]`, bytes: mutated(bases.get(name)!, random, seed, other) };
}

describe('damaged files and requests', () => {
  let archive: SupervisedArchive;
  beforeAll(async () => {
    archive = await SupervisedArchive.start();
  });
  afterAll(() => archive?.stop());

  /** Runs tasks, some at a time, and expects that the server got through them unharmed. */
  async function tryAll(tasks: readonly ((trial: Trial) => Promise<void>)[]): Promise<void> {
    const trial = new Trial(archive);
    const waiting = [...tasks];
    const logged = archive.output.length;
    const connection = async (): Promise<void> => {
      for (let task = waiting.shift(); task; task = waiting.shift()) {
        await task(trial);
        await archive.untilReady();
      }
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, connection));
    const errors = archive.output
      .slice(logged)
      .split('\n')
      .filter((line) => /"level":"?(error|fatal|50|60)/.test(line));
    const memory = peakMemory(archive.pid);
    console.log(`${JSON.stringify(trial.counts)}; ${Math.round(memory / 2 ** 20)} MiB at most`);
    expect(trial.faults).toEqual([]);
    expect(errors).toEqual([]);
    expect(archive.starts).toBe(1);
    expect(memory).toBeLessThan(MEMORY);
  }

  test('[ARCH-2] that broke something once are stored and read back, or refused', { timeout: 120_000 }, () =>
    tryAll(frozenSeeds.filter(([name]) => bases.has(name)).map((seed) => (trial) => trial.store([caseOf(...seed)]))),
  );

  test(`[ARCH-1] [ARCH-2] are stored and read back in every form, or refused one by one: ${RUNS}`, {
    timeout: 120_000 + RUNS * 100,
  }, async () => {
    console.log(`ISOCENTER_FUZZ_SEED=${SEED}, ${bases.size} bases`);
    const order = new Seeded(SEED);
    const chosen = Array.from({ length: RUNS }, () => [order.pick(names), order.below(2 ** 32)] as const);
    const batches = Array.from({ length: Math.ceil(RUNS / BATCH) }, (_, i) => chosen.slice(i * BATCH, (i + 1) * BATCH));
    await tryAll(batches.map((batch) => (trial) => trial.store(batch.map((one) => caseOf(...one)))));
  });

  test('[ARCH-1] [ARCH-6] make studies that are listed, described and searched for', { timeout: 300_000 }, () =>
    tryAll([(trial) => trial.studies()]),
  );

  test('[ARCH-1] that ask for much memory, depth or time get no more than is due', { timeout: 600_000 }, async () => {
    const cases = extremeFiles().map(([name, bytes]): Case => ({ name, bytes }));
    await tryAll(cases.map((one) => (trial) => trial.store([one])));
  });

  test(`[ARCH-1] in damaged requests get a typed answer: ${RUNS / 10}`, { timeout: 120_000 + RUNS * 20 }, async () => {
    const order = new Seeded(SEED);
    const pick = () => bases.get(order.pick(names))!;
    await tryAll(
      Array.from({ length: RUNS / 10 }, (_, i) => {
        const seed = order.below(2 ** 32);
        const some = [pick(), pick(), pick()];
        const kind = i % 2 === 0 ? 'request' : 'metadata';
        return (trial: Trial) => {
          const random = new Seeded(seed);
          const request =
            kind === 'request' ? mutatedRequest(some, random, seed) : mutatedMetadata(some[0]!, random, seed);
          return trial.send(`${kind} ${seed} of ${some.map(({ name }) => name)}`, request);
        };
      }),
    );
  });
});

/** proc(5): the peak of the process's resident memory, bytes. */
function peakMemory(pid: number): number {
  return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]) * 1024;
}
