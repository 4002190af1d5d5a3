import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';

export const Terms = z
  .object({
    version: z.int().positive(),
    text: z.string().describe('Paragraphs, with an empty line between them'),
    publishedAt: z.iso.datetime(),
  })
  .meta({ id: 'Terms' });
export type Terms = z.infer<typeof Terms>;

const tag = 'Terms of use';

export const getTerms = defineEndpoint({
  name: 'getTerms',
  method: 'GET',
  path: '/api/terms',
  action: 'terms.read',
  summary: 'The current terms of use; null when there are none',
  tag,
  response: z.object({ terms: Terms.nullable() }),
});

export const publishTerms = defineEndpoint({
  name: 'publishTerms',
  method: 'POST',
  path: '/api/terms',
  action: 'terms.manage',
  summary: 'Publish a new version: everyone has to accept it before they go on',
  tag,
  body: z.strictObject({ text: z.string().trim().min(1).max(100_000) }),
  response: Terms,
  status: 201,
});

export const acceptTerms = defineEndpoint({
  name: 'acceptTerms',
  method: 'POST',
  path: '/api/terms/acceptance',
  action: 'terms.accept',
  summary: 'Accept the current version',
  tag,
  body: z.strictObject({ version: z.int().positive() }),
  errors: ['conflict'],
});
