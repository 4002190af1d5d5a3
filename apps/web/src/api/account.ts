import type { SessionId } from '@isocenter/contract';
import { queryOptions } from '@tanstack/react-query';
import { client } from './client.ts';

export type { Account, SessionRow } from '@isocenter/contract';

export const accountQuery = queryOptions({
  queryKey: ['account'],
  queryFn: ({ signal }) => client.getAccount({}, { signal }),
});

export const sessionsQuery = queryOptions({
  queryKey: ['account', 'sessions'],
  queryFn: async ({ signal }) => (await client.listSessions({}, { signal })).items,
});

export const changeName = (name: string) => client.updateAccount({ body: { name } });
export const changePassword = (body: { current: string; password: string }) => client.changePassword({ body });
export const beginSecondFactor = (password: string) => client.beginSecondFactor({ body: { password } });
export const confirmSecondFactor = (code: string) => client.confirmSecondFactor({ body: { code } });
export const renewRecoveryCodes = (password: string) => client.renewRecoveryCodes({ body: { password } });
export const removeSecondFactor = (password: string) => client.removeSecondFactor({ body: { password } });
export const endOneSession = (id: SessionId) => client.endOneSession({ params: { id } });
export const endEverySession = () => client.endEverySession();
