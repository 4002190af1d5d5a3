import { Problem, problemOf } from '../../api/problem.ts';
import { createStore } from '../../parts/store.ts';

/** What happened to an image that could not be shown as it is stored. */
export interface Trouble {
  /** Shown as the server rendered it, since this browser's decoders can't; or not shown at all. */
  readonly kind: 'rendered' | 'failed';
  readonly reason: string;
  readonly requestId: string | null;
}

/** By image id; replaced as a whole with every change. */
export const troubles = createStore<ReadonlyMap<string, Trouble>>(new Map());

export function noteTrouble(imageId: string, trouble: Trouble): void {
  troubles.set(new Map([...troubles.get(), [imageId, trouble]]));
}

export function forgetTrouble(imageId: string): void {
  const next = new Map(troubles.get());
  if (next.delete(imageId)) troubles.set(next);
}

/** Errors that the page tells of itself. Cornerstone's cache throws them once more where nobody can catch them. */
const told = new WeakSet<object>();

export function noteTold(error: unknown): void {
  if (typeof error === 'object' && error !== null) told.add(error);
}

export function isTold(error: unknown): boolean {
  return typeof error === 'object' && error !== null && told.has(error);
}

/** Makes words out of what the loader threw: an error, or the request that was refused. */
export function reasonOf(error: unknown): Pick<Trouble, 'reason' | 'requestId'> {
  if (error instanceof XMLHttpRequest) return reasonOfRequest(error);
  const problem = problemOf(error);
  if (problem) return { reason: problem.detail || problem.title, requestId: problem.requestId };
  if (error instanceof Error) return { reason: error.message, requestId: null };
  if (typeof error === 'object' && error !== null && 'error' in error) return reasonOf(error.error);
  return { reason: typeof error === 'string' ? error : '', requestId: null };
}

function reasonOfRequest(request: XMLHttpRequest): Pick<Trouble, 'reason' | 'requestId'> {
  if (request.status === 0) return { reason: '', requestId: null };
  const body =
    request.responseType === 'arraybuffer' && request.response instanceof ArrayBuffer
      ? new TextDecoder().decode(request.response)
      : '';
  const problem = Problem.from(request.status, body, request.getResponseHeader('x-request-id'));
  return { reason: problem.detail || problem.title || `HTTP ${request.status}`, requestId: problem.requestId };
}
