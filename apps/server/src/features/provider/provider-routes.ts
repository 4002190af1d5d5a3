import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Addresses } from '../../platform/http/index.ts';
import type { EmbeddedProvider } from './embedded-provider.ts';
import { SESSION_COOKIE } from './provider-settings.ts';

const PREFIX = '/oidc';

/** Everything that the provider answers itself. */
const routes: readonly (readonly [methods: ('GET' | 'POST')[], path: string])[] = [
  [['GET'], '/.well-known/openid-configuration'],
  [['GET'], '/jwks'],
  [['GET'], '/auth'],
  [['GET'], '/auth/:uid'],
  [['POST'], '/token'],
  [['POST'], '/token/revocation'],
  [['GET', 'POST'], '/userinfo'],
  [['POST'], '/device/auth'],
  [['GET', 'POST'], '/device'],
  [['GET'], '/device/:uid'],
  [['GET'], '/session/end'],
  [['POST'], '/session/end/confirm'],
  [['GET'], '/session/end/success'],
];

/** Steps of the device flow that follow others of the same browser. */
const goesOn = new Set(['POST /device', 'GET /device/:uid']);

/** Serves the embedded provider within the server. */
export function providerRoutes(app: FastifyInstance, embedded: EmbeddedProvider, addresses: Addresses): void {
  app.register(async (scope) => {
    // It reads bodies itself.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
    for (const [method, path] of routes) {
      scope.route({
        method,
        url: `${PREFIX}${path}`,
        exposeHeadRoute: false,
        config: { action: 'provider.use' },
        schema: { hide: true },
        handler: async (request, reply) => {
          // Without its cookie this can't go on from what began here, and the provider would stumble over it.
          if (goesOn.has(`${request.method} ${path}`) && !request.headers.cookie?.includes(`${SESSION_COOKIE}=`))
            return reply.redirect('/device', 303);
          const callback = (await embedded.provider()).callback();
          prepare(request, reply, addresses);
          reply.hijack();
          await callback(request.raw, reply.raw);
          return reply;
        },
      });
    }
  });
}

/** Tells the provider by which of our addresses it was reached, whatever the request says; and hands our headers on. */
function prepare(request: FastifyRequest, reply: FastifyReply, addresses: Addresses): void {
  const { raw } = request;
  const { host, protocol } = new URL(addresses.of(request));
  raw.headers['x-forwarded-host'] = host;
  raw.headers['x-forwarded-proto'] = protocol.slice(0, -1);
  raw.headers['x-forwarded-for'] = request.ip;
  for (const [name, value] of Object.entries(reply.getHeaders()))
    if (value !== undefined) reply.raw.setHeader(name, value);
  reply.raw.setHeader('cache-control', 'no-store');
  Object.assign(raw, { originalUrl: raw.url });
  raw.url = raw.url?.slice(PREFIX.length) || '/';
}
