import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { OrganisationId, PersonId } from './ids.ts';
import { email, label, optionalLabel } from './label.ts';
import { PersonDetail } from './people.ts';
import { NodeRole } from './roles.ts';
import { linkKey, MAX_PASSWORD_LENGTH } from './sign-in.ts';

/** One that is chosen; whether it may be, the server says in words. */
const newPassword = z.string().min(1).max(MAX_PASSWORD_LENGTH);

/** An address that works once. Its secret stands after the #. */
export const MadeLink = z
  .object({ address: z.string(), expiresAt: z.iso.datetime(), mailed: z.boolean().describe('Also sent by e-mail') })
  .meta({ id: 'MadeLink' });
export type MadeLink = z.infer<typeof MadeLink>;

const tag = 'Registration';

export const register = defineEndpoint({
  name: 'register',
  method: 'POST',
  path: '/api/registrations',
  action: 'registration.create',
  summary: 'Ask for an account',
  description:
    'Where mail can be sent, a message leads to choosing the password; else the password is given here. The answer is the ' +
    'same for an e-mail address that has an account already.',
  tag,
  body: z.strictObject({
    name: label,
    email,
    organisation: label,
    purpose: optionalLabel,
    password: newPassword.optional(),
  }),
  response: z.object({ next: z.enum(['mail', 'approval']).describe('What comes next') }),
  status: 202,
  errors: ['weak-password', 'too-many-attempts', 'not-found'],
});

export const lookAtLink = defineEndpoint({
  name: 'lookAtLink',
  method: 'POST',
  path: '/api/links/look',
  action: 'registration.create',
  summary: 'What a link is for',
  tag,
  body: z.strictObject({ key: linkKey }),
  response: z.object({
    kind: z.enum(['first-administrator', 'invitation', 'verify-email', 'reset-password']),
    name: z.string(),
    email: z.string(),
    asks: z.enum(['password', 'sign-in']).describe('Whether a password is chosen here, or one signs in elsewhere'),
  }),
  errors: ['link-unusable', 'too-many-attempts'],
});

/** Uses a link. */
export const useLink = defineEndpoint({
  name: 'useLink',
  method: 'POST',
  path: '/api/links/use',
  action: 'registration.create',
  summary: 'Use a link: choose a password, or go on to the identity provider',
  description:
    'Name and e-mail address are for the first administrator, and may correct those of an invitation. With another ' +
    'identity provider the answer says where to sign in; the link is used up by that.',
  tag,
  body: z.strictObject({
    key: linkKey,
    name: label.optional(),
    email: email.optional(),
    password: newPassword.optional(),
  }),
  response: z.object({
    next: z.enum(['sign-in', 'approval', 'provider']),
    address: z.string().nullable().describe('Of the provider'),
  }),
  errors: ['link-unusable', 'weak-password', 'conflict', 'too-many-attempts', 'cross-site-request'],
});

export const requestPasswordReset = defineEndpoint({
  name: 'requestPasswordReset',
  method: 'POST',
  path: '/api/password-resets',
  action: 'registration.create',
  summary: 'Have a link for a new password sent',
  description: 'The answer is the same whether or not there is such an account.',
  tag,
  body: z.strictObject({ email }),
  response: z.object({ next: z.enum(['mail', 'administrator']).describe('Who gives the link out') }),
  status: 202,
  errors: ['too-many-attempts'],
});

const one = z.strictObject({ id: PersonId });
const people = 'People';

export const invitePerson = defineEndpoint({
  name: 'invitePerson',
  method: 'POST',
  path: '/api/invitations',
  action: 'person.manage',
  summary: 'Invite someone by a link',
  tag: people,
  body: z.strictObject({
    name: label,
    email,
    organisationId: OrganisationId.nullable().optional(),
    nodeRoles: z.array(NodeRole).max(2).optional(),
  }),
  response: z.object({ person: PersonDetail, link: MadeLink }),
  status: 201,
  errors: ['conflict', 'not-found'],
});

export const approvePerson = defineEndpoint({
  name: 'approvePerson',
  method: 'POST',
  path: '/api/people/{id}/approve',
  action: 'person.manage',
  summary: 'Let someone in who waits, was refused or was locked out',
  tag: people,
  params: one,
  body: z.strictObject({ organisationId: OrganisationId.nullable().optional() }),
  response: PersonDetail,
  errors: ['not-found', 'conflict'],
});

export const refusePerson = defineEndpoint({
  name: 'refusePerson',
  method: 'POST',
  path: '/api/people/{id}/refuse',
  action: 'person.manage',
  summary: 'Refuse an account that waits',
  tag: people,
  params: one,
  response: PersonDetail,
  errors: ['not-found', 'conflict'],
});

export const lockPerson = defineEndpoint({
  name: 'lockPerson',
  method: 'POST',
  path: '/api/people/{id}/lock',
  action: 'person.manage',
  summary: 'Lock someone out; their sessions end at once',
  tag: people,
  params: one,
  response: PersonDetail,
  errors: ['not-found', 'conflict'],
});

export const makePersonLink = defineEndpoint({
  name: 'makePersonLink',
  method: 'POST',
  path: '/api/people/{id}/link',
  action: 'person.manage',
  summary: 'Make a link for a new password, or the invitation again',
  tag: people,
  params: one,
  response: MadeLink,
  errors: ['not-found', 'conflict'],
});

export const removePersonSecondFactor = defineEndpoint({
  name: 'removePersonSecondFactor',
  method: 'DELETE',
  path: '/api/people/{id}/second-factor',
  action: 'person.manage',
  summary: 'For someone who lost their second factor and the recovery codes; their sessions end',
  tag: people,
  params: one,
  errors: ['not-found'],
});

export const signPersonOut = defineEndpoint({
  name: 'signPersonOut',
  method: 'DELETE',
  path: '/api/people/{id}/sessions',
  action: 'person.manage',
  summary: 'Sign someone out everywhere',
  tag: people,
  params: one,
  errors: ['not-found'],
});
