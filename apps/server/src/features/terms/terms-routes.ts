import { acceptTerms, getTerms, publishTerms } from '@isocenter/contract';
import type { FastifyInstance } from 'fastify';
import { endpoint, Problem } from '../../platform/http/index.ts';
import type { Services } from '../../platform/services.ts';
import { actorOf } from '../../platform/tracer/index.ts';
import { personOf, rightsChanged } from '../directory/index.ts';
import * as store from './terms-store.ts';

/** Terms of use: what everyone accepts before they go on. */
export function termsRoutes(app: FastifyInstance, { database, tracer }: Pick<Services, 'database' | 'tracer'>): void {
  endpoint(app, getTerms, async () => ({ terms: (await store.selectTerms(database.db)) ?? null }));

  endpoint(app, publishTerms, ({ body: { text } }, { request }) =>
    database.transaction(async (tx) => {
      const terms = await store.insertTerms(tx, text);
      const objects = [{ kind: 'terms' as const, id: String(terms.version) }];
      await tracer.record(tx, { actor: actorOf(request.caller), action: 'terms.publish', objects });
      await rightsChanged(tx, 'everyone');
      return terms;
    }),
  );

  endpoint(app, acceptTerms, async ({ body: { version } }, { request }) => {
    const person = personOf(request.caller);
    await database.transaction(async (tx) => {
      // What was read is what is accepted: a version that came meanwhile has to be read first.
      if ((await store.selectTerms(tx))?.version !== version)
        throw new Problem('conflict', { reason: 'There is a newer version of the terms of use; read that one.' });
      if (!(await store.insertAcceptance(tx, person, version))) return;
      const objects = [{ kind: 'terms' as const, id: String(version) }];
      await tracer.record(tx, { actor: actorOf(request.caller), action: 'terms.accept', objects });
      await rightsChanged(tx, person);
    });
  });
}
