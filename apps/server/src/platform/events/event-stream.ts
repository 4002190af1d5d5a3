import { maySee, RESET_EVENT } from '@isocenter/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../http/index.ts';
import type { StoredEvent } from './event-store.ts';
import type { Events } from './events.ts';

/** Proxies close what is silent for a minute. */
const BEAT_MS = 15_000;

/** After this the client comes back and its right to listen is asked for anew. */
const LIFETIME_MS = 15 * 60_000;

/** A client that takes nothing while so much waits for it is cut off; it resumes by Last-Event-ID. */
const BUFFER_BYTES = 256 * 1024;

const RETRY_MS = 2000;

export interface StreamLimits {
  readonly beatMs?: number;
  readonly lifetimeMs?: number;
  readonly bufferBytes?: number;
}

/** `GET /api/events`: server-sent events of all that the caller may see. */
export function serveEvents(app: FastifyInstance, events: Events, limits: StreamLimits = {}): void {
  app.get(
    '/api/events',
    {
      config: { action: 'event.read' },
      // An answer without a body would still be endless.
      exposeHeadRoute: false,
      schema: {
        summary: 'Live events (server-sent events)',
        description: 'Resumes after the event named in `Last-Event-ID`. docs/reference/events.md lists the events.',
        tags: ['Events'],
        response: {
          200: { description: 'An endless stream', content: { 'text/event-stream': { schema: { type: 'string' } } } },
        },
      },
    },
    async (request, reply) => {
      const stream = new EventStream(request, reply, limits);
      const end = events.subscribe((stored) => stream.offer(stored));
      stream.onClose(end);
      app.draining.addEventListener('abort', stream.end, { once: true });
      stream.onClose(() => app.draining.removeEventListener('abort', stream.end));
      const last = lastEventId(request);
      // Those that are published meanwhile wait in the stream, so none is lost between the two.
      stream.begin(last === undefined ? [] : await events.since(last));
    },
  );
}

class EventStream {
  readonly #caller: Caller;
  readonly #reply: FastifyReply;
  readonly #bufferBytes: number;
  readonly #closers: (() => void)[] = [];
  #waiting: StoredEvent[] | undefined = [];

  constructor(request: FastifyRequest, reply: FastifyReply, limits: StreamLimits) {
    this.#caller = request.caller;
    this.#reply = reply;
    this.#bufferBytes = limits.bufferBytes ?? BUFFER_BYTES;
    const beat = setInterval(() => this.#write(': beat\n\n'), limits.beatMs ?? BEAT_MS);
    const life = setTimeout(this.end, limits.lifetimeMs ?? LIFETIME_MS);
    this.onClose(() => clearInterval(beat));
    this.onClose(() => clearTimeout(life));
    reply.raw.once('close', () => {
      for (const close of this.#closers.splice(0)) close();
    });
  }

  onClose(close: () => void): void {
    this.#closers.push(close);
  }

  /** Answers the request with what the client missed; undefined when that is not known any more. */
  begin(missed: readonly StoredEvent[] | undefined): void {
    const { raw } = this.#reply;
    this.#reply.hijack();
    raw.writeHead(200, {
      ...(this.#reply.getHeaders() as Record<string, string>),
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      // nginx would keep events back until its buffer is full.
      'x-accel-buffering': 'no',
    });
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    this.#write(`retry: ${RETRY_MS}\n\n`);
    if (missed === undefined) this.#write(`event: ${RESET_EVENT}\ndata: {}\n\n`);
    const sent = new Set(missed?.map(({ id }) => id));
    for (const stored of [...(missed ?? []), ...waiting.filter(({ id }) => !sent.has(id))]) this.offer(stored);
  }

  offer(stored: StoredEvent): void {
    if (this.#waiting !== undefined) {
      this.#waiting.push(stored);
      return;
    }
    const { id, event, callerId } = stored;
    if (callerId !== undefined && callerId !== this.#caller.id) return;
    if (!maySee(this.#caller, event)) return;
    this.#write(`id: ${id}\nevent: ${event.type}\ndata: ${JSON.stringify(event.data)}\n\n`);
  }

  readonly end = (): void => {
    this.#reply.raw.end();
  };

  #write(text: string): void {
    const { raw } = this.#reply;
    if (this.#waiting !== undefined || raw.writableEnded || raw.destroyed) return;
    if (raw.writableLength > this.#bufferBytes) raw.destroy();
    else raw.write(text);
  }
}

function lastEventId({ headers }: FastifyRequest): number | undefined {
  const given = headers['last-event-id'];
  return typeof given === 'string' && /^\d{1,15}$/.test(given) ? Number(given) : undefined;
}
