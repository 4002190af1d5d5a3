import type { ErrorCode } from '@isocenter/contract';
import fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyServerOptions,
  LogController,
} from 'fastify';
import { guardRoutes } from './access.ts';
import type { Authenticator } from './caller.ts';
import { compressAnswers } from './compression.ts';
import { answerConnectionFailure } from './connection-failure.ts';
import { allowOrigins } from './cors.ts';
import { serveDocs } from './docs.ts';
import { refuseWhileDraining } from './drain.ts';
import { describeFailure, problemOf } from './failure.ts';
import { answerNotFound } from './not-found.ts';
import { Problem } from './problem.ts';
import { requestIdOf } from './request-id.ts';
import { logRequests } from './request-log.ts';
import { collectRoutes } from './route-table.ts';
import { secureAnswers } from './security-headers.ts';
import { sendProblem } from './send-problem.ts';
import { serveWeb } from './web.ts';

export interface AppOptions {
  readonly log: FastifyBaseLogger;
  readonly authenticators: readonly Authenticator[];
  readonly version: string;
  /** Origins whose pages may call with a bearer token; `*` for any. */
  readonly corsOrigins?: readonly string[];
  /** Addresses of proxies whose `X-Forwarded-*` are believed, or true for any. */
  readonly trustProxy?: boolean | readonly string[];
  /** The built web application. */
  readonly webRoot?: string;
  /** Told of every error that is answered. */
  readonly onProblem?: (code: ErrorCode) => void;
  /** Adds hooks that are to run for every route, before any is made. */
  readonly setUp?: (app: FastifyInstance) => void;
}

/** JSON bodies; DICOM is streamed and has its own limits. */
const BODY_LIMIT_BYTES = 1_048_576;

/** A list of some thousand frame numbers fits; Node allows 16 KiB for all the headers. */
const MAX_PARAM_LENGTH = 8192;

/** A connection on which nothing moves for so long is given up; event streams beat more often. */
const IDLE_TIMEOUT_MS = 120_000;

/** The HTTP application without its features: they add their routes before `ready()`. */
export async function createApp(options: AppOptions): Promise<FastifyInstance> {
  const app = fastify(serverOptions(options));
  collectRoutes(app);
  options.setUp?.(app);
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  logRequests(app);
  secureAnswers(app);
  refuseWhileDraining(app);
  allowOrigins(app, options.corsOrigins ?? []);
  guardRoutes(app, options.authenticators);
  app.setErrorHandler((error, request, reply) => {
    // Of a sender that goes away amid its body, the log tells already; nobody is there to read the answer.
    const problem = error === request.raw.errored ? new Problem('malformed-request', {}) : problemOf(error);
    options.onProblem?.(problem.code);
    if (problem.status >= 500 && problem !== error) request.log.error(describeFailure(error), 'a request failed');
    return sendProblem(request, reply, problem);
  });
  answerNotFound(app);
  await compressAnswers(app);
  await serveDocs(app, options.version);
  if (options.webRoot !== undefined) await serveWeb(app, options.webRoot);
  return app;
}

function serverOptions({ log, trustProxy = false }: AppOptions): FastifyServerOptions {
  return {
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    requestIdHeader: false,
    genReqId: requestIdOf,
    trustProxy: typeof trustProxy === 'boolean' ? trustProxy : [...trustProxy],
    bodyLimit: BODY_LIMIT_BYTES,
    connectionTimeout: IDLE_TIMEOUT_MS,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    ajv: { customOptions: { removeAdditional: false, coerceTypes: 'array', strict: false } },
    clientErrorHandler: answerConnectionFailure,
    frameworkErrors: (error, request, reply) => sendProblem(request, reply, problemOf(error)),
  };
}
