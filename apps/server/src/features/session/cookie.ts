import type { FastifyReply, FastifyRequest } from 'fastify';

const NAME = 'isocenter_session';

/** The value of the session's cookie. */
export function readCookie({ headers }: FastifyRequest): string | undefined {
  for (const pair of headers.cookie?.split(';') ?? []) {
    const [name, value] = pair.trim().split('=', 2);
    if (name === NAME && value) return value;
  }
  return undefined;
}

/** Scripts never see it, other sites never send it. */
export function setCookie(request: FastifyRequest, reply: FastifyReply, value: string, maxAgeSeconds: number): void {
  const secure = request.protocol === 'https' ? '; Secure' : '';
  reply.header('set-cookie', `${NAME}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${maxAgeSeconds}${secure}`);
}

export const clearCookie = (request: FastifyRequest, reply: FastifyReply): void => setCookie(request, reply, '', 0);
