import { randomUUID } from 'node:crypto';
import type { PersonId } from '@isocenter/contract';
import type { Kysely } from 'kysely';
import type { Tables } from '../../platform/database/tables.ts';
import type { Addresses } from '../../platform/http/index.ts';
import { insertLink, type LinkKind } from '../directory/index.ts';

/** How long each works: what lies in a mailbox for longer is a risk, what waits for a holiday to end must not be void. */
const HOURS: Readonly<Record<LinkKind, number>> = {
  'first-administrator': 7 * 24,
  invitation: 14 * 24,
  'verify-email': 48,
  'reset-password': 4,
};

/** An address that works once. */
export interface MadeAddress {
  readonly address: string;
  readonly expiresAt: Date;
}

/** Makes a link; one of the same kind that the person had stops working. Its secret stands after the # and reaches no log. */
export async function makeLink(
  db: Kysely<Tables>,
  { base }: Pick<Addresses, 'base'>,
  kind: LinkKind,
  person: PersonId | null,
): Promise<MadeAddress> {
  const { key, expiresAt } = await insertLink(db, { id: randomUUID(), kind, person }, HOURS[kind]);
  return { address: `${base}/link#${key}`, expiresAt };
}
