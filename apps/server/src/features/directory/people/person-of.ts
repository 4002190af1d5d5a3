import { PersonId } from '@isocenter/contract';
import { type Caller, Problem } from '../../../platform/http/index.ts';

/** The person who calls: the token of the configuration and nodes are nobody. */
export function personOf(caller: Caller): PersonId {
  if (caller.kind !== 'person') throw new Problem('not-found', { what: 'account' });
  return PersonId.parse(caller.id);
}
