import type { UseMutationResult } from '@tanstack/react-query';
import { useChange } from '../api/use-change.ts';

/** Something done with a person; afterwards every list and page that shows them is asked anew. */
export function usePersonChange<Value = void>(
  change: (value: Value) => Promise<unknown>,
  onDone?: () => void,
): UseMutationResult<unknown, Error, Value> {
  return useChange<Value>(change, {
    stale: ['people', 'person', 'organisations', 'notifications'],
    ...(onDone && { onDone }),
  });
}
