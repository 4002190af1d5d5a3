import { randomBytes } from 'node:crypto';
import type { Actor } from '@isocenter/contract';
import type { Pool } from 'pg';
import { LogKey } from '../log-key.ts';
import { Tracer } from '../tracer.ts';

/** A tracer with a key of its own, whose entries wait: nothing sequences them. */
export function testTracer(pool: Pool): Tracer {
  const key = new LogKey(randomBytes(32));
  return new Tracer({ pool, key, signer: key.signer('test.example/tracer') });
}

export const ada: Actor = { kind: 'user', id: 'ada' };
