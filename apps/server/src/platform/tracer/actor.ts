import type { Actor } from '@isocenter/contract';
import type { Caller } from '../http/caller.ts';

/** A caller as the log names them. */
export const actorOf = ({ id }: Pick<Caller, 'id'>): Actor => ({ kind: 'user', id });
