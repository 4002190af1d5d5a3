import type { Checkpoint } from '@isocenter/ledger';
import { useQuery } from '@tanstack/react-query';
import type { LogRow } from '../api/log.ts';
import { readTiles } from './tile-cache.ts';
import { type Proof, verifyEntry } from './verify-entry.ts';

/** The proof of one entry, verified here; undefined while it is being found out, `failed` when it can't be. */
export function useProof(row: LogRow, checkpoint: Checkpoint | undefined): Proof | 'failed' | undefined {
  const { data, isError } = useQuery({
    queryKey: ['log', 'proof', row.leaf, row.body, checkpoint?.size ?? 0],
    enabled: checkpoint !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: () => verifyEntry(row, checkpoint!, readTiles),
    placeholderData: (before: Proof | undefined) => (before === 'proved' ? before : undefined),
  });
  return isError ? 'failed' : data;
}
