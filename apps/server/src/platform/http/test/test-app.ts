import { CallerId, ProjectId, SiteId } from '@isocenter/contract';
import type { FastifyInstance } from 'fastify';
import { silentLog } from '../../log.ts';
import { type AppOptions, createApp } from '../app.ts';
import { type Authenticator, type Caller, makeCaller } from '../caller.ts';

export const administrator: Caller = makeCaller({
  id: CallerId.parse('ada'),
  name: 'Ada',
  kind: 'person',
  holdings: [{ role: 'administrator', project: null, site: null }],
});

/** Known, but without any role. */
export const nobody: Caller = makeCaller({ id: CallerId.parse('nemo'), name: 'Nemo', kind: 'person', holdings: [] });

/** A curator of one site. */
export const curator: Caller = makeCaller({
  id: CallerId.parse('cleo'),
  name: 'Cleo',
  kind: 'person',
  holdings: [
    {
      role: 'data-curator',
      project: ProjectId.parse('00000000-0000-4000-8000-00000000000a'),
      site: SiteId.parse('00000000-0000-4000-8000-00000000000b'),
    },
  ],
});

/** Manages the data of a project. */
export const manager: Caller = makeCaller({
  id: CallerId.parse('manager'),
  name: 'Mara',
  kind: 'person',
  holdings: [{ role: 'data-manager', project: ProjectId.parse('00000000-0000-4000-8000-00000000000a'), site: null }],
});

const callers: Readonly<Record<string, Caller>> = { administrator, nobody, curator, manager };

/** `Authorization: Bearer administrator`, `curator`, `manager` or `nobody`; `Cookie: administrator`. */
export const byName: Authenticator = async ({ headers }) => {
  const bearer = callers[headers.authorization?.replace('Bearer ', '') ?? ''];
  if (bearer !== undefined) return { caller: bearer, means: 'bearer' };
  const cookie = callers[headers.cookie ?? ''];
  return cookie && { caller: cookie, means: 'cookie' };
};

export const asAdministrator = { authorization: 'Bearer administrator' };
export const asCurator = { authorization: 'Bearer curator' };
export const asManager = { authorization: 'Bearer manager' };
export const asNobody = { authorization: 'Bearer nobody' };

export function testApp(options: Partial<AppOptions> = {}): Promise<FastifyInstance> {
  return createApp({ log: silentLog(), authenticators: [byName], version: '1.2.3', ...options });
}
