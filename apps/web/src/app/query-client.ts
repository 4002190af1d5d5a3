import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { problemOf } from '../api/problem.ts';
import { meQuery } from '../api/session.ts';
import { showFailure } from '../parts/show-failure.tsx';

/** Wrong secrets that someone typed: 401 as well, and no sign that the session is over. */
const mistyped = new Set(['invalid-credentials', 'wrong-password', 'wrong-code']);

/** What has to be done first since the page was opened, such as accepting terms that were published meanwhile. */
const duties = new Set(['terms-not-accepted', 'second-factor-needed']);

/** Answers that asking again may change. */
const passing = new Set([0, 408, 429, 502, 503, 504]);

function mayRetry(failures: number, error: Error): boolean {
  const problem = problemOf(error);
  return failures < 2 && problem !== null && passing.has(problem.status);
}

export function createQueryClient(): QueryClient {
  /** A session that ended anywhere shows the sign-in page everywhere; so does what one has to do first. */
  const noteEnd = (error: Error, key?: readonly unknown[]) => {
    const problem = problemOf(error);
    if (problem === null || key?.[0] === 'me') return;
    if ((problem.status === 401 && !mistyped.has(problem.code)) || duties.has(problem.code)) {
      void client.invalidateQueries({ queryKey: meQuery.queryKey });
    }
  };
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError: (error, query) => noteEnd(error, query.queryKey) }),
    mutationCache: new MutationCache({
      onError: (error, _variables, _context, mutation) => {
        noteEnd(error);
        if (!mutation.meta?.shown) showFailure(error);
      },
    }),
    defaultOptions: { queries: { staleTime: 15_000, retry: mayRetry, refetchOnWindowFocus: true } },
  });
  return client;
}
