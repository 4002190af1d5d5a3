import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Narrow enough that it can be written to a log and a header as it is. */
const WELL_FORMED = /^[A-Za-z0-9._-]{8,64}$/;

/** Takes the id that a proxy or client gave, so that one request keeps one id across programs; else makes one. */
export function requestIdOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && WELL_FORMED.test(given) ? given : randomUUID();
}
