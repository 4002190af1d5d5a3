import type { Actor, PersonId } from '@isocenter/contract';
import type { Kysely } from 'kysely';
import type { Config } from '../../platform/config.ts';
import type { Database } from '../../platform/database/database.ts';
import type { Tables } from '../../platform/database/tables.ts';
import type { Addresses } from '../../platform/http/index.ts';
import type { Jobs } from '../../platform/jobs/index.ts';
import type { Log } from '../../platform/log.ts';
import type { Mailer } from '../../platform/mail/index.ts';
import type { Tracer } from '../../platform/tracer/index.ts';
import type { FailedAttempts } from '../accounts/index.ts';
import type { RelyingParty } from '../session/index.ts';
import { type MailInput, mailKind } from './mail-job.ts';

/** What registration works with. */
export interface RegistrationParts {
  readonly config: Pick<Config, 'registration'>;
  readonly database: Database;
  readonly tracer: Tracer;
  readonly log: Log;
  readonly jobs: Jobs;
  readonly addresses: Addresses;
  readonly attempts: FailedAttempts;
  readonly party: RelyingParty;
  /** Absent where no mail can be sent: administrators hand links on. */
  readonly mailer?: Mailer;
  /** Tells administrators that someone waits for them. */
  readonly onWaiting: (tx: Kysely<Tables>, person: PersonId, name: string) => Promise<void>;
  /** Ends every session of a person, here and at the embedded provider. */
  readonly endSessions: (person: PersonId, actor: Actor, tx: Kysely<Tables>) => Promise<void>;
}

export const isEmbedded = ({ party }: Pick<RegistrationParts, 'party'>): boolean => party.provider.kind === 'embedded';

/** Has a message sent, when mail can be sent at all. */
export async function mail({ jobs, mailer }: RegistrationParts, input: MailInput, tx?: Kysely<Tables>): Promise<void> {
  if (mailer === undefined) return;
  await jobs.enqueue(mailKind, input, tx === undefined ? {} : { tx });
}
