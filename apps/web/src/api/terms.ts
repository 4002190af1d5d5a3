import { queryOptions } from '@tanstack/react-query';
import { client } from './client.ts';

export type { Terms } from '@isocenter/contract';

export const termsQuery = queryOptions({
  queryKey: ['terms'],
  queryFn: async ({ signal }) => (await client.getTerms({}, { signal })).terms,
});

export const acceptTerms = (version: number) => client.acceptTerms({ body: { version } });

export const publishTerms = (text: string) => client.publishTerms({ body: { text } });
