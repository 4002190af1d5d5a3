import { useQuery } from '@tanstack/react-query';
import { checkpointQuery } from '../api/log.ts';
import { rememberLog, seenLog } from './seen-log.ts';
import { readTiles } from './tile-cache.ts';
import { type CheckpointVerdict, verifyCheckpoint } from './verify-checkpoint.ts';

export interface Verifying {
  /** Undefined while it is being found out. */
  readonly verdict: CheckpointVerdict | undefined;
  readonly error: Error | null;
}

/** Fetches the log's checkpoint and verifies it here. `newest` is a leaf that it shall have. */
export function useVerdict(newest: number): Verifying {
  const signed = useQuery(checkpointQuery(newest));
  const note = signed.data?.note ?? '';
  const verdict = useQuery({
    queryKey: ['log', 'verdict', signed.data?.info.key ?? '', note],
    enabled: signed.data !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async () => {
      const found = await verifyCheckpoint(signed.data!, seenLog(), readTiles);
      if (found.kind === 'holds') rememberLog({ ...found.seen, at: new Date().toISOString() });
      return found;
    },
    placeholderData: (before: CheckpointVerdict | undefined) => before,
  });
  return { verdict: verdict.data, error: signed.error ?? verdict.error };
}
