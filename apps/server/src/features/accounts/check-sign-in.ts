import type { Person, PersonId } from '@isocenter/contract';
import type { Database } from '../../platform/database/database.ts';
import { Problem } from '../../platform/http/index.ts';
import type { Log } from '../../platform/log.ts';
import { selectPersonByEmail } from '../directory/index.ts';
import * as store from './account-store.ts';
import { accountSubject, addressSubject, type FailedAttempts } from './failed-attempts.ts';
import { hashPassword, isOutdated, verifyPassword } from './password-hash.ts';
import { isRecoveryCode, plainRecoveryCode, totpStep } from './second-factor.ts';

/** What someone shows to say who they are. */
export interface Credentials {
  readonly email: string;
  readonly password: string;
  /** Of the second factor, or one of the codes for when it is lost. */
  readonly code?: string | undefined;
  /** Where it comes from. */
  readonly address: string;
}

export type SignInOutcome =
  | { readonly kind: 'known'; readonly person: PersonId; readonly secondFactor: boolean }
  /** The password is right; now the code. */
  | { readonly kind: 'code-needed' };

export interface CheckParts {
  readonly database: Database;
  readonly attempts: FailedAttempts;
  readonly log: Log;
  /** Records that someone failed to say who they are. */
  readonly onFailed: (address: string) => Promise<unknown>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * Checks who signs in to a local account. Whether there is such an account is told by neither the words nor the time of the
 * answer; what else stands in the way is told to who has the right password only.
 */
export async function checkSignIn(parts: CheckParts, credentials: Credentials): Promise<SignInOutcome> {
  const { attempts, database, log } = parts;
  const subjects = [addressSubject(credentials.address), accountSubject(credentials.email)];
  await attempts.begin(...subjects);
  const person = await selectPersonByEmail(database.db, credentials.email);
  const account = person && (await store.selectAccount(database.db, person.id));
  const right = await verifyPassword(credentials.password, account?.passwordHash);
  if (!right || !person || !account) {
    await parts.onFailed(credentials.address);
    log.warn({ person: person?.id }, 'a sign-in failed: wrong e-mail address or password');
    throw new Problem('wrong-password');
  }
  demandActive(person);
  if (account.totpSince !== null) {
    // Counts as an attempt all the same: else the password alone would make guessing codes free.
    if (credentials.code === undefined) return { kind: 'code-needed' };
    await demandCode(parts, person.id, account, credentials.code).catch(async (error: unknown) => {
      await parts.onFailed(credentials.address);
      throw error;
    });
  }
  await attempts.succeeded(...subjects);
  if (isOutdated(account.passwordHash)) {
    await store.updatePasswordHash(database.db, person.id, await hashPassword(credentials.password));
  }
  return { kind: 'known', person: person.id, secondFactor: account.totpSince !== null };
}

function demandActive({ state }: Person): void {
  if (state === 'active') return;
  if (state === 'unverified') throw new Problem('email-unverified');
  throw new Problem(state === 'waiting' || state === 'invited' ? 'account-waiting' : 'account-closed');
}

/** Throws unless the code is the second factor's of now, or an unused one for when it is lost. */
export async function demandCode(
  { database, log, now }: Pick<CheckParts, 'database' | 'log' | 'now'>,
  person: PersonId,
  account: store.LocalAccount,
  code: string,
): Promise<void> {
  const step = account.totpSecret === null ? undefined : totpStep(account.totpSecret, code.replace(/\s/g, ''), now());
  if (step !== undefined && (await store.takeTotpStep(database.db, person, step))) return;
  if (isRecoveryCode(code) && (await store.takeRecoveryCode(database.db, person, plainRecoveryCode(code)))) {
    log.info({ person }, 'a recovery code was used');
    return;
  }
  log.warn({ person }, 'a sign-in failed: wrong code');
  throw new Problem('wrong-code');
}
