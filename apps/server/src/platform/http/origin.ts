import type { FastifyRequest } from 'fastify';

const defaultPorts: Readonly<Record<string, number>> = { http: 80, https: 443 };

/** By each of these a relay makes itself known. */
const relays = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip'];

/**
 * Scheme, name and port by which the caller reaches this server, for addresses in answers. Some clients leave the port
 * out of Host (Python's dicomweb-client), which then says another one (RFC 9110 7.2): unless a relay stands between, it
 * is the one that the connection came to.
 */
export function originOf(request: FastifyRequest): string {
  const { protocol, host, socket, headers } = request;
  const origin = `${protocol}://${host}`;
  const { localPort } = socket;
  const isStated = /:\d+$/.test(host);
  const isRelayed = relays.some((name) => headers[name] !== undefined);
  if (isStated || isRelayed || localPort === undefined || localPort === defaultPorts[protocol]) return origin;
  return `${origin}:${localPort}`;
}
