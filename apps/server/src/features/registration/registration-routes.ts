import { lookAtLink, register, requestPasswordReset, useLink } from '@isocenter/contract';
import type { FastifyInstance } from 'fastify';
import { endpoint, requireSameSite } from '../../platform/http/index.ts';
import { admissionRoutes } from './admission-routes.ts';
import { isEmbedded, type RegistrationParts } from './parts.ts';
import { forgetPassword, registerPerson } from './register.ts';
import { findLink, followLink } from './use-link.ts';

/** How accounts come about: asked for, invited, approved. */
export function registrationRoutes(app: FastifyInstance, parts: RegistrationParts): void {
  endpoint(app, register, ({ body }, { request }) => registerPerson(parts, body, request.ip));
  endpoint(app, requestPasswordReset, ({ body: { email } }, { request }) => forgetPassword(parts, email, request.ip));
  endpoint(app, lookAtLink, async ({ body: { key } }, { request }) => {
    const { link, name, email } = await findLink(parts, key, request.ip);
    return { kind: link.kind, name, email, asks: isEmbedded(parts) ? ('password' as const) : ('sign-in' as const) };
  });
  endpoint(app, useLink, ({ body }, { request, reply }) => {
    requireSameSite(request);
    return followLink(parts, body, request, reply);
  });
  admissionRoutes(app, parts);
}
