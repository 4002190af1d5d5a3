import { type EndpointDefinition, PROBLEM_MEDIA_TYPE, ProblemDocument } from '@isocenter/contract';
import { z } from 'zod';
import { ProblemError, UnexpectedAnswer, Unreachable } from './errors.ts';

export interface ClientOptions {
  /** Where the server is; in a browser the page's own address. */
  readonly baseUrl: string;
  /** A bearer token; in a browser the session's cookie serves instead. */
  readonly token?: string;
  /** Instead of the global one. */
  readonly fetch?: (input: URL, init: RequestInit) => Promise<Response>;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
}

interface Arguments {
  readonly params?: Readonly<Record<string, unknown>> | undefined;
  readonly query?: Readonly<Record<string, unknown>> | undefined;
  readonly body?: unknown;
}

/** A request to any path of the server, with the client's credentials; throws for what is not OK. */
export async function send(
  options: ClientOptions,
  path: string,
  init: RequestInit,
  accepted: readonly number[] = [],
): Promise<Response> {
  const url = new URL(path, options.baseUrl);
  const headers = new Headers(init.headers);
  if (options.token !== undefined) headers.set('authorization', `Bearer ${options.token}`);
  let response: Response;
  try {
    response = await (options.fetch ?? fetch)(url, { ...init, headers });
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new Unreachable(url.origin, error);
  }
  if (!response.ok && !accepted.includes(response.status)) throw await refusal(response);
  return response;
}

/** Calls an operation of the contract; what comes back is parsed. */
export async function call(
  options: ClientOptions,
  definition: EndpointDefinition,
  { params, query, body }: Arguments,
  { signal }: CallOptions,
): Promise<unknown> {
  const { method, response: schema, otherStatuses } = definition;
  const init: RequestInit = {
    method,
    headers: { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  };
  const response = await send(options, addressOf(definition, params, query), init, otherStatuses);
  if (schema === undefined) return undefined;
  const parsed = schema.safeParse(await readJson(response));
  if (!parsed.success) throw new UnexpectedAnswer(response.status, `not as ${definition.name} is described`);
  return parsed.data;
}

/** Path and query of an operation. */
export function addressOf(
  { path }: Pick<EndpointDefinition, 'path'>,
  params: Readonly<Record<string, unknown>> = {},
  query: Readonly<Record<string, unknown>> = {},
): string {
  const filled = path.replace(/\{(\w+)\}/g, (_match, name: string) => encodeURIComponent(String(params[name])));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const each of [value].flat()) {
      if (each !== undefined) search.append(name, String(each));
    }
  }
  return search.size === 0 ? filled : `${filled}?${search}`;
}

const AnyProblem = ProblemDocument.extend({ code: z.string() });

async function refusal(response: Response): Promise<Error> {
  const type = response.headers.get('content-type') ?? 'nothing';
  if (!type.startsWith(PROBLEM_MEDIA_TYPE)) {
    await response.body?.cancel();
    return new UnexpectedAnswer(response.status, `and not with a problem but ${type}`);
  }
  const problem = AnyProblem.safeParse(await readJson(response));
  return problem.success
    ? new ProblemError(problem.data)
    : new UnexpectedAnswer(response.status, 'with a problem that can not be read');
}

async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    throw new UnexpectedAnswer(response.status, 'with no JSON');
  }
}
