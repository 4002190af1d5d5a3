import type { FastifyInstance } from 'fastify';

/**
 * Calls our own routes as if over the network, without one: a server behind a proxy can't always reach itself by the
 * address that others know it by.
 */
export const inProcessFetch =
  (app: () => FastifyInstance) =>
  async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init);
    const { origin, host, pathname, search } = new URL(request.url);
    const answer = await app().inject({
      method: request.method as 'GET' | 'POST',
      url: `${pathname}${search}`,
      headers: { ...Object.fromEntries(request.headers), host },
      authority: host,
      ...(request.body !== null && { payload: Buffer.from(await request.arrayBuffer()) }),
    });
    const headers = new Headers();
    for (const [name, value] of Object.entries(answer.headers))
      for (const each of [value ?? []].flat()) headers.append(name, String(each));
    const response = new Response([204, 304].includes(answer.statusCode) ? null : answer.rawPayload.slice(), {
      status: answer.statusCode,
      headers,
    });
    Object.defineProperty(response, 'url', { value: `${origin}${pathname}${search}` });
    return response;
  };
