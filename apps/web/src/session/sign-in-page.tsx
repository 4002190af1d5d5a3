import { useQuery } from '@tanstack/react-query';
import { Navigate, useSearch } from '@tanstack/react-router';
import { meQuery } from '../api/session.ts';
import { SignIn } from './sign-in.tsx';
import { Splash } from './splash.tsx';

/** The sign-in page at its own address: where the embedded provider sends a browser to be asked, or what went wrong. */
export function SignInPage() {
  const { interaction, problem, token } = useSearch({ from: '/sign-in' });
  const { data: me, isPending } = useQuery(meQuery);
  if (isPending) return <Splash />;
  // Whoever is here for something else than signing in to these pages is asked all the same.
  if (me && interaction === undefined && problem === undefined) return <Navigate to="/" replace />;
  return <SignIn returnTo="/" interaction={interaction} problem={problem} token={token !== undefined} />;
}
