import { type Event, parseEvent, RESET_EVENT } from '@isocenter/contract';
import { type ClientOptions, send } from './call.ts';
import { ProblemError } from './errors.ts';
import { EventStreamParser } from './event-stream.ts';

/** What a follower hears: events, and `reset` when too much was missed and everything is to be loaded anew. */
export type Heard = Event | { readonly type: typeof RESET_EVENT };

export interface FollowOptions {
  /** Ends the following. */
  readonly signal: AbortSignal;
  /** Told when the connection stands and when it is lost. */
  readonly onState?: (state: 'open' | 'lost') => void;
}

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30_000;

/**
 * Follows the server's events over lost connections, each event at least once, until the signal. Throws only when the
 * server refuses (401, 403).
 */
export async function* followEvents(
  options: ClientOptions,
  { signal, onState }: FollowOptions,
): AsyncGenerator<Heard, void> {
  const parser = { lastId: '', retryMs: FIRST_WAIT_MS };
  let failures = 0;
  while (!signal.aborted) {
    try {
      const response = await open(options, parser.lastId, signal);
      onState?.('open');
      failures = 0;
      yield* read(response, parser);
    } catch (error) {
      if (error instanceof ProblemError && error.status < 500) throw error;
    }
    if (signal.aborted) return;
    onState?.('lost');
    await wait(Math.min(parser.retryMs * 2 ** failures, LONGEST_WAIT_MS), signal);
    failures += 1;
  }
}

function open(options: ClientOptions, lastId: string, signal: AbortSignal): Promise<Response> {
  const headers = { accept: 'text/event-stream', ...(lastId === '' ? {} : { 'last-event-id': lastId }) };
  return send(options, '/api/events', { headers, signal });
}

async function* read(response: Response, state: { lastId: string; retryMs: number }): AsyncGenerator<Heard, void> {
  if (response.body === null) return;
  const parser = new EventStreamParser();
  const decoder = new TextDecoder();
  const reader = response.body.getReader();
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      for (const message of parser.push(decoder.decode(value, { stream: true }))) {
        const heard = understand(message.type, message.data);
        if (heard !== undefined) yield heard;
        // Only now is it known that the follower got it.
        if (message.id !== '') state.lastId = message.id;
      }
      state.retryMs = parser.retryMs ?? state.retryMs;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

function understand(type: string, data: string): Heard | undefined {
  if (type === RESET_EVENT) return { type: RESET_EVENT };
  try {
    return parseEvent(type, JSON.parse(data));
  } catch {
    return undefined;
  }
}

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}
