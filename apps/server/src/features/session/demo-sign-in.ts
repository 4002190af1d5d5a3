import { signInAsDemoPerson } from '@isocenter/contract';
import type { FastifyInstance } from 'fastify';
import type { Database } from '../../platform/database/database.ts';
import { endpoint, Problem, requireSameSite } from '../../platform/http/index.ts';
import { selectDemoPeople } from '../directory/index.ts';
import { sessionCookie } from './cookie.ts';
import type { Sessions } from './sessions.ts';

/**
 * Signing in by a click, for the demo: without a password, so only as people whose e-mail address can't be anyone's. No
 * configuration switches it on; the program that starts the demo does, and only for a server that this machine alone reaches.
 */
export function demoSignInRoutes(
  app: FastifyInstance,
  { database, sessions }: { readonly database: Database; readonly sessions: Sessions },
): void {
  endpoint(app, signInAsDemoPerson, async ({ body: { id } }, { request, reply }) => {
    requireSameSite(request);
    const people = await selectDemoPeople(database.db);
    if (!people.some((person) => person.id === id)) throw new Problem('not-found', { what: 'person' });
    const session = await sessions.beginFor(id, undefined, request);
    sessionCookie.set(request, reply, session.key, sessions.seconds);
  });
}
