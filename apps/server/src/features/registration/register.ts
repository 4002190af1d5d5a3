import { randomUUID } from 'node:crypto';
import type { EndpointInput, PersonId, register } from '@isocenter/contract';
import { Problem } from '../../platform/http/index.ts';
import { accountSubject, addressSubject, preparePassword, setPassword } from '../accounts/index.ts';
import { insertPerson } from '../directory/index.ts';
import { isEmbedded, mail, type RegistrationParts } from './parts.ts';

type Request = EndpointInput<typeof register>['body'];

/**
 * Asks for an account. What is answered, and how long it takes, is the same for an e-mail address that has one: whoever
 * reads that mailbox learns it, others don't.
 */
export async function registerPerson(
  parts: RegistrationParts,
  { name, email, organisation, purpose, password }: Request,
  address: string,
): Promise<{ next: 'mail' | 'approval' }> {
  if (parts.config.registration === 'closed' || !isEmbedded(parts)) throw new Problem('not-found', { what: 'page' });
  // Each costs us a hash or somebody a message.
  await parts.attempts.begin(addressSubject(address), mailSubject(email));
  const byMail = parts.mailer !== undefined;
  if (!byMail && password === undefined) throw new Problem('weak-password', { why: 'length' });
  const prepared = byMail ? undefined : await preparePassword(password ?? '', [name, email, organisation]);
  const id = randomUUID() as PersonId;
  await parts.database.transaction(async (tx) => {
    const state = byMail ? 'unverified' : 'waiting';
    const isNew = await insertPerson(tx, { id, name, email, state, organisationName: organisation, purpose });
    if (isNew) {
      if (prepared) await setPassword(tx, id, prepared);
      const [actor, objects] = [{ kind: 'user' as const, id }, [{ kind: 'person' as const, id }]];
      await parts.tracer.record(tx, { actor, action: 'person.register', objects });
      if (!byMail) await parts.onWaiting(tx, id, name);
    }
    await mail(parts, { occasion: 'registered', email }, tx);
  });
  return { next: byMail ? 'mail' : 'approval' };
}

/** Has a link for a new password sent, if the e-mail address has an account; the answer doesn't tell. */
export async function forgetPassword(
  parts: RegistrationParts,
  email: string,
  address: string,
): Promise<{ next: 'mail' | 'administrator' }> {
  await parts.attempts.begin(addressSubject(address), mailSubject(email));
  if (!isEmbedded(parts)) return { next: 'administrator' };
  await mail(parts, { occasion: 'forgotten', email });
  return { next: parts.mailer ? 'mail' : 'administrator' };
}

/** Nobody's mailbox is to be filled by us. */
const mailSubject = (email: string) => ({ ...accountSubject(email), name: `mail ${email.toLowerCase()}` });
