import type { Status } from '@isocenter/contract';
import { queryOptions } from '@tanstack/react-query';
import { requestJson } from './http.ts';

export type { HealthCheck, Status } from '@isocenter/contract';

export const statusQuery = queryOptions({
  queryKey: ['status'],
  queryFn: ({ signal }) => requestJson<Status>('/api/status', { signal }),
  refetchInterval: 15_000,
});
