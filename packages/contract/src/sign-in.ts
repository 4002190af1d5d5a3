import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { PersonId } from './ids.ts';
import { email } from './label.ts';
import { Role } from './roles.ts';

export const MIN_PASSWORD_LENGTH = 12;
export const MAX_PASSWORD_LENGTH = 200;

/** As it is shown to be known; the rules for choosing one are the server's. */
export const password = z.string().min(1).max(MAX_PASSWORD_LENGTH);

/** The secret part of an address that works once. It stands after the # and so reaches no server and no log by itself. */
export const linkKey = z.string().regex(/^[\w-]{20,100}$/, 'is not the key of a link');

export const SignInOffer = z
  .object({
    provider: z.enum(['embedded', 'external']).describe('Whose page asks for the password'),
    providerName: z.string().describe('What people call an external one'),
    registration: z.boolean().describe('Whether people can ask for an account'),
    mail: z.boolean().describe('Whether this server can send e-mail'),
    demo: z
      .array(z.object({ id: PersonId, name: z.string(), role: Role }))
      .describe('People of the demo, who sign in by one click; empty everywhere else'),
    programs: z
      .object({
        issuer: z.string(),
        clientId: z.string().nullable().describe('The public client of `isocenter login`'),
        audience: z.string().describe('What an access token must be for'),
      })
      .describe('How programs get access tokens'),
  })
  .meta({ id: 'SignInOffer' });
export type SignInOffer = z.infer<typeof SignInOffer>;

const tag = 'Signing in';

export const getSignInOffer = defineEndpoint({
  name: 'getSignInOffer',
  method: 'GET',
  path: '/api/sign-in',
  action: 'session.create',
  summary: 'What the sign-in page offers',
  tag,
  response: SignInOffer,
});

/** Served in the demo only. */
export const signInAsDemoPerson = defineEndpoint({
  name: 'signInAsDemoPerson',
  method: 'POST',
  path: '/api/session/demo',
  action: 'session.create',
  summary: 'Sign in as a person of the demo',
  tag,
  body: z.strictObject({ id: PersonId }),
  errors: ['not-found', 'cross-site-request'],
});

/** What the embedded provider's own pages ask and are told. */
export const interaction = z.strictObject({ uid: z.string().regex(/^[\w-]{10,100}$/) });

export const getInteraction = defineEndpoint({
  name: 'getInteraction',
  method: 'GET',
  path: '/oidc/interaction/{uid}/details',
  action: 'session.create',
  summary: 'For whom the embedded provider asks who is there',
  tag,
  params: interaction,
  response: z.object({ client: z.string(), email: z.string().nullable().describe('Who is expected') }),
  errors: ['sign-in-expired'],
});

export const signInHere = defineEndpoint({
  name: 'signInHere',
  method: 'POST',
  path: '/oidc/interaction/{uid}/sign-in',
  action: 'session.create',
  summary: 'Show the embedded provider who one is',
  tag,
  params: interaction,
  body: z.strictObject({ email, password, code: z.string().trim().min(6).max(40).optional() }),
  response: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('code-needed') }),
    z.object({ kind: z.literal('known'), continue: z.string().describe('The address to go on to') }),
  ]),
  errors: [
    'sign-in-expired',
    'wrong-password',
    'wrong-code',
    'email-unverified',
    'account-waiting',
    'account-closed',
    'too-many-attempts',
    'cross-site-request',
  ],
});
