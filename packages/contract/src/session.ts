import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { CallerId } from './ids.ts';
import { type Action, permissions, Role } from './permissions.ts';
import { Zone } from './zones.ts';

const ACTIONS = Object.keys(permissions) as Action[];

export const Me = z
  .object({
    id: CallerId,
    name: z.string(),
    roles: z.array(Role),
    zones: z.array(Zone),
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
  errors: ['cross-site-request'],
});
