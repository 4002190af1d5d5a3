import { CallerId } from '@isocenter/contract';
import type { FastifyInstance } from 'fastify';
import { silentLog } from '../../log.ts';
import { type AppOptions, createApp } from '../app.ts';
import type { Authenticator, Caller } from '../caller.ts';

export const administrator: Caller = {
  id: CallerId.parse('ada'),
  name: 'Ada',
  roles: ['administrator'],
  zones: ['landing'],
};

/** Known, but without any role. */
export const nobody: Caller = { id: CallerId.parse('nemo'), name: 'Nemo', roles: [], zones: [] };

const callers: Readonly<Record<string, Caller>> = { administrator, nobody };

/** `Authorization: Bearer administrator` or `nobody`; `Cookie: administrator`. */
export const byName: Authenticator = async ({ headers }) => {
  const bearer = callers[headers.authorization?.replace('Bearer ', '') ?? ''];
  if (bearer !== undefined) return { caller: bearer, means: 'bearer' };
  const cookie = callers[headers.cookie ?? ''];
  return cookie && { caller: cookie, means: 'cookie' };
};

export const asAdministrator = { authorization: 'Bearer administrator' };
export const asNobody = { authorization: 'Bearer nobody' };

export function testApp(options: Partial<AppOptions> = {}): Promise<FastifyInstance> {
  return createApp({ log: silentLog(), authenticators: [byName], version: '1.2.3', ...options });
}
