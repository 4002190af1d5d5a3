import type { Me } from '@isocenter/contract';
import { queryOptions } from '@tanstack/react-query';
import { request, requestJson } from './http.ts';

export type { Me } from '@isocenter/contract';

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => requestJson<Me>('/api/me', { signal }),
  staleTime: Number.POSITIVE_INFINITY,
  retry: false,
});

export function signIn(token: string): Promise<Me> {
  return requestJson<Me>('/api/session', { method: 'POST', body: { token } });
}

export async function signOut(): Promise<void> {
  await request('/api/session', { method: 'DELETE' });
}
