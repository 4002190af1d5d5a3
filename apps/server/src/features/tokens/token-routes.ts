import { createAccessToken, listAccessTokens, PersonId, revokeAccessToken } from '@isocenter/contract';
import type { FastifyInstance } from 'fastify';
import { type Caller, endpoint, Problem } from '../../platform/http/index.ts';
import { demandWithin, type PersonalTokens } from './personal-tokens.ts';

const DAY_MS = 86_400_000;

/** @param now in milliseconds since 1970. */
export function tokenRoutes(app: FastifyInstance, tokens: PersonalTokens, now: () => number = Date.now): void {
  endpoint(app, listAccessTokens, async (_input, { request }) => ({
    items: isPerson(request.caller) ? await tokens.list(personOf(request.caller)) : [],
  }));
  endpoint(app, createAccessToken, ({ body: { name, scopes, days } }, { request }) => {
    demandWithin(request.caller, scopes);
    const expiresAt = new Date(Math.min(now() + days * DAY_MS, request.caller.expiresAt ?? Number.POSITIVE_INFINITY));
    return tokens.create(personOf(request.caller), { name, scopes: [...new Set(scopes)], expiresAt });
  });
  endpoint(app, revokeAccessToken, ({ params }, { request }) => tokens.revoke(personOf(request.caller), params.id));
}

const isPerson = ({ kind }: Caller): boolean => kind === 'person';

/** Access tokens are people's: the token of the configuration can't have any. */
function personOf(caller: Caller): PersonId {
  if (!isPerson(caller)) throw new Problem('not-allowed', { action: 'token.manage' });
  return PersonId.parse(caller.id);
}
