import type { NodeId } from '@isocenter/contract';
import { queryOptions } from '@tanstack/react-query';
import { client } from './client.ts';

export type { Node } from '@isocenter/contract';

export const nodesQuery = queryOptions({
  queryKey: ['nodes'],
  queryFn: async ({ signal }) => (await client.listNodes({}, { signal })).items,
});

export const makeJoinToken = (name: string, hours: number) => client.createJoinToken({ body: { name, hours } });
export const removeNode = (id: NodeId) => client.removeNode({ params: { id } });
