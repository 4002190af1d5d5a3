import type { PersonId } from '@isocenter/contract';
import { Problem } from '../../platform/http/index.ts';
import { selectPerson } from '../directory/index.ts';
import type { LocalAccount } from './account-store.ts';
import type { CheckParts } from './check-sign-in.ts';
import { accountSubject, addressSubject } from './failed-attempts.ts';
import { demandLocal, type OwnAccountParts } from './own-account.ts';
import { verifyPassword } from './password-hash.ts';

/** Throws unless it is the password of who is signed in: a browser left open must not be enough to take an account over. */
export async function confirmPassword(
  parts: Pick<CheckParts, 'database' | 'attempts'> & OwnAccountParts,
  person: PersonId,
  password: string,
  address: string,
): Promise<LocalAccount> {
  const { database, attempts } = parts;
  const account = await demandLocal(parts, person);
  const subjects = [
    addressSubject(address),
    accountSubject((await selectPerson(database.db, person))?.email ?? person),
  ];
  await attempts.begin(...subjects);
  if (!(await verifyPassword(password, account.passwordHash))) throw new Problem('wrong-password');
  await attempts.succeeded(...subjects);
  return account;
}
