import { Unreachable } from '@isocenter/client';
import { type PersonId, type SignInOffer, signInAsDemoPerson } from '@isocenter/contract';
import { queryOptions } from '@tanstack/react-query';
import { client } from './client.ts';

export type { SignInOffer } from '@isocenter/contract';

export const offerQuery = queryOptions({
  queryKey: ['sign-in', 'offer'],
  queryFn: ({ signal }): Promise<SignInOffer> => client.getSignInOffer({}, { signal }),
  staleTime: 60_000,
});

/** Where a browser begins to sign in, and the address that it comes back to. */
export const startAddress = (returnTo: string): string =>
  `/api/session/start?return_to=${encodeURIComponent(returnTo)}`;

/** What beginning in the background led to. */
export type Started =
  | { readonly kind: 'asked'; readonly interaction: string }
  /** The provider knew already who is there. */
  | { readonly kind: 'known' }
  | { readonly kind: 'refused'; readonly code: string }
  /** People sign in under another address of this server, so that the browser itself must go there. */
  | { readonly kind: 'elsewhere' };

/** Begins with the embedded provider without leaving the page: its redirects end at the address of an interaction. */
export async function beginHere(returnTo: string, signal?: AbortSignal): Promise<Started> {
  let at: URL;
  try {
    const headers = { accept: 'text/html' };
    const answer = await client.fetch(startAddress(returnTo), { headers, ...(signal && { signal }) });
    await answer.body?.cancel();
    at = new URL(answer.url);
  } catch (error) {
    // A redirect to another origin looks like no answer at all; so does a server that is away, which this then throws.
    if (!(error instanceof Unreachable)) throw error;
    await client.getLiveness({}, signal ? { signal } : {});
    return { kind: 'elsewhere' };
  }
  const interaction = at.searchParams.get('interaction');
  if (at.pathname !== '/sign-in') return { kind: 'known' };
  if (interaction !== null) return { kind: 'asked', interaction };
  return { kind: 'refused', code: at.searchParams.get('problem') ?? 'sign-in-failed' };
}

export function startQuery(returnTo: string) {
  return queryOptions({
    queryKey: ['sign-in', 'start', returnTo],
    queryFn: ({ signal }) => beginHere(returnTo, signal),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
}

export interface Shown {
  readonly email: string;
  readonly password: string;
  readonly code?: string;
}

export function showWho(uid: string, shown: Shown) {
  return client.signInHere({ params: { uid }, body: shown });
}

export function interactionQuery(uid: string) {
  return queryOptions({
    queryKey: ['sign-in', 'interaction', uid],
    queryFn: ({ signal }) => client.getInteraction({ params: { uid } }, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
  });
}

export async function signInAsDemo(id: PersonId): Promise<void> {
  await client.fetch(signInAsDemoPerson.path, {
    method: signInAsDemoPerson.method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ id }),
  });
}
