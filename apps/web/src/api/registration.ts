import type { EndpointArguments, lookAtLink, register, useLink } from '@isocenter/contract';
import { queryOptions } from '@tanstack/react-query';
import { client } from './client.ts';

export type Registration = EndpointArguments<typeof register>['body'];
export type LinkUse = EndpointArguments<typeof useLink>['body'];
export type LinkLook = EndpointArguments<typeof lookAtLink>['body'];

export const askForAccount = (body: Registration) => client.register({ body });

export const askForReset = (email: string) => client.requestPasswordReset({ body: { email } });

export const followLink = (body: LinkUse) => client.useLink({ body });

export function linkQuery(key: string) {
  return queryOptions({
    queryKey: ['link', key],
    queryFn: ({ signal }) => client.lookAtLink({ body: { key } }, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
  });
}
