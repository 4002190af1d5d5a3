import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { AccessTokenId } from './ids.ts';
import { label } from './label.ts';
import { TokenScope } from './token-scopes.ts';

export const MOST_TOKEN_DAYS = 366;

export const AccessToken = z
  .object({
    id: AccessTokenId,
    name: z.string(),
    ending: z.string().describe('Its last characters'),
    scopes: z.array(TokenScope),
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
    lastUsedAt: z.iso.datetime().nullable().describe('To the minute'),
  })
  .meta({ id: 'AccessToken' });
export type AccessToken = z.infer<typeof AccessToken>;

const tag = 'Access tokens';

export const listAccessTokens = defineEndpoint({
  name: 'listAccessTokens',
  method: 'GET',
  path: '/api/tokens',
  action: 'token.manage',
  summary: 'One’s own access tokens, the newest first',
  tag,
  response: z.object({ items: z.array(AccessToken) }),
});

export const createAccessToken = defineEndpoint({
  name: 'createAccessToken',
  method: 'POST',
  path: '/api/tokens',
  action: 'token.manage',
  summary: 'Make an access token',
  description:
    'The token itself is in this answer and nowhere else. Made with an access token, it can do no more and lives no longer than that.',
  tag,
  body: z.strictObject({
    name: label,
    scopes: z.array(TokenScope).min(1),
    days: z.int().min(1).max(MOST_TOKEN_DAYS).default(90),
  }),
  response: AccessToken.extend({ token: z.string() }),
  status: 201,
  errors: ['not-allowed'],
});

export const revokeAccessToken = defineEndpoint({
  name: 'revokeAccessToken',
  method: 'DELETE',
  path: '/api/tokens/{id}',
  action: 'token.manage',
  summary: 'Make an access token worthless',
  tag,
  params: z.strictObject({ id: AccessTokenId }),
  errors: ['not-found'],
});
