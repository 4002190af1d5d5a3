import { defineEndpoint, repeated, wholeNumber } from '@isocenter/contract';
import type { FastifyInstance } from 'fastify';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { endpoint } from './index.ts';
import { asAdministrator, testApp } from './test/test-app.ts';

let app: FastifyInstance;
afterEach(async () => {
  await app?.close();
});

const greet = defineEndpoint({
  name: 'greet',
  method: 'POST',
  path: '/api/greetings/{name}',
  action: 'job.manage',
  summary: 'Greet',
  tag: 'Test',
  params: z.strictObject({ name: z.string().max(5) }),
  query: z.strictObject({ times: wholeNumber(1, 3).default(1), word: repeated(z.enum(['hello', 'hi'])) }),
  body: z.strictObject({ loud: z.boolean() }),
  response: z.object({ text: z.string() }),
  status: 201,
});

const send = (url: string, payload: unknown) =>
  app.inject({
    method: 'POST',
    url,
    payload: JSON.stringify(payload),
    headers: { ...asAdministrator, 'content-type': 'application/json' },
  });

test('[OPS-6] an endpoint gets parsed values and answers nothing that its response does not name', async () => {
  app = await testApp();
  endpoint(app, greet, ({ params, query, body }) => {
    const text = `${query.word.join(' ')} ${params.name}`.repeat(query.times);
    return { text: body.loud ? text.toUpperCase() : text, password: 'secret' };
  });
  const answer = await send('/api/greetings/ada?times=2&word=hi&word=hello', { loud: true });
  expect(answer.statusCode).toBe(201);
  expect(answer.json()).toEqual({ text: 'HI HELLO ADAHI HELLO ADA' });
});

test('[OPS-6] every wrong field is named, with what is wrong and never its value', async () => {
  app = await testApp();
  endpoint(app, greet, () => ({ text: '' }));
  const answer = await send('/api/greetings/DOE-JANE?times=9&word=DOE&other=DOE', { loud: 'DOE', more: 1 });
  expect(answer.statusCode).toBe(400);
  expect(answer.body.replace('DOE-JANE?', '')).not.toContain('DOE');
  const fields = answer.json().params.fields.map(({ field }: { field: string }) => field);
  expect(fields.sort()).toEqual(['body.loud', 'body.more', 'params.name', 'query.other', 'query.times', 'query.word']);
});

test('[OPS-6] an answer that breaks the contract is an error of ours', async () => {
  app = await testApp();
  endpoint(app, greet, () => ({ text: 7 as never as string }));
  expect((await send('/api/greetings/ada', { loud: false })).json()).toMatchObject({ status: 500, code: 'internal' });
});

test('[OPS-6] an endpoint without a response answers 204', async () => {
  app = await testApp();
  const { response, status, body, ...silent } = greet;
  endpoint(app, silent, async () => {});
  expect(await send('/api/greetings/ada', {})).toMatchObject({ statusCode: 204, body: '' });
});
