import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Seeded } from '@isocenter/dicom/testing';
import { type Checkpoint, openCheckpoint, parseVerifier, type Verifier, verifyLog } from '@isocenter/ledger';
import { afterEach, describe, expect, test } from 'vitest';
import { MixedActions } from './mixed-actions.ts';
import { SupervisedArchive, VICTIMS } from './supervised-archive.ts';

/*
 * kill -9 in the middle of mixed actions: no acknowledged action without its entry, no entry without its action.
 *
 * By default a short form: 250 actions, 4 kills. ISOCENTER_ENDURANCE=full npm test -- endurance/tracer is the whole one:
 * 1,000 actions, 20 kills. Each run has a new seed, which it prints; ISOCENTER_ENDURANCE_SEED=… gives the same actions.
 */
const FULL = process.env.ISOCENTER_ENDURANCE === 'full';
const [ACTIONS, KILLS] = FULL ? [1000, 20] : [250, 4];
const SEED = Number(process.env.ISOCENTER_ENDURANCE_SEED ?? randomInt(2 ** 31));

interface Entry {
  readonly id: string;
  readonly action: string;
  readonly began?: string;
  readonly objects: readonly { readonly kind: string; readonly id: string; readonly hash?: string }[];
}

describe(`kill -9 in the middle of ${ACTIONS} mixed actions, ${KILLS} times over`, () => {
  let archive: SupervisedArchive;
  afterEach(() => archive?.stop());

  test('[TRACE-1.4, TRACE-7] leaves no acknowledged action without its entry, and no entry without its action', {
    timeout: FULL ? 1_800_000 : 300_000,
  }, async () => {
    console.log(`ISOCENTER_ENDURANCE_SEED=${SEED}`);
    const random = new Seeded(SEED);
    archive = await SupervisedArchive.start();
    const actions = new MixedActions(archive, { total: ACTIONS, seed: SEED, random });
    const seen: Checkpoint[] = [];
    await Promise.all([actions.run(4), killing(actions, random, seen)]);

    const entries = await entriesOf(archive);
    expectEntryOfEach(actions, entries);
    await expectActionOfEach(entries);
    await expectVerified(seen);
  });

  /** Kills spread over all the actions; between them, what the log commits to is remembered. */
  async function killing(actions: MixedActions, random: Seeded, seen: Checkpoint[]): Promise<void> {
    const verifier = await verifierOf();
    for (let i = 0; i < KILLS; i++) {
      await actions.until(Math.floor((ACTIONS * 0.9 * (i + random.below(1000) / 1000)) / KILLS));
      seen.push(openCheckpoint(await checkpointNow(), verifier));
      await pause(random.below(150));
      const victim = VICTIMS[i % VICTIMS.length]!;
      console.log(
        `kill -9 ${victim} with ${actions.acknowledged.length} acknowledged, ${seen.at(-1)!.size} entries signed`,
      );
      await archive.kill(victim);
      await archive.untilReady();
    }
  }

  /** A server whose database was killed a moment ago says that it is ready, and then that it isn't. */
  async function checkpointNow(): Promise<string> {
    for (;;) {
      await archive.untilReady();
      const answer = await archive.fetch('/api/log/checkpoint').catch(() => undefined);
      if (answer?.ok) return answer.text();
    }
  }

  async function verifierOf(): Promise<Verifier> {
    const { key } = (await (await archive.fetch('/api/log')).json()) as { key: string };
    return parseVerifier(key);
  }

  /** Each kill is followed by the same log, longer: whatever was signed before it stays. */
  async function expectVerified(seen: readonly Checkpoint[]): Promise<void> {
    const verifier = await verifierOf();
    const read = async (path: string): Promise<Uint8Array | undefined> => {
      const answer = await archive.fetch(`/api/log/${path}`);
      return answer.ok ? new Uint8Array(await answer.arrayBuffer()) : undefined;
    };
    for (const remembered of seen)
      expect((await verifyLog({ source: { read }, verifier, remembered })).faults).toEqual([]);
  }

  /** The index is what storing and deleting made of it, as the log has it. */
  async function expectActionOfEach(entries: readonly Entry[]): Promise<void> {
    const hashes = (action: string): string[] =>
      entries
        .filter((entry) => entry.action === action)
        .flatMap(({ objects }) => objects.flatMap(({ hash }) => hash ?? []));
    const [stored, deleted] = [hashes('instance.store'), hashes('study.delete')];
    expect(new Set(stored).size).toBe(stored.length);
    expect(new Set(deleted).size).toBe(deleted.length);
    const gone = new Set(deleted);
    const rows = await archive.ask<{ hash: string }>("select encode(sha256, 'hex') as hash from instance");
    expect(rows.map(({ hash }) => hash).sort()).toEqual(stored.filter((hash) => !gone.has(hash)).sort());
    const [sessions] = await archive.ask<{ count: number }>('select count(*) from session');
    expect(entries.filter(({ action }) => action === 'session.begin')).toHaveLength(sessions!.count);
    const begins = new Set(entries.filter(({ action }) => action === 'study.export').map(({ id }) => id));
    for (const { action, began } of entries) if (action === 'study.export-end') expect(begins).toContain(began);
  }
});

/** All that the log has, once everything has its place. */
async function entriesOf(archive: SupervisedArchive): Promise<Entry[]> {
  await archive.untilReady();
  while ((await archive.ask('select from log_pending limit 1')).length > 0) await pause(100);
  const rows = await archive.ask<{ body: string }>('select body from log_entry order by leaf');
  return rows.map(({ body }) => JSON.parse(body) as Entry);
}

function expectEntryOfEach({ acknowledged }: MixedActions, entries: readonly Entry[]): void {
  const of = (action: string): Entry[] => entries.filter((entry) => entry.action === action);
  const pseudonyms = new Map(of('instance.store').map(({ objects }) => [objects[1]!.hash, objects[0]!.id]));
  const studies = new Map(
    ['instance.store', 'study.view', 'study.export', 'study.delete'].map((action) => [
      action,
      new Set(of(action).map(({ objects }) => objects[0]!.id)),
    ]),
  );
  const named = {
    store: 'instance.store',
    view: 'study.view',
    export: 'study.export',
    delete: 'study.delete',
  } as const;
  const counts: Record<string, number> = {};
  for (const { kind, file } of acknowledged) {
    counts[kind] = (counts[kind] ?? 0) + 1;
    if (kind === 'sign-in') continue;
    const study = pseudonyms.get(file!.sha256);
    expect([kind, file!.study, studies.get(named[kind])!.has(study ?? '')]).toEqual([kind, file!.study, true]);
  }
  console.log(`acknowledged: ${JSON.stringify(counts)}; ${entries.length} entries`);
  expect(of('session.begin').length).toBeGreaterThanOrEqual(counts['sign-in'] ?? 0);
  expect(Object.values(counts).every((count) => count > 5)).toBe(true);
}
