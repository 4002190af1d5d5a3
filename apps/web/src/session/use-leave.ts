import { useQueryClient } from '@tanstack/react-query';
import { signOut } from '../api/session.ts';

/** Signs out here, and at the identity provider where that has a page for it. */
export function useLeave(): () => Promise<void> {
  const client = useQueryClient();
  return async () => {
    const next = await signOut().catch(() => null);
    client.clear();
    if (next === null) location.reload();
    else location.assign(next);
  };
}
