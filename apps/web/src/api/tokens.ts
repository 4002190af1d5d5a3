import type { AccessTokenId, createAccessToken, EndpointArguments } from '@isocenter/contract';
import { queryOptions } from '@tanstack/react-query';
import { client } from './client.ts';

export type { AccessToken } from '@isocenter/contract';
export type NewToken = EndpointArguments<typeof createAccessToken>['body'];

export const tokensQuery = queryOptions({
  queryKey: ['tokens'],
  queryFn: async ({ signal }) => (await client.listAccessTokens({}, { signal })).items,
});

export const makeToken = (body: NewToken) => client.createAccessToken({ body });
export const revokeToken = (id: AccessTokenId) => client.revokeAccessToken({ params: { id } });
