import { email, type Person } from '@isocenter/contract';
import { z } from 'zod';
import type { Database } from '../../platform/database/database.ts';
import type { Addresses } from '../../platform/http/index.ts';
import { defineJob, type JobDefinition, type JobKind } from '../../platform/jobs/index.ts';
import type { Mailer, Message } from '../../platform/mail/index.ts';
import { selectPersonByEmail } from '../directory/index.ts';
import { makeLink } from './links.ts';
import { admittedMessage, invitationMessage, knownMessage, resetMessage, verifyMessage } from './messages.ts';

const MailInput = z.strictObject({ occasion: z.enum(['registered', 'forgotten', 'admitted']), email });
export type MailInput = z.infer<typeof MailInput>;

/** Who enqueues it needs no mail server. */
export const mailKind: JobKind<MailInput> = {
  kind: 'identity.mail',
  title: 'Send a message about an account',
  input: MailInput,
};

export interface MailParts {
  readonly database: Database;
  readonly addresses: Addresses;
  readonly mailer: Mailer;
}

/**
 * Sends what an occasion asks for. It is begun whoever has the e-mail address, and decides here: so the answer to who asked
 * takes as long for an address that nobody has. The link is made here too, so that its secret waits in no queue.
 */
export const mailJob = (parts: MailParts): JobDefinition<MailInput> =>
  defineJob({
    ...mailKind,
    retries: 5,
    retryDelaySeconds: 30,
    run: async (_context, { occasion, email: to }) => {
      const person = await selectPersonByEmail(parts.database.db, to);
      const message = person && (await messageFor(parts, person, occasion));
      if (person && message) await parts.mailer.send({ to: person.email, ...message });
    },
  });

async function messageFor(
  { database: { db }, addresses }: MailParts,
  { id, state }: Person,
  occasion: MailInput['occasion'],
): Promise<Omit<Message, 'to'> | undefined> {
  if (occasion === 'admitted') return admittedMessage(addresses.base);
  if (state === 'invited') {
    const { address, expiresAt } = await makeLink(db, addresses, 'invitation', id);
    return invitationMessage(address, expiresAt);
  }
  if (occasion === 'registered' && state === 'unverified') {
    const { address, expiresAt } = await makeLink(db, addresses, 'verify-email', id);
    return verifyMessage(address, expiresAt);
  }
  if (state !== 'active') return undefined;
  if (occasion === 'registered') return knownMessage(addresses.base);
  const { address, expiresAt } = await makeLink(db, addresses, 'reset-password', id);
  return resetMessage(address, expiresAt);
}
