import type { LogObject } from '@isocenter/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Log } from '../../platform/log.ts';
import { actorOf, Once, type Tracer } from '../../platform/tracer/index.ts';
import { type ReadAction, readOf } from './traced-routes.ts';

/** A person who looks at a study makes hundreds of requests: so long they are one entry. */
const SPAN_MS = 10 * 60_000;

export interface TraceRequestsParts {
  readonly tracer: Tracer;
  readonly log: Log;
  /** Whether there is such a study, but not for this caller: then not finding it was a denial. */
  readonly isHidden: (request: FastifyRequest, studyUid: string) => Promise<boolean>;
  readonly projectOf: (request: FastifyRequest, studyUid: string) => Promise<string | undefined>;
}

/** Records what requests read and what they were denied. */
export class RequestTracing {
  readonly #parts: TraceRequestsParts;
  readonly #once = new Once({ spanMs: SPAN_MS });
  /** What is recorded after its answer. */
  readonly #after = new Set<Promise<unknown>>();

  constructor(parts: TraceRequestsParts) {
    this.#parts = parts;
  }

  /** Before any route is made. */
  install(app: FastifyInstance): void {
    app.addHook('onSend', async (request, reply, payload) => {
      try {
        await this.#beforeAnswer(request, reply);
      } catch (error) {
        // What can't be recorded isn't given out.
        (payload as { destroy?: () => void } | null)?.destroy?.();
        throw error;
      }
    });
    app.addHook('onResponse', async (request, reply) => this.#afterAnswer(request, reply));
  }

  /** When everything is written that answers left to write. */
  async settled(): Promise<void> {
    while (this.#after.size > 0) await Promise.allSettled(this.#after);
  }

  async #beforeAnswer(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    if (request.method !== 'GET' || reply.statusCode >= 400 || request.knownCaller === undefined) return;
    const action = readOf(request.routeOptions.url ?? '');
    if (typeof action !== 'string') return;
    if (action === 'study.export') await this.#export(request, reply);
    else await this.#read(request, action);
  }

  #read(request: FastifyRequest, action: Exclude<ReadAction, 'study.export'>): Promise<unknown> {
    const { caller } = request;
    // A viewer asks for every series: that is one look at the study.
    const objects = action === 'study.search' ? [] : objectsOf(request).slice(0, 1);
    return this.#once.do(JSON.stringify([caller.id, action, objects]), async () =>
      this.#parts.tracer.recordAlone({
        actor: actorOf(caller),
        action,
        objects,
        ...(await this.#project(request, objects)),
      }),
    );
  }

  async #project(request: FastifyRequest, [study]: readonly LogObject[]): Promise<{ project?: string }> {
    const project = study && (await this.#parts.projectOf(request, study.id));
    return project === undefined ? {} : { project };
  }

  async #export(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    // Who has it already takes nothing away.
    if (reply.statusCode === 304) return;
    const { tracer } = this.#parts;
    const actor = actorOf(request.caller);
    const objects = objectsOf(request);
    const about = { actor, objects, ...(await this.#project(request, objects)) };
    const began = await tracer.recordAlone({ ...about, action: 'study.export' });
    reply.raw.once('close', () => {
      const outcome = reply.raw.writableFinished ? 'done' : 'failed';
      this.#later(tracer.recordAlone({ ...about, action: 'study.export-end', began, outcome }));
    });
  }

  #afterAnswer(request: FastifyRequest, reply: FastifyReply): void {
    if (request.knownCaller === undefined) return;
    const [study] = objectsOf(request);
    if (reply.statusCode === 403) this.#later(this.#denied(request, []));
    else if (reply.statusCode === 404 && study !== undefined) this.#later(this.#hidden(request, study));
  }

  async #hidden(request: FastifyRequest, study: LogObject): Promise<void> {
    if (await this.#parts.isHidden(request, study.id)) await this.#denied(request, [study]);
  }

  #denied({ caller, routeOptions }: FastifyRequest, objects: readonly LogObject[]): Promise<unknown> {
    const permission = { kind: 'permission' as const, id: routeOptions.config.action ?? 'unknown' };
    const denied = [permission, ...objects];
    return this.#once.do(JSON.stringify([caller.id, 'access.deny', denied]), () =>
      this.#parts.tracer.recordAlone({
        actor: actorOf(caller),
        action: 'access.deny',
        objects: denied,
        outcome: 'denied',
      }),
    );
  }

  #later(work: Promise<unknown>): void {
    const guarded = work
      .catch((error: unknown) => this.#parts.log.error({ err: error }, 'an entry of the log could not be written'))
      .finally(() => this.#after.delete(guarded));
    this.#after.add(guarded);
  }
}

/** The study, and the series where the address names one. */
function objectsOf({ params, query }: FastifyRequest): LogObject[] {
  const { study, studyUid, series } = (params ?? {}) as Record<string, string | undefined>;
  const { studyUID } = (query ?? {}) as { studyUID?: unknown };
  const uid = study ?? studyUid ?? (typeof studyUID === 'string' ? studyUID : undefined);
  if (uid === undefined || !isUid(uid)) return [];
  return [
    { kind: 'study', id: uid },
    ...(series !== undefined && isUid(series) ? [{ kind: 'series' as const, id: series }] : []),
  ];
}

/** Anything else in an address names no study. */
const isUid = (text: string): boolean => /^[0-9.]{1,64}$/.test(text);
