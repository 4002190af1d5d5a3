import { queryOptions } from '@tanstack/react-query';
import { client } from './client.ts';

export type { HealthCheck, Status } from '@isocenter/contract';

export const statusQuery = queryOptions({
  queryKey: ['status'],
  queryFn: ({ signal }) => client.getStatus({}, { signal }),
  refetchInterval: 15_000,
});
