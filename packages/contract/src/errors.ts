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
    text: () => 'The token is unknown or has expired.',
    remedy: 'Check the token: the server takes the one in ISOCENTER_BOOTSTRAP_TOKEN.',
  }),
  'not-allowed': defineError({
    status: 403,
    title: 'Not allowed',
    params: z.strictObject({ action: z.string() }),
    text: ({ action }) => `None of your roles may do "${action}".`,
    remedy: 'Ask an administrator for a role that has this right.',
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
      `Too many wrong tokens came from your address. Try again in ${count(retryAfterSeconds, 'second')}.`,
    remedy: 'Wait, then use the right token.',
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
