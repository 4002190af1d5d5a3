import type { FieldProblem } from '@isocenter/contract';
import type { FastifyError } from 'fastify';
import { Problem } from './problem.ts';

/** What is safe to log of an error: texts of the database and of parsers can quote the values they met. */
export function describeFailure(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { failure: typeof error };
  const { code, constraint, table } = error as { code?: unknown; constraint?: unknown; table?: unknown };
  const quotesValues = typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code);
  return {
    failure: error.name,
    ...(code === undefined ? {} : { code }),
    ...(table === undefined ? {} : { table }),
    ...(constraint === undefined ? {} : { constraint }),
    ...(quotesValues ? {} : { message: error.message }),
    frames: error.stack
      ?.split('\n')
      .filter((line) => line.startsWith('    at '))
      .slice(0, 12),
  };
}

/**
 * The database can't be reached, is starting or stopping, or takes no more connections: SQLSTATE 08, 53300, 57P; the
 * codes of Node for its socket.
 */
const DATABASE_AWAY = new Set(['08000', '08001', '08003', '08006', '53300', '57P01', '57P02', '57P03', 'ECONNREFUSED']);

/** character_not_in_repertoire: NUL, which PostgreSQL can't hold, in a part of the address. */
const NO_TEXT = '22021';

/** Finds the catalogued problem for anything thrown in a request. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (!(error instanceof Error)) return new Problem('internal');
  const failure = error as FastifyError;
  if (failure.validation) return invalidRequest(failure);
  switch (failure.code) {
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new Problem('unsupported-media-type', { supported: [] });
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new Problem('payload-too-large', {});
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return new Problem('uri-too-long');
    case 'ENOSPC':
    case 'EDQUOT':
    case 'storage-full':
      return new Problem('storage-full');
    case 'storage-unavailable':
    case 'storage-denied':
    case 'storage-misconfigured':
      return new Problem('not-ready', { what: 'The object store' });
  }
  if (failure.code === NO_TEXT) return new Problem('malformed-request', {});
  if (DATABASE_AWAY.has(failure.code)) return new Problem('not-ready', { what: 'The database' });
  if (failure.code?.startsWith('FST_ERR_CTP_') || failure.code === 'FST_ERR_BAD_URL')
    return new Problem('malformed-request', {});
  switch (failure.statusCode) {
    case 400:
      return new Problem('malformed-request', {});
    case 404:
      return new Problem('not-found', { what: 'resource' });
    case 413:
      return new Problem('payload-too-large', {});
    case 415:
      return new Problem('unsupported-media-type', { supported: [] });
  }
  return new Problem('internal');
}

/** A raw route's JSON Schema refused the request. */
function invalidRequest({ validation = [], validationContext }: FastifyError): Problem {
  const part = validationContext === 'querystring' ? 'query' : (validationContext ?? 'request');
  const fields = validation.map(
    ({ instancePath, message }): FieldProblem => ({
      field: [part, ...instancePath.split('/').filter((step) => step !== '')].join('.'),
      problem: message ?? 'is not valid',
    }),
  );
  return new Problem('invalid-request', { fields });
}
