import type { FastifyReply, FastifyRequest } from 'fastify';

/** Over TLS a browser keeps a cookie of such a name only from this host, for all of it: no neighbour can plant one. */
const nameFor = (name: string, request: FastifyRequest): string =>
  request.protocol === 'https' ? `__Host-${name}` : name;

export interface Cookie {
  read(request: FastifyRequest): string | undefined;
  /** Scripts never see it. */
  set(request: FastifyRequest, reply: FastifyReply, value: string, maxAgeSeconds: number): void;
  clear(request: FastifyRequest, reply: FastifyReply): void;
}

/** @param sameSite `Lax`: also sent when a link on another site leads here, as a provider's answer does. */
function cookie(base: string, sameSite: 'Strict' | 'Lax'): Cookie {
  const set: Cookie['set'] = (request, reply, value, maxAgeSeconds) => {
    const secure = request.protocol === 'https' ? '; Secure' : '';
    const name = nameFor(base, request);
    reply.header(
      'set-cookie',
      `${name}=${value}; Path=/; HttpOnly; SameSite=${sameSite}; Max-Age=${maxAgeSeconds}${secure}`,
    );
  };
  return {
    set,
    clear: (request, reply) => set(request, reply, '', 0),
    read(request) {
      const wanted = nameFor(base, request);
      for (const pair of request.headers.cookie?.split(';') ?? []) {
        const [name, value] = pair.trim().split('=', 2);
        if (name === wanted && value) return value;
      }
      return undefined;
    },
  };
}

/** Of a session. */
export const sessionCookie: Cookie = cookie('isocenter_session', 'Strict');
/** Of a sign-in under way at a provider, whose answer comes from another site. */
export const signInCookie: Cookie = cookie('isocenter_sign_in', 'Lax');
