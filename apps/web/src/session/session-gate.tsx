import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { problemOf } from '../api/problem.ts';
import { type Me, meQuery } from '../api/session.ts';
import { ErrorState } from '../parts/error-state.tsx';
import { SecondFactorDuty } from './second-factor-duty.tsx';
import { SignIn } from './sign-in.tsx';
import { Splash } from './splash.tsx';
import { TermsDuty } from './terms-duty.tsx';

/**
 * Shows the application to who is signed in, and the sign-in page at the same address to who is not. What someone has to
 * do first comes before everything else.
 */
export function SessionGate({ children }: { readonly children: ReactNode }) {
  const { data, error, isPending, refetch } = useQuery(meQuery);
  if (isPending) return <Splash />;
  if (data && !error) return dutyOf(data) ?? children;
  if (problemOf(error)?.status === 401) return <SignIn ended={data !== undefined} />;
  return <ErrorState error={error} onRetry={() => void refetch()} page />;
}

function dutyOf({ obligations }: Me): ReactNode {
  if (obligations.includes('terms')) return <TermsDuty />;
  if (obligations.includes('second-factor')) return <SecondFactorDuty />;
  return undefined;
}
