import type { Action } from '@isocenter/contract';
import { useQuery } from '@tanstack/react-query';
import { meQuery } from '../api/session.ts';

/** Tells whether whoever is signed in may do an action. The server decides again; this only hides what would fail. */
export function useMay(): (action: Action) => boolean {
  const { data } = useQuery(meQuery);
  return (action) => data?.actions.includes(action) ?? false;
}
