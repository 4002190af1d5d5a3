import { type Logger, pino } from 'pino';
import pretty from 'pino-pretty';
import type { Config } from './config.ts';

export type Log = Logger;

/**
 * Paths that are never written, wherever a caller may have put them. Headers and connection settings carry secrets; the
 * DICOM ones are where patient data would be if someone logged a data set by mistake.
 */
const redacted = [
  'authorization',
  'cookie',
  'password',
  'token',
  'secret',
  'secretAccessKey',
  'accessKeyId',
  'bootstrapToken',
  'databaseUrl',
  'connectionString',
  'patientName',
  'patientId',
  'patientBirthDate',
  'accessionNumber',
  'dataSet',
].flatMap((name) => [name, `*.${name}`, `*.*.${name}`, `*.*.*.${name}`]);

/** The program's log: JSON lines on standard output, or lines for people on a terminal. */
export function createLog(config: Pick<Config, 'logLevel' | 'logFormat'>): Log {
  const options = {
    level: config.logLevel,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: {
      paths: [...redacted, 'req.headers.authorization', 'req.headers.cookie', 'res.headers["set-cookie"]'],
      censor: '[redacted]',
    },
    serializers: { err: describeError, error: describeError },
  };
  return config.logFormat === 'pretty'
    ? pino(options, pretty({ colorize: true, translateTime: 'SYS:HH:MM:ss.l', ignore: 'pid,hostname', sync: true }))
    : pino(options);
}

/** A log that keeps nothing: for tools and tests. */
export const silentLog = (): Log => pino({ level: 'silent' });

/**
 * What of an error is written: not its own properties, because those of PostgreSQL (`detail`, `where`, `parameters`)
 * and of HTTP clients hold the values of a request.
 */
function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: String(error) };
  const { code } = error as { code?: unknown };
  return {
    type: error.name,
    message: error.message,
    stack: error.stack,
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  };
}
