import { getInteraction, signInHere } from '@isocenter/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { errors } from 'oidc-provider';
import { endpoint, Problem, requireSameSite } from '../../platform/http/index.ts';
import { type CheckParts, checkSignIn } from '../accounts/index.ts';
import type { EmbeddedProvider } from './embedded-provider.ts';

/**
 * What the sign-in page of the embedded provider works with. An interaction belongs to the browser in which it began: its
 * cookie goes to these addresses only.
 */
export function interactionRoutes(app: FastifyInstance, embedded: EmbeddedProvider, check: CheckParts): void {
  app.get(
    '/oidc/interaction/:uid',
    { exposeHeadRoute: false, config: { action: 'session.create' }, schema: { hide: true } },
    async (request, reply) => {
      const { uid } = request.params as { uid: string };
      return reply.redirect(`/sign-in?interaction=${encodeURIComponent(uid)}`, 303);
    },
  );

  endpoint(app, getInteraction, async (_input, { request, reply }) => {
    const { details } = await begun(embedded, request, reply);
    const hint = details.params.login_hint;
    return { client: String(details.params.client_id), email: typeof hint === 'string' ? hint : null };
  });

  endpoint(app, signInHere, async ({ body }, { request, reply }) => {
    // Signing someone in as somebody else is also a change that another site could ask for.
    requireSameSite(request);
    const { provider, details } = await begun(embedded, request, reply);
    if (details.prompt.name !== 'login') throw new Problem('sign-in-expired');
    const outcome = await checkSignIn(check, { ...body, address: request.ip });
    if (outcome.kind === 'code-needed') return outcome;
    const login = {
      accountId: outcome.person,
      remember: false,
      amr: outcome.secondFactor ? ['pwd', 'otp', 'mfa'] : ['pwd'],
    };
    const next = await provider.interactionResult(
      request.raw,
      reply.raw,
      { login },
      { mergeWithLastSubmission: false },
    );
    return { kind: 'known' as const, continue: next };
  });
}

async function begun(embedded: EmbeddedProvider, request: FastifyRequest, reply: FastifyReply) {
  const provider = await embedded.provider();
  try {
    const details = await provider.interactionDetails(request.raw, reply.raw);
    if (details.uid !== (request.params as { uid: string }).uid) throw new Problem('sign-in-expired');
    return { provider, details };
  } catch (error) {
    if (error instanceof errors.SessionNotFound) throw new Problem('sign-in-expired');
    throw error;
  }
}
