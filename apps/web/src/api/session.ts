import type { Me } from '@isocenter/contract';
import { queryOptions } from '@tanstack/react-query';
import { client } from './client.ts';

export type { Me } from '@isocenter/contract';

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => client.getMe({}, { signal }),
  staleTime: Number.POSITIVE_INFINITY,
  retry: false,
});

export function signIn(token: string): Promise<Me> {
  return client.createSession({ body: { token } });
}

/** Answers where the browser goes to sign out of the identity provider too. */
export async function signOut(): Promise<string | null> {
  return (await client.endSession()).next;
}
