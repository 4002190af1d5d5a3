import { z } from 'zod';

/** What a token can be limited to. It never gives more than the rights of whoever it belongs to. */
export const TOKEN_SCOPES = [
  'archive:read',
  'archive:write',
  'account',
  'administration:read',
  'administration:write',
] as const;

export const TokenScope = z.enum(TOKEN_SCOPES).meta({ id: 'TokenScope' });
export type TokenScope = z.infer<typeof TokenScope>;

export const tokenScopeTitles: Readonly<Record<TokenScope, string>> = {
  'archive:read': 'Find and read studies and images',
  'archive:write': 'Store and delete images',
  account: "One's own account: notifications, live events, tokens",
  'administration:read': 'See people, projects, jobs and the state of the server',
  'administration:write': 'Change people, projects and jobs',
};
