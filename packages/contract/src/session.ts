import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { AreaId, CallerId, ProjectId, SiteId } from './ids.ts';
import { ACTIONS } from './permissions.ts';
import { Role } from './roles.ts';
import { Zone } from './zones.ts';

/** A project that someone has roles in. */
export const MyProject = z
  .object({
    id: ProjectId,
    name: z.string(),
    roles: z.array(z.object({ role: Role, site: SiteId.nullable(), siteName: z.string().nullable() })),
  })
  .meta({ id: 'MyProject' });
export type MyProject = z.infer<typeof MyProject>;

/** Where someone may store. */
export const StoreArea = z
  .object({ id: AreaId, zone: Zone, projectName: z.string().nullable(), siteName: z.string().nullable() })
  .meta({ id: 'StoreArea' });
export type StoreArea = z.infer<typeof StoreArea>;

export const Me = z
  .object({
    id: CallerId,
    name: z.string(),
    kind: z.enum(['person', 'token', 'node']).describe('A token is the one from the configuration'),
    roles: z.array(Role),
    projects: z.array(MyProject),
    zones: z.array(Zone).describe('Where the caller can see something'),
    storeAreas: z.array(StoreArea).describe('Where the caller can store; empty names for what belongs to nobody'),
    obligations: z.array(z.enum(['terms', 'second-factor'])).describe('What comes before everything else'),
    grants: z
      .array(z.object({ dataset: z.string(), until: z.iso.datetime() }))
      .describe('Datasets that the caller may use'),
    actions: z.array(z.enum(ACTIONS)).describe('What the caller may do, so that a page offers nothing else'),
  })
  .meta({ id: 'Me' });
export type Me = z.infer<typeof Me>;

export const getMe = defineEndpoint({
  name: 'getMe',
  method: 'GET',
  path: '/api/me',
  action: 'session.read',
  summary: 'Who is calling',
  tag: 'Session',
  response: Me,
});

export const createSession = defineEndpoint({
  name: 'createSession',
  method: 'POST',
  path: '/api/session',
  action: 'session.create',
  summary: 'Sign in with a token',
  description: 'Sets an HttpOnly cookie that stands for the token until it expires or the session is ended.',
  tag: 'Session',
  body: z.strictObject({ token: z.string().min(1).max(1000) }),
  response: Me,
  errors: ['invalid-credentials', 'too-many-attempts', 'cross-site-request'],
});

export const endSession = defineEndpoint({
  name: 'endSession',
  method: 'DELETE',
  path: '/api/session',
  action: 'session.end',
  summary: 'Sign out',
  tag: 'Session',
  response: z.object({
    next: z.string().nullable().describe('Where the browser goes to sign out of the identity provider too'),
  }),
  errors: ['cross-site-request'],
});
