import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { problemOf } from '../api/problem.ts';
import { meQuery } from '../api/session.ts';
import { ErrorState } from '../parts/error-state.tsx';
import { SignIn } from './sign-in.tsx';
import { Splash } from './splash.tsx';

/** Shows the application to who is signed in, and the sign-in page at the same address to who is not. */
export function SessionGate({ children }: { readonly children: ReactNode }) {
  const { data, error, isPending, refetch } = useQuery(meQuery);
  if (isPending) return <Splash />;
  if (data && !error) return children;
  if (problemOf(error)?.status === 401) return <SignIn ended={data !== undefined} />;
  return <ErrorState error={error} onRetry={() => void refetch()} page />;
}
