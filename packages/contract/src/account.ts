import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { SessionId } from './ids.ts';
import { label } from './label.ts';
import { password } from './sign-in.ts';

export const Account = z
  .object({
    name: z.string(),
    email: z.string(),
    organisation: z.string(),
    terms: z
      .object({ version: z.int().positive(), acceptedAt: z.iso.datetime() })
      .nullable()
      .describe('The latest version that was accepted'),
    local: z
      .object({
        passwordChangedAt: z.iso.datetime(),
        secondFactorSince: z.iso.datetime().nullable(),
        recoveryCodes: z.number().int().nonnegative().describe('How many are left'),
      })
      .nullable()
      .describe('Null for who signs in with another provider'),
  })
  .meta({ id: 'Account' });
export type Account = z.infer<typeof Account>;

export const SessionRow = z
  .object({
    id: SessionId,
    agent: z.string().describe('What the browser calls itself'),
    createdAt: z.iso.datetime(),
    lastSeenAt: z.iso.datetime(),
    current: z.boolean(),
  })
  .meta({ id: 'SessionRow' });
export type SessionRow = z.infer<typeof SessionRow>;

const tag = 'Account';

export const getAccount = defineEndpoint({
  name: 'getAccount',
  method: 'GET',
  path: '/api/account',
  action: 'account.manage',
  summary: 'One’s own account',
  tag,
  response: Account,
});

export const updateAccount = defineEndpoint({
  name: 'updateAccount',
  method: 'PATCH',
  path: '/api/account',
  action: 'account.manage',
  summary: 'Change one’s name',
  tag,
  body: z.strictObject({ name: label }),
  response: Account,
});

export const changePassword = defineEndpoint({
  name: 'changePassword',
  method: 'POST',
  path: '/api/account/password',
  action: 'account.manage',
  summary: 'Change one’s password; every other session ends',
  tag,
  body: z.strictObject({ current: password, password: z.string() }),
  errors: ['wrong-password', 'weak-password', 'too-many-attempts', 'conflict'],
});

export const beginSecondFactor = defineEndpoint({
  name: 'beginSecondFactor',
  method: 'POST',
  path: '/api/account/second-factor',
  action: 'account.manage',
  summary: 'Begin to set up a second factor',
  tag,
  body: z.strictObject({ password }),
  response: z.object({
    secret: z.string(),
    address: z.string().describe('For authenticators, as a picture (otpauth:)'),
  }),
  errors: ['wrong-password', 'too-many-attempts', 'conflict'],
});

export const confirmSecondFactor = defineEndpoint({
  name: 'confirmSecondFactor',
  method: 'POST',
  path: '/api/account/second-factor/confirm',
  action: 'account.manage',
  summary: 'Show that the second factor works; answers codes for when it is lost',
  tag,
  body: z.strictObject({ code: z.string().trim().min(6).max(10) }),
  response: z.object({ recoveryCodes: z.array(z.string()) }),
  errors: ['wrong-code', 'too-many-attempts', 'conflict'],
});

export const renewRecoveryCodes = defineEndpoint({
  name: 'renewRecoveryCodes',
  method: 'POST',
  path: '/api/account/recovery-codes',
  action: 'account.manage',
  summary: 'Replace the codes for when the second factor is lost',
  tag,
  body: z.strictObject({ password }),
  response: z.object({ recoveryCodes: z.array(z.string()) }),
  errors: ['wrong-password', 'too-many-attempts', 'conflict'],
});

export const removeSecondFactor = defineEndpoint({
  name: 'removeSecondFactor',
  method: 'POST',
  path: '/api/account/second-factor/remove',
  action: 'account.manage',
  summary: 'Sign in without a second factor from now on',
  tag,
  body: z.strictObject({ password }),
  errors: ['wrong-password', 'too-many-attempts', 'conflict'],
});

export const listSessions = defineEndpoint({
  name: 'listSessions',
  method: 'GET',
  path: '/api/account/sessions',
  action: 'account.manage',
  summary: 'Where one is signed in',
  tag,
  response: z.object({ items: z.array(SessionRow) }),
});

export const endOneSession = defineEndpoint({
  name: 'endOneSession',
  method: 'DELETE',
  path: '/api/account/sessions/{id}',
  action: 'account.manage',
  summary: 'Sign out of one browser',
  tag,
  params: z.strictObject({ id: SessionId }),
  errors: ['not-found'],
});

export const endEverySession = defineEndpoint({
  name: 'endEverySession',
  method: 'DELETE',
  path: '/api/account/sessions',
  action: 'account.manage',
  summary: 'Sign out everywhere, also of programs that signed in; access tokens stay',
  tag,
});
