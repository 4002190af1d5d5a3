import type { Me } from '@isocenter/contract';
import { type QueryClient, queryOptions } from '@tanstack/react-query';
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

/** How often it is looked whether every process of the server knows already, and how long between, milliseconds. */
const looks = { times: 15, everyMs: 200 } as const;

/**
 * Asks who one is until the server has noticed that one did what one was obliged to: its processes tell each other, and
 * the one that answers may hear of it a moment later.
 */
export async function dutyDone(queries: QueryClient, duty: Me['obligations'][number]): Promise<void> {
  for (let look = 1; look <= looks.times; look++) {
    await queries.invalidateQueries({ queryKey: meQuery.queryKey });
    if (!queries.getQueryData(meQuery.queryKey)?.obligations.includes(duty)) return;
    await new Promise((resolve) => setTimeout(resolve, looks.everyMs));
  }
}
