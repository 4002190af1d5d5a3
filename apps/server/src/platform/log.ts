import type { Writable } from 'node:stream';
import { type DestinationStream, type Logger, pino } from 'pino';
import pretty from 'pino-pretty';
import type { Config } from './config.ts';

export type Log = Logger;

/**
 * Names whose values are never written, wherever they hang. Headers and connection settings carry secrets; the DICOM ones
 * are where patient data would be if someone logged a data set by mistake.
 */
const redacted: ReadonlySet<string> = new Set([
  'authorization',
  'cookie',
  'set-cookie',
  'password',
  'token',
  'bootstrapToken',
  'secret',
  'secretAccessKey',
  'accessKeyId',
  'databaseUrl',
  'connectionString',
  'patientName',
  'patientId',
  'patientBirthDate',
  'accessionNumber',
  'dataSet',
]);

/** Below this depth nothing is written: what nests deeper was not meant for a log. */
const maxDepth = 5;

/** pino's own redaction looks up every path in every line, which costs ten times as much. */
function redact(object: Record<string, unknown>, depth = 0): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(object)) {
    if (redacted.has(name)) kept[name] = '[redacted]';
    else if (isPlain(value)) kept[name] = depth < maxDepth ? redact(value, depth + 1) : '[…]';
    else
      kept[name] = Array.isArray(value) ? value.map((item) => (isPlain(item) ? redact(item, depth + 1) : item)) : value;
  }
  return kept;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** The program's log: JSON lines on standard output, or lines for people on a terminal. */
export function createLog(config: Pick<Config, 'logLevel' | 'logFormat'>, to?: Writable): Log {
  const options = {
    level: config.logLevel,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }), log: redact },
    serializers: { err: describeError, error: describeError },
  };
  return config.logFormat === 'pretty'
    ? pino(
        options,
        pretty({
          colorize: true,
          translateTime: 'SYS:HH:MM:ss.l',
          ignore: 'pid,hostname',
          singleLine: true,
          sync: true,
        }),
      )
    : pino(options, to ?? standardOutput());
}

/** How long a line may wait for others. */
const GATHER_MS = 100;

/** A line for each request would be a write for each request: they are written together. At the end nothing is left out. */
function standardOutput(): DestinationStream {
  const destination = pino.destination({ fd: 1, sync: false, minLength: 8 * 1024 });
  setInterval(() => destination.flush(), GATHER_MS).unref();
  return destination;
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
