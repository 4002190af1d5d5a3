import type { Actor } from '@isocenter/contract';
import type { Caller } from '../http/caller.ts';

/** A caller as the log names them. */
export const actorOf = ({ id, kind, key }: Pick<Caller, 'id' | 'kind' | 'key'>): Actor =>
  kind === 'node' ? { kind, id, ...(key !== undefined && { key }) } : { kind: 'user', id };
