import { type Action, createSession, decide, endSession, getMe, type Me, permissions } from '@isocenter/contract';
import type { FastifyInstance } from 'fastify';
import { type Caller, endpoint, requireSameSite } from '../../platform/http/index.ts';
import { clearCookie, readCookie, setCookie } from './cookie.ts';
import { SESSION_SECONDS, type Sessions } from './sessions.ts';

export function sessionRoutes(app: FastifyInstance, sessions: Sessions): void {
  endpoint(app, getMe, (_input, { request }) => presentMe(request.caller));

  endpoint(app, createSession, async ({ body }, { request, reply }) => {
    // Signing someone in as somebody else is also a change that another site could ask for.
    requireSameSite(request);
    const { key, caller } = await sessions.begin(body.token, request.ip);
    setCookie(request, reply, key, SESSION_SECONDS);
    return presentMe(caller);
  });

  endpoint(app, endSession, async (_input, { request, reply }) => {
    const key = readCookie(request);
    if (key !== undefined) await sessions.end(key, request.caller);
    clearCookie(request, reply);
  });
}

function presentMe(caller: Caller): Me {
  const { id, name, roles, zones } = caller;
  const actions = (Object.keys(permissions) as Action[]).filter((action) => decide(caller, action) === 'allowed');
  return { id, name, roles: [...roles], zones: [...zones], actions };
}
