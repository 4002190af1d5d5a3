import { randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import type { Database } from '../database/database.ts';
import type { Tracer } from '../tracer/index.ts';
import { deleteKeys, insertKey, lockKeys, type StoredKey, selectKeys } from './key-store.ts';

/** A key is replaced after so long. */
const LIFE_SECONDS = 90 * 86_400;
/** A new key is published for so long before it signs: whoever verifies may keep our keys for some time. */
const AHEAD_SECONDS = 3_600;
/** A replaced key stays for so long: longer than anything lives that it signed. */
const AFTER_SECONDS = 31 * 86_400;

export type KeyAlgorithm = 'ES256' | 'EdDSA';

/** A key that signs or verifies. */
export interface SigningKey {
  readonly id: string;
  readonly privateJwk: JWK;
}

/** The keys of one purpose: the first signs, all of them verify. Never empty. */
export async function signingKeys(
  database: Database,
  purpose: string,
  algorithm: KeyAlgorithm,
): Promise<readonly [SigningKey, ...SigningKey[]]> {
  let stored = await selectKeys(database.db, purpose);
  if (stored.length === 0) {
    stored = await database.transaction(async (tx) => {
      await lockKeys(tx, purpose);
      if ((await selectKeys(tx, purpose)).length === 0) await makeKey(tx, purpose, algorithm);
      return selectKeys(tx, purpose);
    });
  }
  const signing = stored.find(({ ageSeconds }) => ageSeconds >= AHEAD_SECONDS) ?? stored.at(-1);
  if (signing === undefined) throw new Error(`There are no keys for ${purpose}`);
  return [signing, ...stored.filter((key) => key !== signing)];
}

/** Adds a key when the newest is old, or `now` says so; removes those that nothing needs any more. */
export async function rotateKeys(
  database: Database,
  purpose: string,
  algorithm: KeyAlgorithm,
  now: boolean,
  tracer: Tracer,
): Promise<{ made: number; removed: number }> {
  return database.transaction(async (tx) => {
    await lockKeys(tx, purpose);
    const stored = await selectKeys(tx, purpose);
    const due = now || stored[0] === undefined || stored[0].ageSeconds > LIFE_SECONDS;
    if (due) await makeKey(tx, purpose, algorithm);
    const done = outlived(stored);
    await deleteKeys(tx, purpose, done);
    if (due || done.length > 0) {
      const changes = [{ field: `keys for ${purpose}`, old: stored.map(({ id }) => id) }];
      await tracer.record(tx, { actor: { kind: 'service', id: 'isocenter' }, action: 'key.change', changes });
    }
    return { made: due ? 1 : 0, removed: done.length };
  });
}

/** A key whose successor has been signing for long enough. */
const outlived = (newestFirst: readonly StoredKey[]): string[] =>
  newestFirst.flatMap((key, at) => {
    const successor = newestFirst[at - 1];
    return successor !== undefined && successor.ageSeconds > AHEAD_SECONDS + AFTER_SECONDS ? [key.id] : [];
  });

async function makeKey(db: Database['db'], purpose: string, algorithm: KeyAlgorithm): Promise<void> {
  const { privateKey } = await generateKeyPair(algorithm, { extractable: true });
  const id = randomUUID();
  await insertKey(db, purpose, id, { ...(await exportJWK(privateKey)), kid: id, alg: algorithm, use: 'sig' });
}
