import { z } from 'zod';
import { defineError, none } from './error-definition.ts';

const FieldProblem = z.strictObject({
  /** Where the value stands, such as `query.limit` or `body.items.0.name`. */
  field: z.string(),
  problem: z.string(),
});
export type FieldProblem = z.infer<typeof FieldProblem>;

const count = (n: number, word: string): string => `${n} ${word}${n === 1 ? '' : 's'}`;

/** Every error that the server can answer: its code is stable, its text may improve. */
export const errors = {
  'invalid-request': defineError({
    status: 400,
    title: 'The request is not valid',
    params: z.strictObject({ fields: z.array(FieldProblem) }),
    text: ({ fields }) => fields.map(({ field, problem }) => `${field}: ${problem}`).join('; '),
    remedy: 'Correct the named fields; /api/docs describes what each accepts.',
  }),
  'malformed-request': defineError({
    status: 400,
    title: 'The request could not be read',
    params: z.strictObject({ reason: z.string().optional() }),
    text: ({ reason }) => reason ?? 'It is not well-formed, or the body is not what its headers say.',
    remedy: 'Send a body that agrees with its Content-Type and Content-Length.',
  }),
  'not-authenticated': defineError({
    status: 401,
    title: 'Not signed in',
    params: none,
    text: () => 'This needs a known caller.',
    remedy: 'Sign in, or send a valid token as "Authorization: Bearer …".',
  }),
  'invalid-credentials': defineError({
    status: 401,
    title: 'The token is not valid',
    params: none,
    text: () => 'The token is unknown, is not meant for this server, or has expired.',
    remedy: 'Make a new one under your account, or by isocenter login.',
  }),
  'wrong-password': defineError({
    status: 401,
    title: 'This is not right',
    params: none,
    text: () => 'The e-mail address or the password is wrong.',
    remedy: 'Check both, or ask for a new password.',
  }),
  'wrong-code': defineError({
    status: 401,
    title: 'The code is not right',
    params: none,
    text: () => 'The code of the second factor is wrong, or was used already.',
    remedy: 'Wait for the next code, or use one of the recovery codes.',
  }),
  'sign-in-expired': defineError({
    status: 400,
    title: 'The sign-in took too long',
    params: none,
    text: () => 'This sign-in is not under way any more, or it began in another browser.',
    remedy: 'Begin again.',
  }),
  'sign-in-failed': defineError({
    status: 400,
    title: 'The sign-in failed',
    params: z.strictObject({ reason: z.string() }),
    text: ({ reason }) => `The identity provider did not say who you are: ${reason}.`,
    remedy: 'Begin again; if it stays, tell the administrator the request id.',
  }),
  'provider-away': defineError({
    status: 503,
    title: 'The identity provider does not answer',
    params: none,
    text: () => 'The identity provider can not be reached, or is not set up as it should be.',
    remedy: 'Try again later; administrators see the reason in the log.',
  }),
  'unknown-address': defineError({
    status: 400,
    title: 'Not at this address',
    params: none,
    text: () => 'People can not sign in at the address under which this server was reached.',
    remedy: 'Set ISOCENTER_PUBLIC_URL to the address that people use.',
  }),
  'email-unverified': defineError({
    status: 403,
    title: 'The e-mail address is not verified',
    params: none,
    text: () => 'Open the link that was sent to your e-mail address first.',
    remedy: 'Look for the message, also among unwanted mail; register again to get another.',
  }),
  'account-waiting': defineError({
    status: 403,
    title: 'The account waits for approval',
    params: none,
    text: () => 'An administrator has not decided on your account yet.',
    remedy: 'Wait for the decision, or ask the administrator.',
  }),
  'account-closed': defineError({
    status: 403,
    title: 'The account is closed',
    params: none,
    text: () => 'This account may not sign in.',
    remedy: 'Ask the administrator.',
  }),
  'account-exists': defineError({
    status: 409,
    title: 'The e-mail address belongs to another account',
    params: none,
    text: () => 'Someone has an account with this e-mail address, which is not linked to the identity provider.',
    remedy: 'Ask the administrator for an invitation.',
  }),
  'weak-password': defineError({
    status: 400,
    title: 'The password is too weak',
    params: z.strictObject({ why: z.enum(['length', 'guessable']) }),
    text: ({ why }) =>
      why === 'length'
        ? 'A password has at least 12 and at most 200 characters.'
        : 'The password is among those that are tried first: well-known ones, words, patterns, your own name.',
    remedy: 'Take several words that have nothing to do with each other.',
  }),
  'link-unusable': defineError({
    status: 404,
    title: 'The link does not work',
    params: none,
    text: () => 'The link was used already, has expired, or is not complete.',
    remedy: 'Ask for a new one.',
  }),
  'not-allowed': defineError({
    status: 403,
    title: 'Not allowed',
    params: z.strictObject({ action: z.string() }),
    text: ({ action }) => `None of your roles may do "${action}".`,
    remedy: 'Ask an administrator for a role that has this right.',
  }),
  'terms-not-accepted': defineError({
    status: 403,
    title: 'The terms of use are not accepted',
    params: none,
    text: () => 'There are terms of use, or a new version of them, that you have not accepted yet.',
    remedy: 'Read and accept them in the web application.',
  }),
  'second-factor-needed': defineError({
    status: 403,
    title: 'A second factor is needed',
    params: none,
    text: () => 'This node wants everyone with your roles to sign in with a second factor.',
    remedy: 'Set one up in the web application, under your account.',
  }),
  'cross-site-request': defineError({
    status: 403,
    title: 'Refused as a cross-site request',
    params: none,
    text: () => 'A change made with the session cookie must come from a page of this server.',
    remedy: 'Use the web application at its own address, or send a bearer token instead of the cookie.',
  }),
  'not-found': defineError({
    status: 404,
    title: 'Not found',
    params: z.strictObject({ what: z.string() }),
    text: ({ what }) => `There is no such ${what}.`,
    remedy: 'Check the address; it may have been deleted, or not be visible to you.',
  }),
  'no-such-frame': defineError({
    status: 404,
    title: 'No such frame',
    params: z.strictObject({ frame: z.number().int(), frames: z.number().int() }),
    text: ({ frame, frames }) =>
      frames === 0
        ? 'The instance has no pixel data.'
        : `There is no frame ${frame}: the instance has ${count(frames, 'frame')}.`,
    remedy: 'Ask for frames by their numbers, from 1 to as many as the instance has.',
  }),
  'method-not-allowed': defineError({
    status: 405,
    title: 'Method not allowed',
    params: z.strictObject({ method: z.string(), allowed: z.array(z.string()) }),
    text: ({ method, allowed }) => `${method} is not possible here, but ${allowed.join(', ')}.`,
    remedy: 'Use one of the allowed methods.',
  }),
  'not-acceptable': defineError({
    status: 406,
    title: 'No acceptable representation',
    params: z.strictObject({ reason: z.string(), available: z.array(z.string()) }),
    text: ({ reason }) => reason,
    remedy: 'Ask for one of the available media types in Accept.',
  }),
  conflict: defineError({
    status: 409,
    title: 'Conflict with the present state',
    params: z.strictObject({ reason: z.string() }),
    text: ({ reason }) => reason,
    remedy: 'Load the present state and try again.',
  }),
  'which-area': defineError({
    status: 409,
    title: 'It is not clear where this belongs',
    params: z.strictObject({ areas: z.array(z.number().int()) }),
    text: () => 'You store for several sites or projects.',
    remedy: 'Send to /areas/{area}/dicom-web; /api/me names the areas that are yours.',
  }),
  'payload-too-large': defineError({
    status: 413,
    title: 'The body is too large',
    params: z.strictObject({ limitBytes: z.number().int().optional() }),
    text: ({ limitBytes }) =>
      limitBytes === undefined
        ? 'The body is larger than allowed here.'
        : `At most ${count(limitBytes, 'byte')} are allowed here.`,
    remedy: 'Send less at once.',
  }),
  'uri-too-long': defineError({
    status: 414,
    title: 'The address is too long',
    params: none,
    text: () => 'A part of the address is longer than allowed.',
    remedy: 'Shorten the address.',
  }),
  'unsupported-media-type': defineError({
    status: 415,
    title: 'Unsupported media type',
    params: z.strictObject({ supported: z.array(z.string()) }),
    text: ({ supported }) =>
      supported.length === 0 ? 'This Content-Type is not accepted here.' : `Accepted here: ${supported.join(', ')}.`,
    remedy: 'Send a body of an accepted type and name it in Content-Type.',
  }),
  'range-not-satisfiable': defineError({
    status: 416,
    title: 'Range not satisfiable',
    params: z.strictObject({ size: z.number().int() }),
    text: ({ size }) => `The whole has ${count(size, 'byte')}.`,
    remedy: 'Ask for a range within the size.',
  }),
  'too-many-attempts': defineError({
    status: 429,
    title: 'Too many failed attempts',
    params: z.strictObject({ retryAfterSeconds: z.number().int() }),
    text: ({ retryAfterSeconds }) =>
      `There were too many wrong attempts. Try again in ${count(retryAfterSeconds, 'second')}.`,
    remedy: 'Wait, then try again.',
  }),
  'headers-too-large': defineError({
    status: 431,
    title: 'The headers are too large',
    params: none,
    text: () => 'The request has more headers than allowed.',
    remedy: 'Send fewer or shorter headers.',
  }),
  'request-timeout': defineError({
    status: 408,
    title: 'The request took too long',
    params: none,
    text: () => 'The request did not arrive in time.',
    remedy: 'Try again over a better connection, or send less at once.',
  }),
  internal: defineError({
    status: 500,
    title: 'Something went wrong here',
    params: none,
    text: () => 'The server failed to answer.',
    remedy: 'Try again; if it stays, tell the administrator the request id.',
  }),
  'worker-lost': defineError({
    status: 500,
    title: 'The worker was lost',
    params: none,
    text: () => 'The process that did this work ended before it was done, too often.',
    remedy: 'Look for its end in the log, give it more memory if that ran out, then begin the job again.',
  }),
  'not-implemented': defineError({
    status: 501,
    title: 'Not implemented',
    params: z.strictObject({ what: z.string() }),
    text: ({ what }) => `${what} is not implemented.`,
    remedy: 'See /api/docs for what is.',
  }),
  draining: defineError({
    status: 503,
    title: 'Shutting down',
    params: none,
    text: () => 'This server finishes its work and takes no new requests.',
    remedy: 'Try again shortly.',
  }),
  'not-ready': defineError({
    status: 503,
    title: 'Not ready',
    params: z.strictObject({ what: z.string() }),
    text: ({ what }) => `${what} is not available now.`,
    remedy: 'Try again shortly; /health/ready tells what is missing.',
  }),
  'storage-full': defineError({
    status: 507,
    title: 'The storage is full',
    params: none,
    text: () => 'There is no room left to store this.',
    remedy: 'Free space on the disk or bucket, then send again.',
  }),
};

export type Errors = typeof errors;
export type ErrorCode = keyof Errors;
export type ErrorParams<C extends ErrorCode> = z.input<Errors[C]['params']>;

export const ERROR_CODES = Object.keys(errors) as ErrorCode[];
export const ErrorCode = z.enum(ERROR_CODES);

/** Codes that need no parameters, so that raising them needs none either. */
export type PlainErrorCode = { [C in ErrorCode]: Record<never, never> extends ErrorParams<C> ? C : never }[ErrorCode];
