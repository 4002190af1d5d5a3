import { type UseMutationResult, useMutation, useQueryClient } from '@tanstack/react-query';

interface ChangeOptions<Value, Result> {
  /** What it makes stale, by the first part of the queries' keys. */
  readonly stale?: readonly string[];
  readonly onDone?: (result: Result, value: Value) => void;
  /** The page shows the failure where it happened; else a corner of the window does. */
  readonly shown?: boolean;
}

/** Something that a page does at the server, and what has to be asked anew afterwards. */
export function useChange<Value = void, Result = unknown>(
  change: (value: Value) => Promise<Result>,
  { stale = [], onDone, shown = false }: ChangeOptions<Value, Result> = {},
): UseMutationResult<Result, Error, Value> {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    ...(shown && { meta: { shown: true } }),
    onSuccess: async (result, value) => {
      onDone?.(result, value);
      await Promise.all(stale.map((key) => client.invalidateQueries({ queryKey: [key] })));
    },
  });
}
